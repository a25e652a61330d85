from troposphere.sns import Topic

from cfngen import Workflow
from cfngen.tasks import sns

rule = "payloads_are_json"
workflow = Workflow(sns.Publish("Publish", TopicArn=Topic("Topic", TopicName="jobs"), Message="done"))
