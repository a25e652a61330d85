from troposphere import Ref

from cfngen import REQUEST_RESPONSE, SYNC, Workflow
from cfngen.tasks import batch, sns

rule = "pattern_is_supported"
submit = batch.SubmitJob("Submit", pattern=SYNC, JobName="a", JobQueue="b", JobDefinition="c")
workflow = Workflow(
    submit >> sns.Publish("Publish", pattern=REQUEST_RESPONSE, TopicArn=Ref("Topic"), Message="done")
)
