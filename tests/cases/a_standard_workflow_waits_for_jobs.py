from cfngen import SYNC, Workflow
from cfngen.tasks import batch

rule = "express_only_requests"
workflow = Workflow(batch.SubmitJob("Submit", pattern=SYNC, JobName="a", JobQueue="b", JobDefinition="c"))
