from cfngen import Choice, ChoiceRule, Goto, Pass, Succeed, Wait, Workflow

rule = "some_state_ends_it"
choose = Choice(
    "Choose",
    Choices=[
        ChoiceRule(
            Variable="$.state", StringEquals="RUNNING", Next=Wait("Wait", Seconds=30) >> Goto("Poll")
        )
    ],
    Default=Succeed("Done"),
)
workflow = Workflow(Pass("Poll") >> choose)
