from cfngen import JSONATA, Choice, ChoiceRule, Jsonata, Path, Succeed, Workflow

rule = "choices_are_sound"
done = Succeed("Done")
paths = Choice(
    "Paths",
    Choices=[
        ChoiceRule(Condition=Jsonata("$states.input.n > 1"), Next=done),
        ChoiceRule(
            Variable="$.n",
            NumericEquals=1,
            Next=done,
            Output={"n": 1},
            Assign={"n": Jsonata("$states.input.n")},
        ),
    ],
    Default=done,
)
expressions = Choice(
    "Expressions",
    QueryLanguage=JSONATA,
    Choices=[
        ChoiceRule(Variable="$.n", NumericEquals=1, Next=paths),
        ChoiceRule(Next=paths),
        ChoiceRule(Condition="$states.input.n > 1", Next=paths),  # type: ignore[arg-type]
        ChoiceRule(Condition=Jsonata("{% $states.input.n > 1 %}"), Next=paths),
        ChoiceRule(Condition=Jsonata("$states.input.n > 1"), Assign={"n": Path("$.n")}, Next=paths),
    ],
    Default=paths,
)
workflow = Workflow(expressions)
