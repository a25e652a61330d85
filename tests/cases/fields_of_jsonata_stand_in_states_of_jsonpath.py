from cfngen import ALL, Catcher, Jsonata, Map, Parallel, Pass, Succeed, Task, Workflow

rule = "fields_are_of_the_query_language"
call = Task(
    "Call",
    Resource="arn:aws:states:::lambda:invoke",
    Arguments={"FunctionName": "night"},
    TimeoutSeconds=Jsonata("$states.input.timeout"),
    Output={"n": 1},
    Catch=[Catcher(ErrorEquals=[ALL], Next=Pass("Handle"), Output={"failed": True})],
)
each = Map("Each", Items=[1, 2], ItemProcessor=Pass("Item", Parameters={"n": Jsonata("$states.input.n")}))
workflow = Workflow(
    call >> Parallel("Both", Arguments={}, Branches=[each]) >> Succeed("Done", Output="all")
)
