"""The source of a diagram or a page: a state machine in a file, or a stack or workflow in Python."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cfngen.asl.values import STANDARD
from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.documents.source import ENDINGS, parse, read_file
from cfngen.views.drawing import Drawing, draw
from cfngen.workflow import Workflow

if TYPE_CHECKING:
    from cfngen.core.problems import Problem
    from cfngen.inputs.machines import UnreadableMachine
    from cfngen.inputs.policies import MachinePolicy
    from cfngen.machines import SourceMachine


class DiagramSourceError(Exception):
    """A file has no state machine, or not the selected one."""


@frozen(kw_only=True)
class DiagramSource(Declared):
    """A state machine with its stack in Python, or with the file that has it."""

    title: str
    workflow: Workflow
    stack: Any = field(default=None, repr=False, compare=False)
    machine: SourceMachine | None = field(default=None, repr=False, compare=False)
    path: str | None = None

    @cached_property
    def drawing(self) -> Drawing:
        """The drawing of its graph."""
        return draw(self.workflow)

    @property
    def name(self) -> str:
        """The name of the state machine: that of the resource, its logical id, or the name of the file."""
        if self.machine is None:
            return os.path.basename(self.title)
        properties = self.machine.properties
        name = properties.get("StateMachineName", properties.get("Name"))
        if isinstance(name, str) and name:
            return name
        stem = os.path.basename(self.title)
        for ending in (*ENDINGS, ".asl"):
            stem = stem.removesuffix(ending)
        return self.machine.name or stem

    def problems(self) -> list[Problem]:
        """Return what is wrong with the definition, in document order."""
        if self.stack is not None:
            from cfngen.inputs.targets import machine_of

            return self.workflow.check(machine_of(self.stack).type)
        return self.workflow.check(STANDARD if self.machine is None else self.machine.type)

    def policy(self) -> MachinePolicy | None:
        """Return the policy of its role, or None for a workflow without a stack or a file.

        Raises ``WorkflowError``.
        """
        from cfngen.inputs import policies

        if self.machine is not None:
            return policies.of_machine(self.machine, self.title)
        return None if self.stack is None else policies.of_stack(self.stack, self.title)

    def resources(self) -> Mapping[str, Any]:
        """Return the resources of its template by logical id.

        Raises ``WorkflowError`` and ``StackError``.
        """
        if self.path is not None:
            document: Mapping[str, Any] = parse(read_file(self.path), self.path).data
        elif self.stack is not None:
            from cfngen.inputs.targets import template_of
            from cfngen.template import document as document_of

            document = document_of(template_of(self.stack))
        else:
            return {}
        resources = document.get("Resources")
        return resources if isinstance(resources, Mapping) else {}


def from_workflow(workflow: Workflow, title: str = "Workflow") -> DiagramSource:
    """Return the source of a workflow without a stack."""
    return DiagramSource(title=title, workflow=workflow)


def from_target(stack: Any, title: str, logical_id: str | None = None) -> DiagramSource:
    """Return the source of a stack, of a workflow, or of the only or a selected machine of a template.

    Raises ``TargetError`` for what cannot be rendered, and ``DiagramSourceError``.
    """
    from troposphere import Template

    from cfngen.inputs.targets import machine_of, machines_in

    if not isinstance(stack, Template):
        return DiagramSource(title=title, workflow=machine_of(stack).workflow, stack=stack)
    machine = _selected_machine(title, machines_in(stack, title), [], logical_id)
    return DiagramSource(
        title=f"{title}:{machine.name}", workflow=machine.workflow, stack=stack, machine=machine
    )


def from_file(path: str, logical_id: str | None = None) -> DiagramSource:
    """Return the only state machine of a file, or the one with that logical id.

    Raises ``ReadError`` and ``OSError`` as ``machines.load`` does, and ``DiagramSourceError``.
    """
    from cfngen.inputs import machines

    machine = _selected_machine(path, *machines.load_all(path), logical_id)
    title = f"{path}:{machine.name}" if machine.name else path
    return DiagramSource(title=title, workflow=machine.workflow, machine=machine, path=path)


def _selected_machine(
    path: str,
    readable: Sequence[SourceMachine],
    unreadable: Sequence[UnreadableMachine],
    logical_id: str | None,
) -> SourceMachine:
    names = [machine.name for machine in readable]
    if logical_id is not None and logical_id not in names:
        for other in unreadable:
            if other.name == logical_id:
                raise other.error
        hint = did_you_mean(logical_id, names) or f"it has {', '.join(filter(None, names)) or 'none'}"
        raise DiagramSourceError(f"{path} has no state machine {logical_id!r}; {hint}")
    if not readable and unreadable:
        raise unreadable[0].error
    if not readable:
        raise DiagramSourceError(f"{path} has no state machine")
    if logical_id is None and len(readable) + len(unreadable) > 1:
        listed = ", ".join([*names, *(other.name for other in unreadable)])
        raise DiagramSourceError(f"{path} has {listed}: select one with --machine {names[0]}")
    return next(machine for machine in readable if logical_id in (None, machine.name))
