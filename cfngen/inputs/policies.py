"""The policies of state machines where they stand: in files, in templates, or in the user's own Python."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from awacs.aws import PolicyDocument
from troposphere import encode_to_dict

from cfngen.core.declared import Declared, frozen
from cfngen.documents.source import ReadError
from cfngen.iam.derive import LEAST_PRIVILEGE, Derived, Scope, derive
from cfngen.iam.self_reference import features_of, name_in_arn
from cfngen.inputs.targets import TargetError, load, machine_of
from cfngen.workflow import PolicyWarning

if TYPE_CHECKING:
    from cfngen.inputs.machines import Machine


@frozen
class Policy(Declared):
    """What one state machine may do, and the statements that its author adds."""

    name: str
    derived: Derived
    extra: Sequence[Any] = ()

    def document(self) -> Mapping[str, Any]:
        """Return the policy as plain data, intrinsics as CloudFormation spells them."""
        made: PolicyDocument = self.derived.document()
        made.Statement = [*made.Statement, *self.extra]
        document: Mapping[str, Any] = encode_to_dict(made)
        return document


def policies(
    targets: Sequence[str], settings: Sequence[tuple[str, str]] = (), scope: str | None = None
) -> list[Policy]:
    """Return the policy of each state machine of files and targets.

    Warns with ``PolicyWarning`` where one is wide. Raises ``TargetError`` for what cannot be read,
    ``WorkflowError`` for what is no workflow.
    """
    wanted = None if scope is None else Scope(scope)
    found = [policy for target in targets for policy in _of(target, settings, wanted)]
    if not found:
        raise TargetError(f"{', '.join(targets)}: there is no state machine in it")
    for policy in found:
        for problem in policy.derived.warnings:
            warnings.warn(str(problem), PolicyWarning, stacklevel=2)
    return found


def of_machine(machine: Machine, title: str, scope: Scope = LEAST_PRIVILEGE) -> Policy:
    """Return the policy of a state machine that was read from a file. Raises ``WorkflowError``."""
    machine.workflow.raise_errors(machine.type)
    given = machine.properties
    named = given.get("StateMachineName", given.get("Name"))
    own = name_in_arn(named, machine.name) if machine.name else None
    return Policy(title, derive(machine.workflow.linked, scope, features_of(given), own))


def of_stack(found: Any, title: str, scope: Scope | None = None) -> Policy:
    """Return the policy of a stack or workflow. Raises ``WorkflowError`` and ``TargetError``."""
    machine = machine_of(found)
    return Policy(title, machine.derived(scope), machine.extra_statements)


def as_json(found: Sequence[Policy]) -> str:
    """Return one policy as its document, several as documents by name."""
    from cfngen.template import pretty

    return pretty(_documents(found)) + "\n"


def as_yaml(found: Sequence[Policy]) -> str:
    """Return what ``as_json`` returns, as YAML."""
    from cfngen.template.yaml_text import block

    return block(dict(_documents(found)))


def explained(found: Sequence[Policy]) -> str:
    """Return why each statement is there; an author's own statements need no reason."""
    from cfngen.iam.explain import explain

    texts = []
    for policy in found:
        title = f"{policy.name}\n\n" if len(found) > 1 else ""
        own = "\n\nand the stack's own extra statements" if policy.extra else ""
        texts.append(f"{title}{explain(policy.derived) or 'It calls nothing.'}{own}\n")
    return "\n".join(texts)


def _documents(found: Sequence[Policy]) -> Mapping[str, Any]:
    if len(found) == 1:
        return found[0].document()
    return {policy.name: policy.document() for policy in found}


def _of(target: str, settings: Sequence[tuple[str, str]], scope: Scope | None) -> Iterator[Policy]:
    if os.path.isfile(target) and not target.endswith(".py"):
        yield from _of_file(target, scope or LEAST_PRIVILEGE)
        return
    yield of_stack(load(target, settings), target, scope)


def _of_file(path: str, scope: Scope) -> Iterator[Policy]:
    from cfngen.inputs import machines

    try:
        found = machines.load(path)
    except ReadError as error:
        raise TargetError(str(error)) from None
    except OSError as error:
        raise TargetError(f"cannot read {path}: {error.strerror}") from None
    for machine in found:
        yield of_machine(machine, f"{path}:{machine.name}" if machine.name else path, scope)
