"""What the ``Resource`` of a task, a reader or a writer names.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html#amazon-states-language-arns
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, TypeAlias

from cfngen.cfn import text
from cfngen.cfn.arns import Arn, parse_arn
from cfngen.core.declared import Declared, frozen

SUFFIXES: Final = (".sync", ".sync:2", ".waitForTaskToken")
"""The patterns other than Request Response, whose suffix is empty."""

_STATES: Final = "states"
_SDK: Final = "aws-sdk:"
_OWN: Final = ("activity", "stateMachine", "execution", "express", "mapRun")
"""The resources of Step Functions itself, which no integration is named like."""


@frozen
class Integration(Declared):
    """An action of a service: ``arn:aws:states:::batch:submitJob.sync``.

    ``sdk`` says that it is one of the API (``aws-sdk:``) and not optimized. ``suffix`` is the pattern as it
    is written, from its dot on. A region and an account in the ARN make no difference.
    """

    service: str
    action: str
    suffix: str = ""
    sdk: bool = False
    partition: str = ""

    @property
    def kind(self) -> str:
        """What the events of an execution call the service: ``batch``, ``aws-sdk:translate``."""
        return f"{_SDK if self.sdk else ''}{self.service}"

    @property
    def call(self) -> str:
        """What they call the action: ``submitJob.sync``."""
        return self.action + self.suffix

    @property
    def called(self) -> str:
        """The service and the action: ``batch:submitJob``, ``aws-sdk:translate:translateText``."""
        return f"{self.kind}:{self.action}"

    @property
    def name(self) -> str:
        """What stands after the account: ``batch:submitJob.sync``."""
        return self.called + self.suffix


@frozen
class CalledFunction(Declared):
    """A function, called by its ARN; ``version`` is its version or alias."""

    arn: Arn
    name: str
    version: str = ""


@frozen
class Activity(Declared):
    """An activity, whose workers ask for work."""

    arn: Arn
    name: str


@frozen
class OwnResource(Declared):
    """Another resource of Step Functions: a state machine or an execution, which no task can call."""

    arn: Arn
    kind: str
    name: str


@frozen
class Reference(Declared):
    """``Ref`` of a resource or a parameter, or the attribute that ``Fn::GetAtt`` asks for."""

    logical_id: str
    attribute: str = ""


@frozen
class OtherArn(Declared):
    """An ARN of which Step Functions knows nothing."""

    arn: Arn


@frozen
class UnknownText(Declared):
    """Text, with holes perhaps, that does not say what it names; ``text`` is as ``Fn::Sub`` spells it."""

    text: str


TaskResource: TypeAlias = (
    "Integration | CalledFunction | Activity | OwnResource | Reference | OtherArn | UnknownText"
)


def parse_resource(value: Any) -> TaskResource | None:
    """Return what a ``Resource`` names: text, or a function of CloudFormation in Python or in a document.

    None is for values that are neither.
    """
    if isinstance(value, str):
        return parse_text(value)
    pieces = text.pieces_of(value)
    if pieces is None:
        return None
    if len(pieces) == 1 and isinstance(pieces[0], text.Hole):
        hole = pieces[0]
        if hole.name:
            return Reference(*_name_and_attribute(hole.name))
    return parse_text(text.sub_text(pieces))


def suffix_of(resource: TaskResource | None) -> str:
    """Return the pattern that a ``Resource`` ends in, also of one that names its service by a hole."""
    if isinstance(resource, Integration):
        return resource.suffix
    if isinstance(resource, UnknownText):
        return next((suffix for suffix in SUFFIXES if resource.text.endswith(suffix)), "")
    return ""


def _name_and_attribute(name: str) -> tuple[str, str]:
    logical_id, _, attribute = name.partition(".")
    return logical_id, attribute


@lru_cache(maxsize=4096)
def parse_text(resource: str) -> TaskResource:
    """Return what the text of a ``Resource`` names, its holes as ``Fn::Sub`` spells them."""
    arn = parse_arn(resource)
    if arn is None:
        names = text.names(resource)
        if len(names) == 1 and resource == text.hole(names[0]):
            return Reference(*_name_and_attribute(names[0]))
        return UnknownText(resource)
    kind, *rest = text.split_sub(arn.resource, ":")
    if arn.service == "lambda" and kind == "function" and rest:
        return CalledFunction(arn, rest[0], ":".join(rest[1:]))
    if arn.service != _STATES:
        return OtherArn(arn)
    if kind == "activity":
        return Activity(arn, ":".join(rest))
    if kind in _OWN:
        return OwnResource(arn, kind, ":".join(rest))
    if text.has_hole(arn.resource):
        return UnknownText(resource)
    return parse_integration(arn.resource, arn.partition)


def parse_integration(name: str, partition: str = "") -> Integration:
    """Return the parts of what stands after the account: ``batch:submitJob.sync``."""
    sdk = name.startswith(_SDK)
    service, _, call = name.removeprefix(_SDK).partition(":")
    action, dot, suffix = call.partition(".")
    return Integration(service, action, dot + suffix, sdk, partition)
