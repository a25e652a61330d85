from cfngen import Pass, Workflow


class Tag:
    def to_dict(self) -> dict[str, object]:
        return {"team": "data"}


rule = "payloads_are_json"
workflow = Workflow(Pass("Only", Parameters={"tag": Tag()}))
