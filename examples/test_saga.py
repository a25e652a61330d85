"""The workflow of ``saga``, run in this process with functions that answer or fail."""

from saga import workflow

from cfngen.execution import Return, Throw, run

DONE = Return({"Payload": "done"})
FULL = Throw("NoSeatLeft", "the flight is full")


def test_all_or_nothing() -> None:
    execution = run(
        workflow, {"trip": "Lisbon"}, mocks={"Book Hotel": DONE, "Book Flight": DONE, "Book Car": DONE}
    )
    assert execution.states == ["Book Hotel", "Book Flight", "Book Car", "Trip Booked"]


def test_what_was_booked_is_undone_the_last_first() -> None:
    execution = run(
        workflow,
        {"trip": "Lisbon"},
        mocks={
            "Book Hotel": DONE,
            "Book Flight": DONE,
            "Book Car": FULL,
            "Cancel Car": DONE,
            "Cancel Flight": [Throw("TooBusy"), DONE],
            "Cancel Hotel": DONE,
        },
    )
    assert execution.states == [
        "Book Hotel",
        "Book Flight",
        "Book Car",
        "Cancel Car",
        "Cancel Flight",
        "Cancel Hotel",
        "Trip Not Booked",
    ]
    assert execution["Cancel Flight"].status == "retried"


def test_what_was_not_tried_is_not_undone() -> None:
    execution = run(workflow, {"trip": "Lisbon"}, mocks={"Book Hotel": FULL, "Cancel Hotel": DONE})
    assert execution.states == ["Book Hotel", "Cancel Hotel", "Trip Not Booked"]
