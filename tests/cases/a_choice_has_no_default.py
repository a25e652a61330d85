from cfngen import Choice, ChoiceRule, Succeed, Workflow

rule = "choices_are_sound"
workflow = Workflow(
    Choice("Choose", Choices=[ChoiceRule(Variable="$.a", IsNull=True, Next=Succeed("Done"))])
)
