from cfngen import Pass, Workflow

rule = "payloads_are_json"
prepare = Pass("Prepare", Parameters={"job": "$.job", "id": "States.UUID()", "price": "$5"})
workflow = Workflow(prepare >> Pass("Fixed", Result={"job": "$.job", "at": "$$.State.EnteredTime"}))
