"""What starts a state machine: a schedule, or events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Final

from awacs import states
from awacs.aws import Allow, PolicyDocument, Statement
from troposphere import GenericHelperFn, GetAtt, Ref, Template, encode_to_dict
from troposphere.iam import Policy

from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.iam.trust import trust
from cfngen.stacks.additions import add_resources
from cfngen.stacks.json_options import json_object
from cfngen.stacks.options import LOGICAL_ID, OptionKind, invalid_combination, option, option_metadata, text
from cfngen.stacks.properties import without_none
from cfngen.stacks.references import neighbour
from cfngen.stacks.roles import RoleOptions, role
from cfngen.template.definition import definition_string

# the day of the month or of the week is a "?", and not both
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
_SPELLED: Final = text(
    "a schedule: rate(1 day), cron(0 5 * * ? *) or at(2030-01-01T00:00:00)",
    r"rate\([1-9]\d* (minutes?|hours?|days?)\)"
    r"|cron\([^\s?]+ [^\s?]+ (\? [^\s?]+ [^\s?]+|[^\s?]+ [^\s?]+ \?) [^\s?]+\)"
    r"|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)",
)


def _is_schedule(value: Any) -> bool:
    if not _SPELLED.accepts(value):
        return False
    try:
        return not value.startswith("at(") or bool(datetime.fromisoformat(value[3:-1]))
    except ValueError:
        return False  # there is no such day, or no such time of it


EXPRESSION: Final = OptionKind(_SPELLED.description, _is_schedule, str)
TIMEZONE: Final = text(
    "the name of a time zone, such as Europe/Berlin", r"(?=.{1,50}\Z)[A-Za-z_]+(/[\w+-]+)*"
)


OBJECT: Final = json_object("a JSON object", nulls=True)
PATTERN: Final = json_object(
    "an event pattern, a JSON object that is not empty and has no null, which no template may have",
    accepts=bool,
)


@frozen(kw_only=True)
class ScheduleOptions(RoleOptions):
    """When a state machine starts by itself, and with what."""

    schedule: str | None = option(EXPRESSION, None, help="when the machine starts by itself")
    schedule_timezone: str | None = option(TIMEZONE, None, help="the time zone of the schedule: UTC")
    schedule_input: Mapping[str, Any] | None = option(
        OBJECT, None, help="the input of scheduled executions"
    )

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for what a schedule takes where there is none."""
        yield from super().invalid_combinations()
        for name in ("schedule_timezone", "schedule_input"):
            if getattr(self, name) is not None and self.schedule is None:
                yield invalid_combination(name, "there is no schedule", "set schedule, or leave it out")


@frozen(kw_only=True)
class EventOptions(RoleOptions):
    """Events that start a state machine."""

    event_pattern: Mapping[str, Any] | None = option(
        PATTERN, None, help="events of the default bus that start the machine, and are its input"
    )


@frozen(kw_only=True)
class Schedule(ScheduleOptions):
    """A schedule of EventBridge Scheduler, with the role by which it starts a state machine.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """

    logical_id: str = option(LOGICAL_ID, "Schedule", help="the logical id of the schedule")
    schedule: str = field(metadata=option_metadata(EXPRESSION, "when it starts"))

    def add_to(self, template: Template, machine: Any, alias: Any = None) -> Ref:
        """Add the schedule that starts the machine, by an alias if there is one; return its name."""
        from troposphere.scheduler import FlexibleTimeWindow
        from troposphere.scheduler import Schedule as ScheduleResource
        from troposphere.scheduler import Target as ScheduleTarget

        source = ("scheduler", "schedule-group/default")
        starter = _starter(self.logical_id, self, machine, "scheduler.amazonaws.com", source)
        target = ScheduleTarget(
            Arn=neighbour(machine if alias is None else alias, "machine" if alias is None else "alias"),
            RoleArn=GetAtt(starter, "Arn"),
            **without_none(Input=None if self.schedule_input is None else self._input()),
        )
        schedule = ScheduleResource(
            self.logical_id,
            ScheduleExpression=self.schedule,
            **without_none(ScheduleExpressionTimezone=self.schedule_timezone),
            FlexibleTimeWindow=FlexibleTimeWindow(Mode="OFF"),
            Target=target,
        )
        add_resources(self, template, [schedule, starter])
        return schedule.ref()

    def _input(self) -> Any:
        text = definition_string(encode_to_dict(self.schedule_input))
        return text if isinstance(text, str) else GenericHelperFn(text)


@frozen(kw_only=True)
class EventTrigger(EventOptions):
    """A rule of EventBridge, with the role by which it starts a state machine; the event is its input.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
    """

    logical_id: str = option(LOGICAL_ID, "EventRule", help="the logical id of the rule")
    event_pattern: Mapping[str, Any] = field(metadata=option_metadata(PATTERN, "the events that start it"))

    def add_to(self, template: Template, machine: Any, alias: Any = None) -> Ref:
        """Add the rule that starts the machine, by an alias if there is one; return its name."""
        from troposphere.events import Rule, Target

        starter = _starter(self.logical_id, self, machine, "events.amazonaws.com", ("events", "rule/*"))
        started = neighbour(machine if alias is None else alias, "machine" if alias is None else "alias")
        target = Target(Arn=started, Id="StateMachine", RoleArn=GetAtt(starter, "Arn"))
        rule = Rule(self.logical_id, EventPattern=dict(self.event_pattern), Targets=[target])
        add_resources(self, template, [rule, starter])
        return rule.ref()


def _starter(
    logical_id: str, options: RoleOptions, machine: Any, service: str, source: tuple[str, str]
) -> Any:
    """Return the role that starts the machine.

    The machine's own ARN allows its aliases and versions too, and theirs allow nothing.
    https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
    """
    start = Statement(
        Effect=Allow,
        Action=[states.StartExecution],
        Resource=[encode_to_dict(neighbour(machine, "machine"))],
    )
    document = PolicyDocument(Version="2012-10-17", Statement=[start])
    policy = Policy(PolicyName=f"{logical_id}Policy", PolicyDocument=document)
    return role(f"{logical_id}Role", options, trust=trust(service, source=source), policies=[policy])
