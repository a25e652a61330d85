from cfngen import Pass, RawState, Workflow

rule = "payloads_are_json"
endless: list[object] = []
endless += [endless, endless]
fields: dict[str, object] = {"Type": "Map"}
fields["ItemProcessor"] = fields
workflow = Workflow(Pass("A", Result=endless) >> RawState("B", fields))  # type: ignore[arg-type]  # wrong on purpose
