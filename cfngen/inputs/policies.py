"""The policies of state machines where they stand: in files, in templates, or in the user's own Python."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from awacs.aws import PolicyDocument
from troposphere import Template, encode_to_dict

from cfngen.core.callers import warn_caller
from cfngen.core.declared import Declared, frozen
from cfngen.core.wording import in_words_of
from cfngen.documents.source import ReadError
from cfngen.iam.calls import NO_RESOURCES
from cfngen.iam.derive import LEAST_PRIVILEGE, DerivedPolicy, Scope, derive
from cfngen.iam.self_reference import features_of, name_in_arn
from cfngen.inputs.errors import TargetError
from cfngen.template import pretty
from cfngen.workflow import PolicyWarning

if TYPE_CHECKING:
    from cfngen.machines import SourceMachine


@frozen
class MachinePolicy(Declared):
    """What one state machine may do, and the statements that its author adds."""

    name: str
    derived: DerivedPolicy
    extra: Sequence[Any] = ()

    def document(self) -> Mapping[str, Any]:
        """Return the policy as plain data, intrinsics as CloudFormation spells them."""
        policy: PolicyDocument = self.derived.document()
        policy.Statement = [*policy.Statement, *self.extra]
        document: Mapping[str, Any] = encode_to_dict(policy)
        return document


def policies(
    targets: Sequence[str], settings: Sequence[tuple[str, str]] = (), scope: str | None = None
) -> list[MachinePolicy]:
    """Return the policy of each state machine of files and targets.

    Warns with ``PolicyWarning`` where one is wide. Raises ``TargetError`` for what cannot be read,
    ``WorkflowError`` for a workflow with errors.
    """
    resolved_scope = None if scope is None else Scope(scope)
    machine_policies = [
        policy for target in targets for policy in _policies_of_target(target, settings, resolved_scope)
    ]
    if not machine_policies:
        raise TargetError(f"{', '.join(targets)}: there is no state machine in it")
    for policy in machine_policies:
        for problem in policy.derived.warnings:
            warn_caller(str(problem), PolicyWarning)
    return machine_policies


def of_machine(machine: SourceMachine, title: str, scope: Scope = LEAST_PRIVILEGE) -> MachinePolicy:
    """Return the policy of a state machine that was read from a file. Raises ``WorkflowError``."""
    machine.raise_errors()
    properties = machine.properties
    name = properties.get("StateMachineName", properties.get("Name"))
    own = name_in_arn(name, machine.name) if machine.name else None
    graph, features = machine.workflow.linked, features_of(properties)
    with in_words_of(document=True):
        derived = derive(graph, scope, features, own, machine.resources)
    warnings = tuple(machine.placed(problem) for problem in derived.warnings)
    return MachinePolicy(title, replace(derived, warnings=warnings))


def of_stack(target: Any, title: str, scope: Scope | None = None) -> MachinePolicy:
    """Return the policy of a stack or workflow. Raises ``WorkflowError`` and ``TargetError``."""
    from cfngen.inputs.targets import machine_of
    from cfngen.stacks.state_machine import Stack

    machine = machine_of(target)
    neighbours = target.neighbours() if isinstance(target, Stack) else NO_RESOURCES
    return MachinePolicy(title, machine.derived(scope, neighbours), machine.extra_statements)


def policies_as_json(policies: Sequence[MachinePolicy]) -> str:
    """Return one policy as its document, several as documents by name."""
    return pretty(_documents(policies)) + "\n"


def as_yaml(policies: Sequence[MachinePolicy]) -> str:
    """Return what ``as_json`` returns, as YAML."""
    from cfngen.template.yaml_text import block

    return block(dict(_documents(policies)))


def explained(policies: Sequence[MachinePolicy]) -> str:
    """Return why each statement is there; an author's own statements need no reason."""
    from cfngen.iam.explain import explain

    texts = []
    for policy in policies:
        title = f"{policy.name}\n\n" if len(policies) > 1 else ""
        own = "\n\nand the stack's own extra statements" if policy.extra else ""
        texts.append(f"{title}{explain(policy.derived) or 'It calls nothing.'}{own}\n")
    return "\n".join(texts)


def _documents(policies: Sequence[MachinePolicy]) -> Mapping[str, Any]:
    if len(policies) == 1:
        return policies[0].document()
    return {policy.name: policy.document() for policy in policies}


def _policies_of_target(
    target: str, settings: Sequence[tuple[str, str]], scope: Scope | None
) -> Iterator[MachinePolicy]:
    if os.path.isfile(target) and not target.endswith(".py"):
        yield from _policies_of_file(target, scope or LEAST_PRIVILEGE)
        return
    from cfngen.inputs.targets import load, machines_in

    loaded = load(target, settings)
    if not isinstance(loaded, Template):
        yield of_stack(loaded, target, scope)
        return
    machines = machines_in(loaded, target)
    for machine in machines:
        title = f"{target}:{machine.name}" if len(machines) > 1 else target
        yield of_machine(machine, title, scope or LEAST_PRIVILEGE)


def _policies_of_file(path: str, scope: Scope) -> Iterator[MachinePolicy]:
    from cfngen.inputs import machines

    try:
        machines_of_file = machines.load(path)
    except ReadError as error:
        raise TargetError(str(error)) from None
    except OSError as error:
        raise TargetError(f"cannot read {path}: {error.strerror}") from None
    for machine in machines_of_file:
        yield of_machine(machine, f"{path}:{machine.name}" if machine.name else path, scope)
