from datetime import datetime

from cfngen import Pass, Workflow

rule = "payloads_are_json"
workflow = Workflow(
    Pass(
        "Prepare",
        Parameters={
            "when": datetime(2030, 1, 1),
            "ratio": float("nan"),
            "tags": {"a"},
            "nested": [{"deep": object}],
            1: "one",
        },
    )
)
