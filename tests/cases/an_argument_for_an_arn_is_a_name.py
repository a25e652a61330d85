from cfngen import REQUEST_RESPONSE, Workflow
from cfngen.tasks import aws_sdk, sns

rule = "arguments_for_arns_take_arns"
publish = sns.Publish("Publish", TopicArn="news", Message="m")
target = sns.Publish("Target", TargetArn="news.fifo", Message="m")
list_tags = aws_sdk.Call(
    "List Tags",
    service="batch",
    action="listTagsForResource",
    pattern=REQUEST_RESPONSE,
    arguments={"ResourceArn": "jobs"},
)
workflow = Workflow(publish >> target >> list_tags)
