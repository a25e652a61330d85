"""What a task calls, whether it is typed, spelled by hand or read from a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cfngen.asl.declared import Declared, frozen
from cfngen.asl.graph import Node
from cfngen.asl.states import AnyTask, RawState
from cfngen.asl.values import OMIT, Jsonata, Path, Pattern, ServiceArn, is_intrinsic
from cfngen.tasks import integration
from cfngen.tasks.service import ServiceTask

_INTEGRATION: Final = re.compile(
    r"arn:(\$\{AWS::Partition\}|[^:]+):states:::(?P<service>[^:]+):(?P<action>\w+)"
    r"(?P<pattern>\.sync(:2)?|\.waitForTaskToken)?"
)


@frozen
class Call(Declared):
    """A call with its arguments.

    ``task`` is the class that declares the integration, or None where there is none. ``place`` is the
    pointer to the arguments; ``hints`` are the ARNs its author names for what is only known at run time.
    """

    state: str
    place: str
    resource: str
    task: type[ServiceTask] | None
    pattern: Pattern
    arguments: Mapping[str, Any]
    credentials: Mapping[str, Any] | None = None
    hints: Sequence[Any] | None = None


def call_of(node: Node) -> Call | None:
    """Return what the state calls, or None if it calls nothing."""
    state = node.state
    if isinstance(state, AnyTask):
        resource, credentials = state.resource, state.Credentials
        payload: Any = next(
            (given for given in state.payloads(node.language).values() if given is not OMIT), None
        )
    elif isinstance(state, RawState) and state.Fields.get("Type") == "Task":
        fields = _dotted(state.Fields)
        resource, credentials = fields.get("Resource", ""), fields.get("Credentials")
        payload = fields.get("Parameters", fields.get("Arguments"))
    else:
        return None
    spelled, task, pattern = _declared(resource, state)
    return Call(
        state=state.Name,
        place=node.location,
        resource=spelled,
        task=task,
        pattern=pattern,
        arguments=_arguments(task, payload),
        credentials=credentials,
        hints=state.resources if isinstance(state, ServiceTask) else None,
    )


def _declared(resource: Any, state: object) -> tuple[str, type[ServiceTask] | None, Pattern]:
    if isinstance(resource, ServiceArn) and isinstance(state, ServiceTask):
        return str(resource), type(state), resource.pattern
    spelled = _spelled(resource)
    if not (parts := _INTEGRATION.fullmatch(spelled)):
        return spelled, None, Pattern.REQUEST_RESPONSE
    suffix = (parts["pattern"] or "").removesuffix(":2")
    return spelled, integration(parts["service"], parts["action"]), Pattern(suffix)


def _spelled(resource: Any) -> str:
    if is_intrinsic(resource):
        resource = resource.to_dict()
    if isinstance(resource, Mapping):
        resource = resource.get("Fn::Sub", resource)
    return resource if isinstance(resource, str) else str(resource)


def _arguments(task: type[ServiceTask] | None, payload: Any) -> Mapping[str, Any]:
    """Return the arguments; a payload that is one path leaves every argument to the run time."""
    if isinstance(payload, Mapping):
        return payload
    if isinstance(payload, (Path, Jsonata)) and task is not None:
        return dict.fromkeys(task.arguments(), payload)
    return {}


def _dotted(given: Any) -> Any:
    """Return hand-written ``"Key.$"`` entries as the ``Path`` values that they stand for."""
    if isinstance(given, Mapping):
        return {
            key.removesuffix(".$"): Path(item)
            if key.endswith(".$") and isinstance(item, str)
            else _dotted(item)
            for key, item in given.items()
        }
    if isinstance(given, (list, tuple)):
        return [_dotted(item) for item in given]
    return given
