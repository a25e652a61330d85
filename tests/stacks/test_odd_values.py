"""Odd values of every option, from Python and from the command line: what is refused names the option."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from troposphere import Parameter, Ref
from troposphere.sns import Topic

from cfngen import Pass, Workflow
from cfngen.stacks import BatchJobNotification, StackError, StateMachine, options, parts
from cfngen.stacks.samples.batch_multi_node import BatchMultiNode
from cfngen.stacks.samples.batch_over_s3 import BatchOverS3
from cfngen.stacks.samples.batch_with_lambda import BatchWithLambda
from cfngen.stacks.samples.nightly_etl import NightlyEtl
from cfngen.template import to_yaml

ODD: tuple[Any, ...] = (
    *("", " ", "한국어", "a\nb", "${x}", "'", '"', "\0", "\ud800", "x" * 600, "[", "{", "[" * 100_000),
    *(0, -1, 1.5, float("nan"), float("inf"), True, 10**30, b"x", object(), {1, 2}, int),
    *([], {}, (), [""], ["한국"], [None], [1], {"a": None}, {1: 2}, {"": ""}, {"a": {"b": [1, None]}}),
    *(Ref("X"), [Ref("X")], Topic("Topic"), Topic, Parameter("P", Type="String")),
)
STACKS: dict[type, dict[str, Any]] = {
    BatchJobNotification: {},
    BatchMultiNode: {},
    BatchOverS3: {},
    BatchWithLambda: {},
    NightlyEtl: {},
    StateMachine: {"workflow": Workflow(Pass("Hello"))},
    parts.Alarm: {"metric": "ExecutionsFailed"},
    parts.BatchCompute: {},
    parts.BatchJob: {},
    parts.BatchQueue: {},
    parts.Dashboard: {},
    parts.DataBucket: {},
    parts.EventTrigger: {"event_pattern": {"source": ["aws.s3"]}},
    parts.LambdaFunction: {"code": "def handler(event, context): pass"},
    parts.LogGroup: {},
    parts.Network: {},
    parts.NotificationTopic: {},
    parts.Schedule: {"schedule": "rate(1 day)"},
}


def refusal(make: Callable[[], object]) -> str:
    """Return what an option is refused with; nothing where it is taken."""
    try:
        make()
    except StackError as error:
        return str(error)
    return ""


def own_options(stack: type) -> list[str]:
    """Return the options of a stack that the first sample has not, and all of that one."""
    known = () if stack is BatchJobNotification else options.options_of(BatchJobNotification)
    return [name for name in options.options_of(stack) if name not in known]


@pytest.mark.parametrize("stack", STACKS, ids=lambda it: it.__name__)
def test_an_odd_value_is_refused_with_the_name_of_its_option_or_makes_a_template(stack: type) -> None:
    for name in own_options(stack):
        for value in ODD:
            make = partial(stack, **{**STACKS[stack], name: value})
            if text := refusal(make):
                assert name in text
                assert len(text) < 1_500
            elif stack is BatchJobNotification and name != "narrow":  # which calls what it is given
                assert to_yaml(make().template())


@pytest.mark.parametrize("stack", STACKS, ids=lambda it: it.__name__)
def test_an_odd_text_of_the_command_line_is_refused_with_the_name_of_its_option(stack: type) -> None:
    for name in own_options(stack):
        for value in ODD:
            if isinstance(value, str):
                text = refusal(partial(options.parse_options, stack, [(name, value)]))
                assert not text or text.startswith(f"{name}: takes ")
                assert len(text) < 1_500
