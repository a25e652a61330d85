from troposphere import Ref

from cfngen import CALLBACK, Task, Workflow
from cfngen.tasks import sns

rule = "callback_passes_the_token"
ask = sns.Publish("Ask", pattern=CALLBACK, TopicArn=Ref("Topic"), Message="approve?")
by_hand = Task(
    "Ask By Hand",
    Resource="arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    Parameters={"QueueUrl": Ref("Queue"), "MessageBody": "$$.Task.Token"},
)
workflow = Workflow(ask >> by_hand)
