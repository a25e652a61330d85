from cfngen import Choice, ChoiceRule, DataTest, Succeed, Workflow

rule = "choices_are_sound"
done = Succeed("Done")
choose = Choice(
    "Choose",
    Choices=[
        ChoiceRule(Next=done),
        ChoiceRule(Variable="$.a", Next=done),
        ChoiceRule(Variable="$.a", IsNull=True, IsPresent=True, Next=done),
        ChoiceRule(IsNull=True, Next=done),
        ChoiceRule(And=[], Next=done),
        ChoiceRule(Not=DataTest(Or=[DataTest(), DataTest(NumericEquals=1)]), Next=done),
        ChoiceRule(Not=ChoiceRule(Variable="$.a", IsNull=True, Next=done), Next=done),
    ],
    Default=done,
)
workflow = Workflow(choose)
