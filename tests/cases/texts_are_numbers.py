from cfngen import Fail, Wait, Workflow

rule = "texts_are_text"
wait = Wait("Wait", Timestamp=1_700_000_000, Comment=1)  # type: ignore[arg-type]  # wrong on purpose
workflow = Workflow(wait >> Fail("Give Up", Error=500, Cause=501, Comment=["two", "lines"]))  # type: ignore[arg-type]  # wrong on purpose
