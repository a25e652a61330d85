from cfngen import JSONATA, Jsonata, Pass, Workflow

rule = "payloads_are_json"
output = {
    "mistyped": Jsonata("$uppercas($states.input.name)"),
    "of the other language": Jsonata("$StringToJson($states.input)"),
    "not in Step Functions": Jsonata("$eval('1 + 1')"),
}
workflow = Workflow(Pass("Call", Output=output), QueryLanguage=JSONATA)
