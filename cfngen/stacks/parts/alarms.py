"""Alarms on the executions of a state machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from troposphere import Ref, Template

from cfngen.asl.values import Text
from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.stacks.additions import add_resources
from cfngen.stacks.options import (
    LOGICAL_ID,
    OptionKind,
    choice,
    integer,
    invalid_combination,
    option,
    reference,
)
from cfngen.stacks.parts.topic import TOPIC_ARN
from cfngen.stacks.properties import tag_list, without_none
from cfngen.stacks.references import neighbour
from cfngen.stacks.roles import TagOptions

METRICS: Final = ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted", "ExecutionThrottled")
"""The metrics of a state machine that say that something is wrong.

https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
"""

_METRIC: Final = choice(*METRICS)
ALARMS: Final = OptionKind(
    f"a list of different ones of {', '.join(METRICS)}",
    lambda alarms: (
        isinstance(alarms, (list, tuple))
        and all(alarm in METRICS for alarm in alarms)
        and len(set(alarms)) == len(alarms)
    ),
    lambda line: [_METRIC.parse(name) for name in line.split(",")],
)


@frozen(kw_only=True)
class AlarmOptions(TagOptions):
    """The options of a stack whose state machine has alarms."""

    alarms: Sequence[str] = option(ALARMS, (), help="the metrics of its executions that raise an alarm")
    alarm_topic: Text | None = option(
        reference("the ARN of a topic", TOPIC_ARN), None, help="the topic that hears of alarms"
    )

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for a topic that hears nothing."""
        yield from super().invalid_combinations()
        if self.alarm_topic is not None and not self.alarms:
            yield invalid_combination("alarm_topic", "there are no alarms", "set alarms, or leave it out")


@frozen(kw_only=True)
class Alarm(TagOptions):
    """An alarm that tells a topic when executions of a state machine failed, or what else it watches.

    The topic's policy must let CloudWatch publish, as that of a new topic does within its account; the key
    of an encrypted topic must let CloudWatch use it, which AWS's own key does not.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
    """

    logical_id: str = option(LOGICAL_ID, "Alarm", help="the logical id of the alarm")
    metric: str = option(_METRIC, METRICS[0], help="what it watches")
    threshold: int = option(integer(1), 1, help="the executions in five minutes that raise it")

    def add_to(self, template: Template, machine: Any, topic: Any) -> Ref:
        """Add the alarm of the machine of this ARN, to the topic of that ARN; return its name."""
        from troposphere.cloudwatch import Alarm as AlarmResource
        from troposphere.cloudwatch import MetricDimension

        alarm = AlarmResource(
            self.logical_id,
            Namespace="AWS/States",
            MetricName=self.metric,
            Dimensions=[MetricDimension(Name="StateMachineArn", Value=neighbour(machine, "machine"))],
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=self.threshold,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            TreatMissingData="notBreaching",
            AlarmActions=[neighbour(topic, "topic")],
            **without_none(Tags=tag_list(self.tags)),
        )
        add_resources(self, template, alarm)
        return alarm.ref()
