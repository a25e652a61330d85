from cfngen import Pass, Workflow

rule = "texts_are_text"
workflow = Workflow(Pass("Only", Comment=["x" * 56]) >> Pass("Next", Comment=["x" * 57]))  # type: ignore[arg-type]  # wrong on purpose
