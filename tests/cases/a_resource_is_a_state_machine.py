from troposphere import Sub

from cfngen import Task, Workflow

rule = "resource_is_an_arn"
child = Task("Child", Resource="arn:aws:states:eu-west-1:123456789012:stateMachine:child")
topic = Task("Topic", Resource=Sub("arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:news"))
short = Task("Short", Resource="arn:sns")
unclosed = Task("Never Closed", Resource="arn:${AWS::Partition:states:::sns:publish")
workflow = Workflow(child >> topic >> short >> unclosed)
