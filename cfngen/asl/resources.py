"""What a task, a reader or a writer names in its ``Resource``, typed or spelled by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfngen.asl.states import AnyTask, RawState, State
from cfngen.asl.values import Pattern, ServiceArn

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


def named(resource: Any) -> TaskResource | None:
    """Return what a ``Resource`` names, or None for a value that cannot be one."""
    from cfngen.cfn.resources import Integration, parse_resource  # typed tasks do without

    if isinstance(resource, ServiceArn):
        service = resource.service.removeprefix(_SDK)
        is_sdk = service != resource.service
        return Integration(service, resource.action, resource.pattern.value, is_sdk)
    return parse_resource(resource)


def pattern_of(resource: Any) -> Pattern:
    """Return the integration pattern of a ``Resource``; one that there is not counts as none."""
    if isinstance(resource, ServiceArn):
        return resource.pattern
    from cfngen.cfn.resources import suffix_of

    suffix = suffix_of(named(resource))
    return Pattern(suffix) if suffix in _PATTERNS else Pattern.REQUEST_RESPONSE


_PATTERNS = frozenset(pattern.value for pattern in Pattern)
