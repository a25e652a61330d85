"""The workflow of ``human_approval``, run in this process: the mock answers in place of a person."""

from human_approval import workflow

from cfngen.execution import Return, Throw, run

PAYMENT = {"payment": "4711", "amount": 900}


def test_an_approved_payment_is_made() -> None:
    mocks = {"Ask": Return({"approved": True, "by": "Ada"}), "Pay": Return({"MessageId": "1"})}
    execution = run(workflow, PAYMENT, mocks=mocks)
    assert execution.states == ["Ask", "Approved?", "Pay"]
    assert execution["Ask"].attempts[0].input["MessageBody"]["payment"] == "4711"
    assert execution["Pay"].attempts[0].input["Message"] == "4711 was approved by Ada"


def test_a_refused_payment_is_not_made() -> None:
    execution = run(workflow, PAYMENT, mocks={"Ask": Return({"approved": False, "by": "Ada"})})
    assert execution.states == ["Ask", "Approved?", "Refuse"]
    assert execution.error == "Payment.Refused"


def test_a_question_that_nobody_answers_expires() -> None:
    execution = run(workflow, PAYMENT, mocks={"Ask": Throw("States.Timeout")})
    assert execution.states == ["Ask", "Expire"]
