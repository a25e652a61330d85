from datetime import datetime

from cfngen import Pass, Workflow

rule = "payloads_are_json"
workflow = Workflow(
    Pass(
        "Prepare",
        Parameters={
            "when": datetime(2030, 1, 1),  # type: ignore[dict-item]  # wrong on purpose
            "ratio": float("nan"),
            "tags": {"a"},  # type: ignore[dict-item]  # wrong on purpose
            "nested": [{"deep": object}],  # type: ignore[dict-item]  # wrong on purpose
            1: "one",  # type: ignore[dict-item]  # wrong on purpose
        },
    )
)
