"""The workflow of ``http_connection``, run in this process with an API that is busy at first."""

from http_connection import workflow

from cfngen.execution import Return, Throw, run

INVOICE = {"order": "4711", "customer": "Ada", "amount": 900}
BUSY = Throw("States.Http.StatusCode.429")


def test_a_busy_api_is_asked_again() -> None:
    sent = Return({"ResponseBody": {"id": "in_1"}, "StatusCode": 201})
    execution = run(workflow, INVOICE, mocks={"Send Invoice": [BUSY, BUSY, sent]})
    assert execution.output == {"invoice": "in_1"}
    assert execution["Send Invoice"].attempts[0].input["RequestBody"] == {
        "customer": "Ada",
        "amount": 900,
        "currency": "EUR",
    }


def test_an_api_that_refuses_is_not() -> None:
    execution = run(workflow, INVOICE, mocks={"Send Invoice": Throw("States.Http.StatusCode.400")})
    assert execution.states == ["Send Invoice", "Not Sent"]
    assert len(execution["Send Invoice"].attempts) == 1
