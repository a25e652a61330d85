from datetime import datetime

from cfngen import RawState, Workflow

rule = "payloads_are_json"
workflow = Workflow(RawState("Choose", {"Type": "Pass", "Result": {"when": datetime(2030, 1, 1)}}))
