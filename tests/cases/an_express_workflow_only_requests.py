from troposphere import Ref

from cfngen import REQUEST_RESPONSE, Workflow
from cfngen.tasks import batch, sns

rule = "express_only_requests"
type = "EXPRESS"  # noqa: A001
submit = batch.SubmitJob("Submit", pattern=REQUEST_RESPONSE, JobName="a", JobQueue="b", JobDefinition="c")
workflow = Workflow(submit >> sns.Publish("Publish", TopicArn=Ref("Topic"), Message="submitted"))
