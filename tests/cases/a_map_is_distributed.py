from cfngen import Map, Pass, Path, ProcessorConfig, Workflow

rule = "maps_are_sound"
each = Map(
    "Each",
    ItemProcessor=Pass("Item"),
    ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD"),
    MaxConcurrency=Path("$.most"),
    ToleratedFailureCount=5,
    ToleratedFailurePercentage=2.5,
    Label="Nights",
)
workflow = Workflow(each)
