from cfngen import SYNC, Map, Parallel, Pass, ProcessorConfig, Workflow
from cfngen.tasks import batch

rule = "express_children_only_request"
job = batch.SubmitJob("Run Job", pattern=SYNC, JobName="n", JobQueue="q", JobDefinition="d")
inner = Map(
    "Inner",
    ItemProcessor=Pass("Item"),
    ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD"),
)
workflow = Workflow(
    Map(
        "Each",
        ItemProcessor=Parallel("Both", Branches=[job, inner]),
        ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="EXPRESS"),
    )
)
