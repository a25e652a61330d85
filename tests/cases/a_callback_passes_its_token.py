from troposphere import Ref

from cfngen import CALLBACK, Path, Task, Workflow
from cfngen.tasks import sns

rule = "callback_passes_the_token"
ask = sns.Publish(
    "Ask",
    pattern=CALLBACK,
    TopicArn=Ref("Topic"),
    Message={"text": "approve?", "token": Path("$$.Task.Token")},
)
by_hand = Task(
    "Ask By Hand",
    Resource="arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    Parameters={
        "QueueUrl": Ref("Queue"),
        "MessageBody": Path("States.Format('approve with {}', $$.Task.Token)"),
    },
)
workflow = Workflow(ask >> by_hand)
