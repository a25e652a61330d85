from cfngen import Map, Pass, Path, ProcessorConfig, Workflow

rule = "maps_are_sound"
each = Map(
    "Each",
    ItemsPath="$.jobs",
    ItemSelector={"job": Path("$$.Map.Item.Value"), "day": Path("$.day")},
    ItemProcessor=Pass("Item"),
    MaxConcurrency=0,
)
other = Map("Other", ItemProcessor=Pass("Other Item"), ProcessorConfig=ProcessorConfig(Mode="INLINE"))
workflow = Workflow(each >> other)
