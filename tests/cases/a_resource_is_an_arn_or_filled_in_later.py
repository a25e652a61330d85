from troposphere import GetAtt

from cfngen import Task, Workflow

rule = "resource_is_an_arn"
call = Task("Call", Resource="arn:aws-cn:lambda:cn-north-1:123456789012:function:prepare")
again = Task("Call Again", Resource=GetAtt("Function", "Arn"))
workflow = Workflow(call >> again >> Task("Call Later", Resource="${FunctionArn}"))
