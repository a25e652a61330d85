"""The workflow of ``jsonata_variables``, run in this process with the parameter of its stack filled in."""

import json
from typing import Any

from jsonata_variables import workflow

from cfngen.execution import Return, run

BASKET = {"customer": "Ada", "basket": [{"price": 40, "count": 3}, {"price": 2.5, "count": 2}]}


def deployed(discount: str) -> Any:
    """Return the definition as CloudFormation fills it in."""
    values = {"Discount": discount, "SNSTopic": "arn:aws:sns:eu-west-1:123456789012:prices"}
    text = json.dumps(workflow.to_asl())
    return json.loads(text, object_hook=lambda each: values[each["Ref"]] if "Ref" in each else each)


def test_a_large_basket_is_cheaper() -> None:
    execution = run(deployed("0.1"), BASKET, mocks={"Tell": Return({"MessageId": "1"})})
    assert execution.states == ["Price", "Large?", "Reduce", "Tell"]
    assert execution.output == {"customer": "Ada", "total": 112.5}
    assert execution["Tell"].attempts[0].input["Message"] == "Ada pays 112.5"


def test_a_small_basket_is_not() -> None:
    small = {"customer": "Ada", "basket": [{"price": 40, "count": 1}]}
    execution = run(deployed("0.1"), small, mocks={"Tell": Return({"MessageId": "1"})})
    assert execution.states == ["Price", "Large?", "Tell"]
    assert execution.output == {"customer": "Ada", "total": 40}
