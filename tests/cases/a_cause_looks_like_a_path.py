from cfngen import Fail, Workflow

rule = "texts_are_text"
workflow = Workflow(Fail("Give Up", Error="$.error.name", Cause="$5 were spent"))
