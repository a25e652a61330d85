"""The workflows of ``nested_machines``, each run alone in this process, and one inside the other."""

from typing import Any

from nested_machines import shop_workflow, workflow

from cfngen.execution import Return, run

CLOSED = Return({"Attributes": {"id": {"S": "Lisbon"}, "days": {"N": "12"}}})


def test_the_child_alone() -> None:
    execution = run(shop_workflow, {"shop": "Lisbon"}, mocks={"Close": CLOSED})
    assert execution.output == {"shop": "Lisbon", "days": "12"}


def test_the_parent_collects_what_its_children_answer() -> None:
    def close_shop(call: Any) -> Return:
        child = run(shop_workflow, call["Input"], mocks={"Close": CLOSED})
        return Return({"Output": child.output, "Status": child.status})

    execution = run(
        workflow,
        {"shops": ["Lisbon", "Porto"]},
        mocks={"Close Shop": close_shop, "Tell": Return({"MessageId": "1"})},
    )
    assert len(execution["Each Shop"].iterations) == 2
    assert execution["Tell"].attempts[0].input["Message"] == {
        "closed": [{"shop": "Lisbon", "days": "12"}, {"shop": "Lisbon", "days": "12"}]
    }
