from cfngen import Pass, Workflow

rule = "fields_hold_what_they_take"
workflow = Workflow(Pass("Only"), Comment=5, Version=1.0, TimeoutSeconds="3600")  # type: ignore[arg-type]  # wrong on purpose
