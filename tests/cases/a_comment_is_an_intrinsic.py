from troposphere import Ref

from cfngen import Pass, Workflow

rule = "texts_are_text"
workflow = Workflow(Pass("Only", Comment=Ref("Comment"), InputPath=Ref("Path")))
