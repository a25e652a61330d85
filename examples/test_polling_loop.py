"""The workflow of ``polling_loop``, run in this process: an hour of waiting takes milliseconds."""

from typing import Any

from polling_loop import workflow

from cfngen.execution import Return, run


def crawler(state: str, last: str = "SUCCEEDED") -> Any:
    return Return({"Crawler": {"State": state, "LastCrawl": {"Status": last}}})


def test_it_asks_until_the_crawler_has_ended() -> None:
    answers = iter([crawler("RUNNING"), crawler("STOPPING"), crawler("READY")])
    execution = run(workflow, mocks={"Start": Return({}), "Ask": lambda sent: next(answers)})
    assert execution.states == ["Start", *["Pause", "Ask", "Ended?"] * 3, "Done"]
    assert execution.duration.total_seconds() == 180


def test_a_crawl_that_fails_is_a_failure() -> None:
    execution = run(workflow, mocks={"Start": Return({}), "Ask": crawler("READY", "FAILED")})
    assert execution.error == "Crawler.Failed"


def test_it_gives_up_after_an_hour() -> None:
    execution = run(workflow, mocks={"Start": Return({}), "Ask": crawler("RUNNING")})
    assert (execution.status, execution.duration.total_seconds()) == ("TIMED_OUT", 3600)
