from troposphere import Ref

from cfngen import CALLBACK, SYNC, Path, Workflow
from cfngen.tasks import batch, sns

rule = "pattern_is_supported"
submit = batch.SubmitJob(
    "Submit",
    pattern=CALLBACK,
    JobName="a",
    JobQueue="b",
    JobDefinition="c",
    Parameters={"token": Path("$$.Task.Token")},
)
workflow = Workflow(submit >> sns.Publish("Publish", pattern=SYNC, TopicArn=Ref("Topic"), Message="done"))
