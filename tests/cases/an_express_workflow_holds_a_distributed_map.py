from cfngen import Map, Pass, ProcessorConfig, Workflow

rule = "express_has_no_distributed_map"
type = "EXPRESS"  # noqa: A001
workflow = Workflow(
    Map(
        "Each",
        ItemProcessor=Pass("Item"),
        ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="EXPRESS"),
    )
)
