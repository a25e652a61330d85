from cfngen import Map, ProcessorConfig, Workflow
from cfngen.tasks import sns

rule = "express_children_only_request"
workflow = Workflow(
    Map(
        "Each",
        ItemProcessor=sns.Publish("Tell", TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message="m"),
        ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="EXPRESS"),
    )
)
