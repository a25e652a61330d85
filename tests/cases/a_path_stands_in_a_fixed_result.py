from cfngen import Pass, Path, Workflow

rule = "payloads_are_json"
workflow = Workflow(Pass("Prepare", Result={"job": Path("$.job")}))
