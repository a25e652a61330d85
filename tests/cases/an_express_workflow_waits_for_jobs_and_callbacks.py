from troposphere import Ref, Sub

from cfngen import CALLBACK, SYNC, Path, RawState, Task, Workflow
from cfngen.tasks import batch, sns

rule = "express_only_requests"
type = "EXPRESS"  # noqa: A001
submit = batch.SubmitJob("Submit", pattern=SYNC, JobName="a", JobQueue="b", JobDefinition="c")
start = Task("Start", Resource="arn:aws:states:::states:startExecution.sync:2", Parameters={})
ask = sns.Publish("Ask", pattern=CALLBACK, TopicArn=Ref("Topic"), Message=Path("$$.Task.Token"))
substituted = Task("Substituted", Resource=Sub("arn:${AWS::Partition}:states:::glue:startJobRun.sync"))
raw = RawState("Raw", {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync"})
workflow = Workflow(submit >> start >> ask >> substituted >> raw)
