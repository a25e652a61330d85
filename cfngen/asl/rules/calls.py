"""Rules about what a task calls, and how it waits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cfngen.asl.graph import Graph, Node
from cfngen.asl.holes import jsonata_of, text_of
from cfngen.asl.resources import is_integration, may_be_called, pattern_of, resource_of, task_resource
from cfngen.asl.rules.fields import brief, schema_problem, unclosed_hole
from cfngen.asl.states import AnyTask, RawState, State
from cfngen.asl.values import JSONATA, Jsonata, Path, Pattern, ServiceArn
from cfngen.cfn.arns import AWS, BEGINNING, in_partition, integration_arn, may_be_arn
from cfngen.cfn.functions import is_intrinsic
from cfngen.cfn.text import is_unclosed
from cfngen.core import wording
from cfngen.core.limits import MAX_DEPTH
from cfngen.core.problems import Problem

_NAME: Final = re.compile(r"[\w.-]+")


def resource_is_an_arn(node: Node, graph: Graph) -> Iterator[Problem]:
    """``Resource`` is a URI that identifies what to run: in Step Functions, an ARN.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
    """
    if not isinstance(node.state, AnyTask):
        return
    resource, location = node.state.resource, f"{node.location}/Resource"
    if isinstance(resource, ServiceArn):
        return
    if not is_intrinsic(resource) and not may_be_arn(resource):
        yield Problem(
            "INVALID_RESOURCE",
            location,
            f"'Resource' takes an ARN, not {brief(resource)}",
            f"the resource of an integration looks like {integration_arn('sns:publish')!r}",
        )
    elif isinstance(resource, str) and is_unclosed(resource):
        yield unclosed_hole(location, resource)
    elif not may_be_called(resource):
        yield Problem(
            "INVALID_RESOURCE",
            location,
            f"a task calls an activity, a function or an action of a service, not {brief(resource)}",
            f"call an action on it, as {integration_arn('states:startExecution')!r} is one",
            "warning",
        )


def pattern_is_supported(node: Node, graph: Graph) -> Iterator[Problem]:
    """A service supports some of the integration patterns.

    https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
    """
    state = node.state
    if not isinstance(state, AnyTask) or not isinstance(resource := state.resource, ServiceArn):
        return
    if resource.pattern not in state.patterns:
        yield Problem(
            "INVALID_RESOURCE",
            f"{node.location}/Resource",
            f"{resource.service}:{resource.action} does not support {resource.pattern.name}",
            "it supports " + " and ".join(pattern.name for pattern in state.patterns),
        )


def callback_passes_the_token(node: Node, graph: Graph) -> Iterator[Problem]:
    """Whoever is called needs the task token to answer; without it the task ends by its timeout.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
    """
    if waits_by(node.state) is not Pattern.CALLBACK:
        return
    if not _passes_token(node):
        yield Problem(
            "SCHEMA_VALIDATION_FAILED",
            f"{node.location}/{'Arguments' if node.language == JSONATA else 'Parameters'}",
            "the task waits for its task token but does not pass it on",
            f"pass {wording.jsonata_text('$states.context.Task.Token')} in the payload"
            if node.language == JSONATA
            else f"pass {wording.path_text('$$.Task.Token')} in the payload",
            "warning",
        )


def credentials_name_a_role(node: Node, graph: Graph) -> Iterator[Problem]:
    """``Credentials`` MUST be an object with ``RoleArn``, the role that the task takes.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
    """
    state = node.state
    credentials: object = None
    if isinstance(state, AnyTask):
        credentials = state.Credentials
    elif isinstance(state, RawState) and state.Fields.get("Type") == "Task":
        credentials = state.Fields.get("Credentials")
    if credentials is None or isinstance(credentials, Jsonata) or is_intrinsic(credentials):
        return
    location = f"{node.location}/Credentials"
    role = in_partition(AWS, "iam::123456789012:role/name")
    hint = f'it looks like {{"RoleArn": "{role}"}}'
    if not isinstance(credentials, Mapping):
        yield schema_problem(location, f"'Credentials' takes a mapping, not {brief(credentials)}", hint)
    elif "RoleArn" not in credentials and "RoleArn.$" not in credentials:
        yield schema_problem(location, "'Credentials' needs 'RoleArn'", hint)
    elif not isinstance(role := credentials.get("RoleArn", ""), (str, Path, Jsonata)) and not is_intrinsic(
        role
    ):
        yield schema_problem(f"{location}/RoleArn", f"'RoleArn' takes text, not {brief(role)}", hint)


def arguments_for_arns_take_arns(node: Node, graph: Graph) -> Iterator[Problem]:
    """An argument whose name ends in ``Arn`` takes an ARN: a service refuses a name there at run time.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    state = node.state
    if not isinstance(state, AnyTask) or not is_integration(state.resource):
        return
    for field, payload in state.payloads(node.language).items():
        for key, value in payload.items() if type(payload) is dict or isinstance(payload, Mapping) else ():
            if not (isinstance(key, str) and key.endswith("Arn") and isinstance(value, str)):
                continue
            if key == "SecretArn" or not _NAME.fullmatch(value):  # the Data API of RDS takes a name too
                continue
            yield Problem(
                "SCHEMA_VALIDATION_FAILED",
                f"{node.location}/{field}/{key}",
                f"{key!r} takes an ARN, not the name {value!r}",
                f"an ARN begins with {BEGINNING!r}: Ref or GetAtt returns that of a resource",
                "warning",
            )


def express_only_requests(node: Node) -> Iterator[Problem]:
    """Express workflows do not support Run a Job (.sync), Wait for Callback, or activities.

    https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
    """
    pattern = waits_by(node.state)
    if _is_activity(node.state):
        yield Problem(
            "INVALID_RESOURCE",
            f"{node.location}/Resource",
            "an EXPRESS workflow does not support activities",
            "make the state machine STANDARD, or call a function",
        )
    elif pattern is not Pattern.REQUEST_RESPONSE:
        yield Problem(
            "INVALID_RESOURCE",
            f"{node.location}/Resource",
            f"an EXPRESS workflow does not support {pattern.value!r}",
            "make the state machine STANDARD, or call with REQUEST_RESPONSE",
        )


_TOKEN: Final = re.compile(r"""\$\$(?:\.|\[\s*['"])Task\b""")
_CONTEXT: Final = re.compile(r"\$states\s*(?!\s*\.\s*`?(?:input|result|errorOutput)\b)")


def is_typed(state: State) -> bool:
    """Tell whether a state calls nothing, or an integration that a class declares."""
    if isinstance(state, AnyTask):
        return isinstance(state.resource, ServiceArn)
    return not isinstance(state, RawState)


def waits_by(state: State) -> Pattern:
    """Return the integration pattern of a task, typed or spelled by hand."""
    return pattern_of(resource_of(state))


def _is_activity(state: State) -> bool:
    resource = resource_of(state)
    if resource is None or isinstance(resource, ServiceArn):
        return False
    from cfngen.cfn.resources import Activity

    return isinstance(task_resource(resource), Activity)


def _passes_token(node: Node) -> bool:
    state = node.state
    if isinstance(state, RawState):
        return _mentions_token(
            state.Fields, is_raw=True
        )  # paths are text there: "Token.$": "$$.Task.Token"
    return isinstance(state, AnyTask) and _mentions_token(state.payloads(node.language))


def _mentions_token(payload: Any, *, is_raw: bool = False) -> bool:
    values = [(payload, 0)]
    while values:
        value, depth = values.pop()
        if depth > MAX_DEPTH:
            return True  # of what is nested too deep, or in itself, the payload's own rule speaks
        if (expression := jsonata_of(value)) is not None:
            value = expression
        if isinstance(value, Path):
            text = text_of(value.expression) or ""
            if _TOKEN.search(text) or text in ("$", "$$"):
                return True
        elif isinstance(value, Jsonata):
            if _CONTEXT.search(text_of(value.expression) or ""):
                return True
        elif isinstance(value, str):
            if is_raw and _TOKEN.search(value):
                return True
        elif isinstance(value, Mapping):
            values += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, (list, tuple)):
            values += [(inner, depth + 1) for inner in value]
    return False
