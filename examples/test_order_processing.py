"""The workflow of ``order_processing``, run in this process with a container that packs or fails."""

from order_processing import workflow

from cfngen.execution import FailTask, Return, Throw, run

ORDER = {"id": "4711", "product": "lamp"}
WRITTEN = Return({})


def test_an_order_is_packed_and_counted() -> None:
    execution = run(
        workflow,
        ORDER,
        mocks={"Record": WRITTEN, "Pack": Return({}), "Count": WRITTEN, "Mark as shipped": WRITTEN},
    )
    assert execution.states == ["Record", "Ship", "Mark as shipped"]
    assert [branch.states for branch in execution["Ship"].branches] == [["Pack"], ["Count"]]


def test_an_order_that_cannot_be_packed_is_marked() -> None:
    execution = run(
        workflow,
        ORDER,
        mocks={"Record": WRITTEN, "Pack": FailTask(), "Count": WRITTEN, "Mark as failed": WRITTEN},
    )
    assert execution.states == ["Record", "Ship", "Mark as failed", "Not Shipped"]


def test_an_order_is_not_taken_twice() -> None:
    known = Throw("DynamoDB.ConditionalCheckFailedException")
    execution = run(workflow, ORDER, mocks={"Record": known})
    assert execution.states == ["Record", "Known Already"]
