from troposphere import Ref

from cfngen import Pass, Workflow

rule = "fields_hold_what_they_take"
workflow = Workflow(Pass("Only"), TimeoutSeconds=Ref("Timeout"))
