from cfngen import Choice, ChoiceRule, Goto, Succeed, Workflow

rule = "targets_exist"
choose = Choice(
    "Choose",
    Choices=[
        ChoiceRule(Variable="$.a", IsNull=True, Next=Goto("Dome")),
        ChoiceRule(Variable="$.b", IsNull=True, Next=Succeed("Done")),
    ],
    Default=Goto("Nowhere"),
)
workflow = Workflow(choose)
