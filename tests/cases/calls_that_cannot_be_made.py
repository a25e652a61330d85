from cfngen import Pass, Path, Workflow

rule = "payloads_are_json"
calls = [
    "States.format('{}', $.name)",
    "States.Reverse($.jobs)",
    "States.UUID",
    "States.UUID('a')",
    "States.MathRandom(1)",
    "States.ArrayRange(1, 9)",
    "States.Format()",
    "States.Format('{} and {}', $.a)",
    "States.Format('{\"a\": {}}', $.a)",
    "States.Format('{}', $.a",
    "States.Format('{}' $.a)",
    "States.Format('it's {}', $.a)",
    'States.Format("{}", $.a)',
    "States.Format('{}, $.a)",
    "States.Array(1,)",
    "States.Array(yes)",
    "States.Array($.jobs[)",
    "States.Array($$.Maps.Item)",
    "States.Hash($.text, 'SHA256')",
    "States.JsonMerge($.a, $.b, true)",
    "States.UUID() + 1",
    "States.Array(" * 11 + ")" * 11,
]
workflow = Workflow(
    Pass("Calls", Parameters={str(number): Path(call) for number, call in enumerate(calls)})
)
