from cfngen import ALL, JSONATA, Catcher, Fail, Jsonata, Map, Parallel, Pass, Task, Wait, Workflow

rule = "fields_are_of_the_query_language"
call = Task(
    "Call",
    Resource="arn:aws:states:::lambda:invoke",
    Arguments={"FunctionName": "night", "Payload": {"day": Jsonata("$states.input.day"), "cost": "$5"}},
    TimeoutSeconds=Jsonata("$states.input.timeout"),
    Assign={"id": Jsonata("$states.result.Payload.id")},
    Output=Jsonata("$states.result.Payload"),
    Catch=[
        Catcher(
            ErrorEquals=[ALL],
            Next=Fail("Give Up", Error=Jsonata("$error.Error"), Cause="it failed"),
            Assign={"error": Jsonata("$states.errorOutput")},
            Output={"failed": True},
        )
    ],
)
both = Parallel(
    "Both", Arguments=Jsonata("$states.input"), Branches=[Pass("A", Output={"a": Jsonata("$id")})]
)
each = Map(
    "Each",
    Items=Jsonata("$states.input.jobs"),
    ItemProcessor=Wait("Wait", Seconds=Jsonata("$states.input.delay")),
)
workflow = Workflow(call >> both >> each, QueryLanguage=JSONATA)
