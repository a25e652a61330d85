from cfngen import ALL, Catcher, Choice, ChoiceRule, Fail, Jsonata, Pass, RawState, Task, Workflow

rule = "reserved_variable_is_read_where_it_is"
call = Task(
    "Call",
    Resource="arn:aws:states:::lambda:invoke",
    Arguments={"FunctionName": "night", "Payload": Jsonata("$states.result")},
    Assign={"error": Jsonata("$states.errorOutput")},
    Output=Jsonata("$states.results.Payload"),
    Catch=[Catcher(ErrorEquals=[ALL], Next=Fail("Give Up"), Output="{% $states.result %}")],
)
prepare = Pass(
    "Prepare", Output={"a": [Jsonata("$states.result"), Jsonata("$states.context.Executions.Id")]}
)
raw = RawState("Raw", {"Type": "Wait", "Seconds": "{% $states.result.delay %}"})
choose = Choice(
    "Choose",
    Choices=[ChoiceRule(Condition=Jsonata("$states.errorOutput = 1"), Next=Fail("Fail"))],
    Default=Fail("Give In"),
)
workflow = Workflow(call >> prepare >> raw >> choose, QueryLanguage="JSONata")
