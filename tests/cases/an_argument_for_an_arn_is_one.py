from troposphere import Ref, Sub

from cfngen import Path, Workflow
from cfngen.tasks import sns

rule = "arguments_for_arns_take_arns"
workflow = Workflow(
    sns.Publish("Arn", TopicArn="arn:aws:sns:us-east-1:123456789012:news", Message="m")
    >> sns.Publish("Reference", TopicArn=Ref("Topic"), Message="m")
    >> sns.Publish("Substitution", TopicArn=Sub("arn:${AWS::Partition}:sns:x:y:news"), Message="m")
    >> sns.Publish("Path", TopicArn=Path("$.topic"), Message="m")
)
