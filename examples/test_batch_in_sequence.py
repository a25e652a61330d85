"""The workflow of ``batch_in_sequence``, run in this process: no job is submitted, and no time passes."""

from batch_in_sequence import workflow

from cfngen.execution import FailTask, Return, run

EXTRACTED = {"JobId": "7f3a", "Container": {"LogStreamName": "extract/7f3a"}}
DAY = {"day": "2026-11-28"}


def test_the_second_job_is_told_which_one_came_before() -> None:
    execution = run(workflow, DAY, mocks={"Extract": Return(EXTRACTED), "Load": Return({"JobId": "9c1b"})})
    assert execution.states == ["Extract", "Load"]
    assert execution["Load"].attempts[0].input["ContainerOverrides"] == {
        "Environment": [{"Name": "EXTRACTED_BY", "Value": "7f3a"}]
    }
    assert execution.output == {
        **DAY,
        "extracted": {"job": "7f3a", "log": "extract/7f3a"},
        "loaded": {"job": "9c1b"},
    }


def test_a_job_that_fails_three_times_is_told() -> None:
    execution = run(
        workflow,
        DAY,
        mocks={"Extract": Return(EXTRACTED), "Load": FailTask(), "Tell": Return({"MessageId": "1"})},
    )
    assert execution.states == ["Extract", "Load", "Tell", "Give Up"]
    assert len(execution["Load"].attempts) == 3
    assert (execution.status, execution.error) == ("FAILED", "Orders.NotLoaded")
