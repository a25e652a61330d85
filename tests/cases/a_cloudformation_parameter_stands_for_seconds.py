from troposphere import Ref

from cfngen import Wait, Workflow

rule = "numbers_are_in_range"
workflow = Workflow(Wait("Wait", Seconds=Ref("Seconds")))
