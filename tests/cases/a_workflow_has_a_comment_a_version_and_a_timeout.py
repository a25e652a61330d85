from cfngen import Pass, Workflow

rule = "fields_hold_what_they_take"
workflow = Workflow(Pass("Only"), Comment="Does nothing", Version="1.0", TimeoutSeconds=99_999_999)
