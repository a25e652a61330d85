from troposphere import Ref

from cfngen import Fail, Path, Wait, Workflow

rule = "texts_are_text"
wait = Wait("Wait", Timestamp=Path("$.until"))
workflow = Workflow(wait >> Fail("Give Up", Error=Ref("ErrorName"), Cause=Path("$.error.Cause")))
