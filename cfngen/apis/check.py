"""Check the calls of a workflow: what they call against tables, what they pass against API models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Final

from cfngen.apis.integrations import MODELS, OPTIMIZED, SDK_SUFFIXES
from cfngen.apis.literals import mismatches, nearest_or_all
from cfngen.apis.sdk import MISTAKEN, RETIRED, SDK_SERVICES, unknown_service
from cfngen.apis.shapes import TEXT, Shape
from cfngen.asl.graph import Graph, Node
from cfngen.asl.resources import resource_of, task_resource
from cfngen.asl.states import AnyTask, RawState
from cfngen.asl.values import OMIT, ServiceArn
from cfngen.cfn.arns import integration_arn
from cfngen.cfn.resources import Integration
from cfngen.core.declared import did_you_mean, few_suggestions
from cfngen.core.problems import Problem


def check(graph: Graph, *, apis: bool = False) -> list[Problem]:
    """Return what is wrong with the calls of a workflow, in the order of the document.

    Without ``apis``: the integrations, actions and patterns that do not exist. With it, also the actions
    of ``aws-sdk:`` services and the arguments, which needs botocore and raises ``ImportError`` without.
    """
    with few_suggestions():
        return [replace(problem, rule=_RULES[problem.code]) for problem in _call_problems(graph, apis)]


def _call_problems(graph: Graph, apis: bool) -> Iterator[Problem]:
    for node, _ in graph.walk():
        if apis and node.state.Type == "Map":
            yield from _map_problems(node)
        if (called := _integration_called(node)) is None:
            continue
        if called.sdk and called.service in RETIRED:
            yield _retired(node, called)
            continue
        wrong = list(_integration_problems(node, called))
        if apis and not wrong:
            from cfngen.apis.models import require

            require()
            wrong = list(_argument_problems(node, called))
        yield from wrong


def _integration_called(node: Node) -> Integration | None:
    """Return the integration that a state calls, unless it is another resource, or known only later."""
    resource = task_resource(resource_of(node.state))
    return resource if isinstance(resource, Integration) else None


def _integration_problems(node: Node, called: Integration) -> Iterator[Problem]:
    if (fault := _fault(called)) is None:
        return
    if isinstance(node.state, AnyTask) and isinstance(node.state.resource, ServiceArn):
        return  # a typed task declares what it calls, and the rules of the language hold it to that
    yield _resource_problem(node, *fault)


def _retired(node: Node, called: Integration) -> Problem:
    message = f"the service 'aws-sdk:{called.service}' is retired: nothing is known of its actions"
    return replace(_resource_problem(node, message, ""), severity="warning")


@cache
def _fault(called: Integration) -> tuple[str, str] | None:
    """Say what is wrong with a call by the tables alone, and how to mend it."""
    if not called.service or not called.action:
        return (
            f"{called.called!r} names no action of a service",
            f"the resource of an integration looks like {integration_arn('sns:publish')!r}",
        )
    return _sdk_fault(called) if called.sdk else _optimized_fault(called)


def _optimized_fault(called: Integration) -> tuple[str, str] | None:
    service, action = called.service, called.action
    if (actions := OPTIMIZED.get(service)) is None:
        near = did_you_mean(service, OPTIMIZED) or nearest_or_all(service, OPTIMIZED)
        return f"there is no integration {service!r}", _elsewhere(called) or near
    if (suffixes := actions.get(action)) is None:
        from difflib import get_close_matches

        misspelled = next(iter(get_close_matches(action, actions, n=1, cutoff=_TYPO)), "")
        hint = f"did you mean {misspelled!r}?" if misspelled else _elsewhere(called)
        return f"{service} has no integration {action!r}", hint or nearest_or_all(action, actions)
    return _suffix_fault(called, suffixes)


def _elsewhere(called: Integration) -> str:
    """Name the integration that calls the same service under the name it has there."""
    plain = called.service.replace("-", "")
    service = plain if plain in SDK_SERVICES else MISTAKEN.get(called.service)
    if service is None:
        return ""
    for optimized, actions in OPTIMIZED.items():
        is_same = MODELS.get(optimized, optimized) == SDK_SERVICES[service]
        if is_same and optimized != called.service and called.action in actions:
            return f"did you mean '{optimized}:{called.action}'?"
    return f"'aws-sdk:{service}:{called.action}' calls the API of the service"


def _sdk_fault(called: Integration) -> tuple[str, str] | None:
    if called.service not in SDK_SERVICES:
        return unknown_service(called.service)
    return _suffix_fault(called, SDK_SUFFIXES)


def _suffix_fault(called: Integration, suffixes: tuple[str, ...]) -> tuple[str, str] | None:
    if called.suffix in suffixes:
        return None
    named = [repr(suffix) for suffix in suffixes if suffix]
    hint = did_you_mean(called.suffix, [suffix for suffix in suffixes if suffix], ".")
    if not hint:
        hint = (
            f"it supports {' and '.join([*named, 'no suffix'])}"
            if named
            else "it is called without a suffix"
        )
    model = SDK_SERVICES.get(called.service)
    for service, actions in OPTIMIZED.items() if called.sdk else ():
        if MODELS.get(service, service) == model and called.suffix in actions.get(called.action, ()):
            hint = f"'{service}:{called.action}{called.suffix}' exists"
    return f"{called.called} does not support {called.suffix!r}", hint


def _argument_problems(node: Node, called: Integration) -> Iterator[Problem]:
    shape = _shape(called)
    if isinstance(shape, str):
        yield _resource_problem(node, f"{called.service} has no action {called.action!r}", shape)
    elif shape is not None:
        field, payload = _payload_field(node)
        place, dotted = f"{node.location}/{field}", field != "Arguments"  # which is JSONata's
        yield from mismatches(place, payload, shape, called.called, dotted=dotted)


def _map_problems(node: Node) -> Iterator[Problem]:
    """Yield what is wrong with the arguments of a reader's and a writer's call, of which some are required.

    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
    """
    for field in ("ItemReader", "ResultWriter"):
        call = getattr(node.state, field, None)
        called = None if call is None else task_resource(call.Resource)
        if call is None or not isinstance(called, Integration):
            continue
        shape = _shape_in_map(called.called)
        payload = "Arguments" if call.Parameters is OMIT else "Parameters"
        if shape is not None:
            place = f"{node.location}/{field}/{payload}"
            for problem in mismatches(
                place, getattr(call, payload), shape, called.called, dotted=payload == "Parameters"
            ):
                yield problem if field == "ItemReader" else replace(problem, severity="warning")


@cache
def _shape_in_map(called: str) -> Shape | None:
    """Return what a reader or a writer may pass; of what it must pass the rules of the language speak."""
    from cfngen.apis.models import load_model, require

    if called == "s3:putObject":  # as its page lists it: the API has no 'Prefix'
        return Shape("structure", members={"Bucket": TEXT, "Prefix": TEXT})
    require()
    model = load_model("s3")
    operation = model.actions.get(called.rpartition(":")[2]) if model else None
    return replace(model.arguments(operation), required=()) if model and operation else None


@cache
def _shape(called: Integration) -> Shape | str | None:
    """Return the shape of the arguments, None where no model has it, or a hint where no action has it."""
    from cfngen.apis.arguments import shape_of
    from cfngen.apis.models import load_model

    if not called.sdk:
        return shape_of(called.service, called.action)
    if (model := load_model(SDK_SERVICES[called.service], sdk=True)) is None:
        return None
    if operation := model.actions.get(called.action):
        return model.arguments(operation)
    return nearest_or_all(called.action, model.actions)


def _payload_field(node: Node) -> tuple[str, Any]:
    """Return the field that holds the arguments, and what it holds; without one it is the state's input."""
    state = node.state
    if isinstance(state, AnyTask):
        payloads = state.payloads(node.language)
    elif isinstance(state, RawState):
        payloads = {key: state.Fields[key] for key in ("Parameters", "Arguments") if key in state.Fields}
    return next(
        ((field, content) for field, content in payloads.items() if content is not OMIT),
        ("Parameters", OMIT),
    )


def _resource_problem(node: Node, message: str, hint: str) -> Problem:
    return Problem("INVALID_RESOURCE", f"{node.location}/Resource", message, hint)


_RULES: Final = {"INVALID_RESOURCE": "api-call-exists", "SCHEMA_VALIDATION_FAILED": "api-arguments"}
_TYPO: Final = 0.85  # a name as near as this is mistyped; a farther one may be another action
