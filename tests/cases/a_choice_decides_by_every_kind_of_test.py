from cfngen import Choice, ChoiceRule, DataTest, Pass, Succeed, Workflow

rule = "choices_are_sound"
done = Succeed("Done")
choose = Choice(
    "Choose",
    Choices=[
        ChoiceRule(Variable="$.name", StringMatches="night-*", Next=done, Comment="by name"),
        ChoiceRule(Variable="$.count", NumericGreaterThanPath="$.most", Next=Pass("Split")),
        ChoiceRule(Variable="$.day", TimestampLessThan="2026-03-14T01:59:00.5+01:00", Next=done),
        ChoiceRule(
            And=[
                DataTest(Variable="$.on", IsPresent=True),
                DataTest(
                    Or=[
                        DataTest(Variable="$.on", BooleanEquals=False),
                        DataTest(Variable="$.on", IsNull=True),
                    ]
                ),
                DataTest(Not=DataTest(Variable="$$.Execution.Name", StringEquals="now")),
            ],
            Assign={"off": True},
            Next=done,
        ),
    ],
    Default=done,
)
workflow = Workflow(choose)
