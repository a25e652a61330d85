from cfngen import RawState, Workflow

rule = "callback_passes_the_token"
ask = RawState(
    "Ask",
    {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": "https://queue", "MessageBody": {"Token.$": "$$.Task.Token"}},
    },
)
workflow = Workflow(ask)
