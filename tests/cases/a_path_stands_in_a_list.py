from cfngen import Pass, Path, Workflow

rule = "payloads_are_json"
workflow = Workflow(Pass("Prepare", Parameters={"command": ["echo", Path("$.text")]}))
