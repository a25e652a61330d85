from cfngen import Choice, ChoiceRule, Goto, Pass, Wait, Workflow

rule = "some_state_ends_it"
choose = Choice(
    "Choose",
    Choices=[
        ChoiceRule(
            Variable="$.state", StringEquals="RUNNING", Next=Wait("Wait", Seconds=30) >> Goto("Poll")
        )
    ],
    Default=Goto("Poll"),
)
workflow = Workflow(Pass("Poll") >> choose)
