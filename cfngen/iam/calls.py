"""What a task calls, whether it is typed, spelled by hand or read from a file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from cfngen.asl.graph import Node
from cfngen.asl.resources import task_resource
from cfngen.asl.states import AnyTask, RawState, Task
from cfngen.asl.values import JSONATA, OMIT, Function, Jsonata, Path, Pattern, ServiceArn
from cfngen.cfn.functions import is_function, plain
from cfngen.cfn.text import as_sub_text, hole, names
from cfngen.core.declared import Declared, frozen
from cfngen.core.values import mapping
from cfngen.tasks import integration
from cfngen.tasks.grants import Grant, deciding_arguments
from cfngen.tasks.service import CallingTask, ServiceTask

if TYPE_CHECKING:
    from cfngen.cfn.resources import Integration

NO_RESOURCES: Final[Mapping[str, Any]] = {}
"""The resources of a template where there is no template."""

_QUERY: Final = "athena:startQueryExecution"
_ACTIVITY: Final = "AWS::StepFunctions::Activity"
_FUNCTIONS: Final = (
    "AWS::Lambda::Function",
    "AWS::Lambda::Version",
    "AWS::Lambda::Alias",
    "AWS::Serverless::Function",
)


@frozen
class TaskCall(Declared):
    """A call with its arguments.

    ``grants`` are what it needs, or None where that is not known; ``doubt`` says what to do where no list
    of IAM's actions has them; ``dependent`` are actions that it may need as well, and ``keys`` the
    arguments that name a key of which nothing tells what the call needs. ``location`` is the pointer to the
    state, ``place`` that to the arguments; ``hints`` are the ARNs its author names for what is only known
    at run time.
    """

    state: str
    location: str
    place: str
    resource: str
    grants: tuple[Grant, ...] | None
    pattern: Pattern
    arguments: Mapping[str, Any]
    doubt: str = ""
    dependent: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    credentials: Mapping[str, Any] | None = None
    hints: Sequence[Any] | None = None
    because: str | None = None


def key_of(state: object) -> Hashable | None:
    """Return what calls with the same needs have in common; None for a call that is derived by itself.

    That is what is called, in which pattern, and the values of the arguments that its grants look at. It is
    taken from the state without all that ``call_of`` does, because a workflow may have thousands of calls.
    """
    own = vars(state)
    if own.get("Credentials") is not None:
        return None
    if isinstance(state, ServiceTask):
        task = type(state)
        called: Hashable = id(task)
        arguments: object = own
        looked_at = _argument_fields(task)  # type: ignore[arg-type]  # a class can be hashed as any other
    elif isinstance(state, CallingTask) and "action" in own:
        called = (own["service"], own["action"])
        arguments, looked_at = own["arguments"], _named_by_sdk(own["service"], own["action"])
    elif type(state) is Task and isinstance(state.Resource, str):
        called = state.Resource
        arguments = state.Arguments if state.Parameters is OMIT else state.Parameters
        looked_at = _called_text(state.Resource).names
    else:
        return None
    if not isinstance(arguments, Mapping):
        return None
    values = tuple([_identity(arguments.get(name)) for name in looked_at])
    if not isinstance(state, CallingTask):
        return called, values
    return called, state.pattern, state.derive, state.because, _identity(state.resources), values


def call_of(node: Node, resources: Mapping[str, Any] = NO_RESOURCES) -> TaskCall | None:
    """Return what the state calls, or None if it calls nothing, or cfngen is to leave it alone.

    ``resources`` are those of the template, by their logical ids.
    """
    state = node.state
    if isinstance(state, AnyTask):
        resource, credentials = state.resource, state.Credentials
        payload: Any = next(
            (item for item in state.payloads(node.language).values() if item is not OMIT), None
        )
    elif isinstance(state, RawState) and state.Fields.get("Type") == "Task":
        fields = _with_paths(state.Fields)
        resource, credentials = fields.get("Resource", ""), fields.get("Credentials")
        payload = fields.get("Parameters", fields.get("Arguments"))
    else:
        return None
    hints, because = None, None
    if isinstance(state, CallingTask):
        if not state.derive:
            return None
        hints, because = state.resources, state.because
    called = _called_action(resource, state, resources)
    return TaskCall(
        state=state.Name,
        location=node.location,
        place=f"{node.location}/{'Arguments' if node.language == JSONATA else 'Parameters'}",
        resource=called.resource,
        grants=called.grants,
        pattern=called.pattern,
        arguments=called.arguments
        or _completed(resource, _named_arguments(called.names, payload), resources),
        doubt=called.doubt,
        dependent=called.dependent,
        keys=called.keys,
        credentials=credentials,
        hints=hints,
        because=because,
    )


@frozen
class _CalledAction(Declared):
    """What stands in a task's ``Resource``; ``names`` are the arguments that its grants look at."""

    resource: str
    grants: tuple[Grant, ...] | None = None
    pattern: Pattern = Pattern.REQUEST_RESPONSE
    doubt: str = ""
    dependent: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    arguments: Mapping[str, Any] | None = None


def _called_action(resource: Any, state: object, resources: Mapping[str, Any]) -> _CalledAction:
    if isinstance(resource, ServiceArn) and isinstance(state, ServiceTask):
        return _called_class(str(resource), type(state), resource.pattern)
    from cfngen.cfn.resources import Activity, CalledFunction, Integration  # typed tasks do without

    resource_text = str(resource if isinstance(resource, ServiceArn) else as_sub_text(resource))
    called = task_resource(resource)
    if isinstance(called, Integration):
        return _integration_action(resource_text, called)
    if isinstance(called, Activity):
        return _CalledAction(resource_text, ())  # a worker asks for the work; the role is asked for nothing
    if isinstance(called, CalledFunction) or ":lambda:" in resource_text:
        return _lambda_function(resource_text, resource)
    if not isinstance(resource, str):
        return _referred_action(resource_text, resource, resources)
    return _CalledAction(resource_text)


def _lambda_function(resource_text: str, resource: Any) -> _CalledAction:
    from cfngen.iam.features import FUNCTION

    return _CalledAction(resource_text, FUNCTION, names=("Resource",), arguments={"Resource": resource})


def _referred_action(resource_text: str, resource: Any, resources: Mapping[str, Any]) -> _CalledAction:
    """Return what a reference names by its type in the template; a function's ARN alone has a version."""
    name = next(iter(names(resource_text)), "")
    logical_id = name.partition(".")[0]
    kind = mapping(resources.get(logical_id)).get("Type")
    if kind == _ACTIVITY:
        return _CalledAction(resource_text, ())
    has_version = resource_text.startswith(f"{hole(name)}:")
    is_function = kind in _FUNCTIONS if kind else has_version
    return _lambda_function(resource_text, resource) if is_function else _CalledAction(resource_text)


def _integration_action(resource_text: str, called: Integration) -> _CalledAction:
    from cfngen.cfn.resources import SUFFIXES

    if called.suffix and called.suffix not in SUFFIXES:
        return _CalledAction(resource_text)
    # '.sync:2' differs from '.sync' in what the task returns alone
    pattern = Pattern(called.suffix.removesuffix(":2"))
    if called.sdk:
        from cfngen.iam.sdk import sdk_arguments, sdk_call

        if (call := sdk_call(called.service, called.action)) is None:
            return _CalledAction(resource_text, None, pattern)
        arguments = sdk_arguments(called.service, called.action)
        return _CalledAction(
            resource_text, call.grants, pattern, call.doubt, call.dependent, arguments, call.keys
        )
    if (task := integration(called.service, called.action)) is None:
        return _CalledAction(resource_text, None, pattern)
    return _called_class(resource_text, task, pattern)


def _called_class(resource_text: str, task: type[ServiceTask], pattern: Pattern) -> _CalledAction:
    """Return the call of a class; ``.sync:2`` differs from ``.sync`` in what the task returns alone."""
    waits = Pattern.SYNC if pattern is Pattern.SYNC_2 else pattern
    names = _deciding_names(task)  # type: ignore[arg-type]  # a class can be hashed as any other
    return _CalledAction(resource=resource_text, grants=task.grants, pattern=waits, names=names)


@cache
def _called_text(resource: str) -> _CalledAction:
    return _called_action(resource, None, NO_RESOURCES)


def _named_by_sdk(service: str, action: str) -> tuple[str, ...]:
    from cfngen.iam.sdk import sdk_arguments

    return sdk_arguments(service, action)


@cache
def _argument_fields(task: type[ServiceTask]) -> tuple[str, ...]:
    """Return the fields that hold the arguments which the grants of a class look at."""
    deciding = deciding_arguments(task.grants)
    return tuple(name for name in task.arguments() if name.rstrip("_") in deciding)


@cache
def _deciding_names(task: type[ServiceTask]) -> tuple[str, ...]:
    return deciding_arguments(task.grants)


def _named_arguments(looked_at: Sequence[str], payload: Any) -> Mapping[str, Any]:
    """Return the arguments; a payload that is one path leaves every argument to the run time."""
    if isinstance(payload, Mapping):
        return payload
    return dict.fromkeys(looked_at, payload) if isinstance(payload, (Path, Jsonata)) else {}


def _completed(
    resource: Any, arguments: Mapping[str, Any], resources: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the arguments with what the template says of the things that they name."""
    if not resources or _QUERY not in str(resource):
        return arguments
    from cfngen.iam.workgroups import with_workgroup

    return with_workgroup(arguments, resources)


def _with_paths(value: Any) -> Any:
    """Return hand-written ``"Key.$"`` entries as the ``Path`` values that they stand for."""
    if isinstance(value, Mapping):
        return {
            key.removesuffix(".$"): Path(Function(item) if is_function(item) else item)
            if key.endswith(".$") and (isinstance(item, str) or is_function(item))
            else _with_paths(item)
            for key, item in ((key, plain(item)) for key, item in value.items())
        }
    if isinstance(value, (list, tuple)):
        return [_with_paths(item) for item in value]
    return value


def _identity(value: Any) -> Hashable:
    """Return what tells a value from others; the same value under another type is another."""
    if type(value) is str or value is None:
        return value
    return type(value), repr(plain(value))
