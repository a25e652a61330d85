from cfngen import Fail, Jsonata, Pass, Workflow

rule = "payloads_are_json"
output = {
    "bracket": Jsonata("$sum($states.input.costs"),
    "pair": Jsonata("[$states.input.a, (1 + 2]"),
    "more": Jsonata("$states.input.a)"),
    "text": Jsonata("'it's'"),
    "name": Jsonata("$states.input.`a b"),
    "comment": Jsonata("1 /* one"),
    "eval": Jsonata("$eval($states.input.text)"),
    "end": "{% $states.input.a",
    "begin": "$states.input.a %}",
    "space": " {% $states.input.a %}",
    "spelled": "{% ($states.input.a %}",
}
workflow = Workflow(
    Pass("Prepare", Output=output) >> Fail("Give Up", Error="{% 'error' "),  # type: ignore[arg-type]  # wrong on purpose
    QueryLanguage="JSONata",  # wrong on purpose
)
