from cfngen import ALL, Catcher, Fail, Jsonata, Task, Workflow

rule = "reserved_variable_is_read_where_it_is"
give_up = Fail("Give Up", Cause=Jsonata("$states.input.Cause & $states.context.State.Name"))
call = Task(
    "Call",
    Resource="arn:aws:states:::lambda:invoke",
    Arguments={"FunctionName": "night", "Payload": Jsonata("$states.input")},
    Assign={"id": Jsonata("$states.result.Payload.id")},
    Output="{% $states.result.Payload %}",
    Catch=[
        Catcher(
            ErrorEquals=[ALL],
            Next=give_up,
            Assign={"error": Jsonata("$states.errorOutput.Error")},
            Output=Jsonata("$states.errorOutput"),
        )
    ],
)
workflow = Workflow(call, QueryLanguage="JSONata")
