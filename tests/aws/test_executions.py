"""What an execution may be called and given, and how a long one is followed."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.loaders import create_loader
from botocore.paginate import Paginator
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st

from cfngen.aws.executions import Following


@cache
def paging() -> tuple[Any, Any]:
    """Return how botocore pages through a history, and its model."""
    service, operation = "stepfunctions", "GetExecutionHistory"
    config = create_loader().load_service_model(service, "paginators-1")["pagination"][operation]
    return config, get_session().get_service_model(service).operation_model(operation)


class Service:
    """Step Functions, as far as following goes: an execution whose history grows between two looks."""

    def __init__(self, growth: Any, pages_of: int = 1000) -> None:
        self.growth = list(growth)
        self.pages_of = pages_of
        self.pages = 0
        self.events: list[dict[str, Any]] = []

    def get_paginator(self, operation: str) -> Paginator:
        return Paginator(getattr(self, operation), *paging())

    def describe_execution(self, executionArn: Any) -> dict[str, Any]:
        return {"status": "RUNNING" if self.growth else "SUCCEEDED"}

    def get_execution_history(
        self, executionArn: Any, reverseOrder: Any, maxResults: Any, nextToken: Any = None
    ) -> dict[str, Any]:
        assert (reverseOrder, maxResults) == (True, 1000)
        if nextToken is None and self.growth:
            last = len(self.events) + self.growth.pop(0)
            for number in range(len(self.events) + 1, last + 1):
                kind = "PassStateEntered" if self.growth or number < last else "ExecutionSucceeded"
                self.events.append({"id": number, "type": kind})
        self.pages += 1
        first = int(nextToken or 0)
        page = self.events[::-1][first : first + self.pages_of]
        more = first + self.pages_of < len(self.events)
        return {"events": page, **({"nextToken": str(first + self.pages_of)} if more else {})}


def followed(service: Any) -> list[Any]:
    return [event["id"] for event in Following(service, "arn", poll_seconds=0) if event is not None]


def test_a_history_of_25_000_events_is_paged_through() -> None:
    service = Service([25_000])
    assert followed(service) == list(range(1, 25_001))
    assert service.pages == 25


def test_a_long_history_that_grows_is_not_read_anew() -> None:
    service = Service([24_000, *[1] * 50])
    assert followed(service) == list(range(1, 24_051))
    assert service.pages == 24 + 50


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.integers(1, 7))
def test_each_event_comes_once_and_in_order(growth: Any, pages_of: Any) -> None:
    growth[-1] = max(growth[-1], 1)
    assert followed(Service(growth, pages_of)) == list(range(1, sum(growth) + 1))
