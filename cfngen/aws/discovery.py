"""Find a deployed state machine or execution by what the user names: a stack or an ARN."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cfngen.aws.clients import Account
from cfngen.aws.errors import UNUSABLE, ServiceError, translate_client_error
from cfngen.cfn.arns import is_arn, parse_arn
from cfngen.core.declared import did_you_mean

MACHINE: Final = "AWS::StepFunctions::StateMachine"

_STACK: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")


def region_of(target: str) -> str | None:
    """Return the region in an ARN."""
    arn = parse_arn(target)
    return (arn.region or None) if arn else None


def machine_arn(account: Account, target: str, logical_id: str | None = None) -> str:
    """Return the ARN of the state machine that ``target`` names: a stack, or the ARN itself.

    ``logical_id`` selects one of several in a stack. Raises ``ServiceError``.
    """
    arn = parse_arn(target)
    if arn is None and (is_arn(target) or not _STACK.fullmatch(target)):
        raise ServiceError(f"{target!r} is neither the name of a stack nor an ARN", UNUSABLE)
    kind = (arn.service, arn.resource_type) if arn else ("cloudformation", "stack")
    if kind == ("cloudformation", "stack"):
        return _of_stack(account, target, logical_id)
    if kind != ("states", "stateMachine"):
        is_execution = kind[1] in ("execution", "express")
        hint = f"; 'cfngen status {target}' shows that execution" if is_execution else ""
        raise ServiceError(
            f"{target} is neither the ARN of a state machine nor that of a stack{hint}", UNUSABLE
        )
    if logical_id is not None:
        raise ServiceError(
            "--machine selects a state machine of a stack; it cannot be used with an ARN", UNUSABLE
        )
    return target


def execution_arn(target: str) -> str:
    """Return ``target`` if it is the ARN of an execution with a history. Raises ``ServiceError``."""
    arn = parse_arn(target)
    kind = arn.resource_type if arn and arn.service == "states" else ""
    if kind == "execution":
        return target
    if kind == "express":
        raise ServiceError(
            "Step Functions keeps no history of express executions: see the logs of the state machine",
            UNUSABLE,
        )
    listed = f"; 'aws stepfunctions list-executions --state-machine-arn {target}' lists its executions"
    hint = listed if kind == "stateMachine" else ""
    raise ServiceError(f"{target!r} is not the ARN of an execution{hint}", UNUSABLE)


def selected(stack: str, machines: Mapping[str, str], logical_id: str | None) -> str:
    """Return the ARN of a stack's only state machine, or that of a logical id. Raises ``ServiceError``."""
    if logical_id is not None:
        if logical_id not in machines:
            hint = did_you_mean(logical_id, machines) or f"it has {', '.join(machines) or 'none'}"
            raise ServiceError(f"{stack} has no state machine {logical_id!r}; {hint}", UNUSABLE)
        return machines[logical_id]
    if not machines:
        raise ServiceError(f"{stack} has no state machine", UNUSABLE)
    first = next(iter(machines))
    if len(machines) > 1:
        names = ", ".join(machines)
        raise ServiceError(f"{stack} has {names}: select one with --machine {first}", UNUSABLE)
    return machines[first]


def _of_stack(account: Account, stack: str, logical_id: str | None) -> str:
    client = account.client("cloudformation")
    with translate_client_error(f"cannot list the resources of the stack {stack}"):
        pages = client.get_paginator("list_stack_resources").paginate(StackName=stack)
        machines = {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for resource in pages.search("StackResourceSummaries[]")
            if resource.get("ResourceType") == MACHINE
            and resource.get("PhysicalResourceId")
            and resource.get("ResourceStatus") not in ("DELETE_COMPLETE", "CREATE_FAILED")
        }
    return selected(f"the stack {stack}", machines, logical_id)
