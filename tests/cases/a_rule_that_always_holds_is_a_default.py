from cfngen import JSONATA, Choice, ChoiceRule, Jsonata, Pass, Succeed, Workflow

rule = "choices_are_sound"
choose = Choice(
    "Choose",
    Choices=[
        ChoiceRule(
            Condition=Jsonata("$states.input.n > 1"), Next=Pass("Many"), Output=Jsonata("$states.input.n")
        ),
        ChoiceRule(Condition=True, Next=Succeed("Done"), Assign={"few": Jsonata("$states.input")}),
    ],
)
workflow = Workflow(choose, QueryLanguage=JSONATA)
