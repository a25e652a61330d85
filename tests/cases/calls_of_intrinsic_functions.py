from cfngen import Pass, Path, Workflow

rule = "payloads_are_json"
calls = [
    "States.Array()",
    "States.Array($.a, $$.State.Name, 'text', 1, -2.5, 1e3, true, null)",
    "States.ArrayPartition($.jobs, 4)",
    "States.ArrayContains($.jobs[?(@.id == 'a, b')], 5)",
    "States.ArrayRange(1, 9, 2)",
    "States.ArrayGetItem( $.jobs , 5 )",
    "States.ArrayLength($.jobs[*])",
    "States.ArrayUnique($['a, b'])",
    "States.Base64Encode('it\\'s')",
    "States.Base64Decode($.text)",
    "States.Hash($.text, 'SHA-256')",
    "States.Hash($.text, $.algorithm)",
    "States.JsonMerge($.a, $.b, false)",
    "States.StringToJson($.text)",
    "States.JsonToString($)",
    "States.MathRandom(1, 999)",
    "States.MathRandom(1, 999, $.seed)",
    "States.MathAdd($.value, -1)",
    "States.StringSplit('1,2;3', ',;')",
    "States.UUID()",
    "States.Format('no place')",
    "States.Format($.template, $.a, $.b)",
    "States.Format('{}: \\{{}\\} \\\\ \\n', $.a, States.UUID())",
    "States.Format('${Name} is {}', $.a, $.b)",  # what DefinitionSubstitutions fills in
    "States.Array(" * 9 + "States.UUID()" + ")" * 9,
]
workflow = Workflow(
    Pass("Calls", Parameters={str(number): Path(call) for number, call in enumerate(calls)})
)
