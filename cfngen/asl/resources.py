"""What a task, a reader or a writer names in its ``Resource``, typed or spelled by hand."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cfngen.asl.states import AnyTask, RawState, State
from cfngen.asl.values import Pattern, ServiceArn
from cfngen.cfn.text import has_hole

if TYPE_CHECKING:
    from cfngen.cfn.resources import TaskResource

_SDK = "aws-sdk:"


def resource_of(state: State) -> Any:
    """Return the ``Resource`` of a task as it is written, and None for a state that is not a task."""
    if isinstance(state, AnyTask):
        return state.resource
    if isinstance(state, RawState) and state.Fields.get("Type") == "Task":
        return state.Fields.get("Resource")
    return None


def task_resource(resource: Any) -> TaskResource | None:
    """Return what a ``Resource`` names, or None for a value that cannot be one."""
    from cfngen.cfn.resources import Integration, parse_resource  # typed tasks do without

    if isinstance(resource, ServiceArn):
        service = resource.service.removeprefix(_SDK)
        is_sdk = service != resource.service
        return Integration(service, resource.action, resource.pattern.value, is_sdk)
    return parse_resource(resource)


def pattern_of(resource: Any) -> Pattern:
    """Return the integration pattern of a ``Resource``; one that there is not counts as none."""
    return resource.pattern if isinstance(resource, ServiceArn) else _kind_of(resource).pattern


def is_integration(resource: Any) -> bool:
    """Tell whether a ``Resource`` names an action of a service."""
    return isinstance(resource, ServiceArn) or _kind_of(resource).is_integration


def may_be_called(resource: Any) -> bool:
    """Tell whether a task may call what a ``Resource`` names, as far as that is known.

    It calls an activity, a function or an action of a service: AWS's page lists no other, and no answer of
    AWS to another was found.
    https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
    """
    return _kind_of(resource).is_callable


class _ResourceKind(NamedTuple):
    pattern: Pattern
    is_integration: bool
    is_callable: bool


def _kind_of(resource: Any) -> _ResourceKind:
    if resource is None or isinstance(resource, str):  # none of a state that is no task
        return _kind_of_text(resource)
    return _read_kind(resource)


@lru_cache(maxsize=4096)
def _kind_of_text(resource: str | None) -> _ResourceKind:
    return _read_kind(resource)


def _read_kind(resource: Any) -> _ResourceKind:
    from cfngen.cfn.resources import Integration, OtherArn, OwnResource, UnknownText, suffix_of

    called = task_resource(resource)
    suffix = suffix_of(called)
    return _ResourceKind(
        Pattern(suffix) if suffix in _PATTERNS else Pattern.REQUEST_RESPONSE,
        is_integration=isinstance(called, Integration),
        is_callable=has_hole(called.text)
        if isinstance(called, UnknownText)
        else not isinstance(called, (OtherArn, OwnResource)),
    )


_PATTERNS = frozenset(pattern.value for pattern in Pattern)
