from troposphere.sns import Topic

from cfngen import Pass, Workflow

rule = "payloads_are_json"
workflow = Workflow(Pass("Tell", Result={"topic": Topic("Topic", TopicName="jobs")}))
