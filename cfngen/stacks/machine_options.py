"""The options of a state machine, and what they take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from awacs.aws import Statement

from cfngen.asl.values import EXPRESS, STANDARD, Text, WorkflowType
from cfngen.core.declared import frozen
from cfngen.iam.derive import LEAST_PRIVILEGE, Permission, Scope
from cfngen.stacks.options import BOOLEAN, OptionKind, choice, only_python, option, reference, text, value
from cfngen.stacks.parts.alarms import AlarmOptions
from cfngen.stacks.parts.logs import LogOptions
from cfngen.stacks.parts.triggers import EventOptions, ScheduleOptions
from cfngen.stacks.parts.versions import VersionOptions
from cfngen.stacks.roles import RoleOptions

NAME: Final = reference(
    'a name of at most 80 characters without white space, brackets, wildcards or any of "#%\\^|~`$&,;:/',
    r"""(?u:[^\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe\uffff]{1,80})""",
)
POLICY_NAME: Final = text("a policy name", r"[\w+=,.@-]{1,128}")
ROLE_ARN: Final = reference("the ARN of a role", r"arn:[\w-]+:iam::\d{12}:role/.+", "Arn")
DESCRIPTION: Final = text("text of at most 1024 characters", r"(?s).{1,1024}")
KEY: Final = reference(
    "the ARN or the id of a KMS key", r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+|[\w-]{36}", "Arn"
)
STATEMENTS: Final = OptionKind(
    "a list of awacs Statements",
    lambda value: isinstance(value, (list, tuple)) and all(isinstance(item, Statement) for item in value),
    only_python,
)
SCOPE: Final = OptionKind(
    "least-privilege or documented",
    lambda value: isinstance(value, Scope),
    lambda line: Scope(line.lower()),
)


@frozen(kw_only=True)
class MachineOptions(VersionOptions, AlarmOptions, EventOptions, ScheduleOptions, LogOptions, RoleOptions):
    """What a stack may say of its state machine."""

    name: Text | None = option(
        NAME, None, help="the name of the machine; by default CloudFormation chooses one"
    )
    type: WorkflowType = option(choice(STANDARD, EXPRESS), STANDARD, help="the type of the machine")
    scope: Scope = option(SCOPE, LEAST_PRIVILEGE, help="how narrow the policy of its role is")
    extra_statements: Sequence[Statement] = option(STATEMENTS, (), help="statements to add to its policy")
    narrow: Callable[[Permission], Permission] | None = option(
        value("a function from a Permission to a narrower one", Callable),  # type: ignore[arg-type]  # isinstance takes it
        None,
        help="what narrows each permission of its policy",
    )
    kms_key: Text | None = option(KEY, None, help="the customer's key that encrypts its executions")
    log_level: str = option(choice("OFF", "ERROR", "FATAL", "ALL"), "OFF", help="what it logs")
    log_execution_data: bool = option(BOOLEAN, False, help="log inputs and outputs too")
    tracing: bool = option(BOOLEAN, False, help="trace executions with X-Ray")
