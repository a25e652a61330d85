"""What a picture or a page is of: a state machine in a file, or a stack or workflow in Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.views.drawing import Drawing
from cfngen.workflow import Workflow

if TYPE_CHECKING:
    from cfngen.inputs.machines import Machine
    from cfngen.inputs.policies import MachinePolicy


class SubjectError(Exception):
    """A file that holds no state machine, or not the one that is asked for."""


@frozen(kw_only=True)
class Subject(Declared):
    """A state machine with what is around it: a stack in Python, or the file it stands in."""

    title: str
    workflow: Workflow
    stack: Any = field(default=None, repr=False, compare=False)
    machine: Machine | None = field(default=None, repr=False, compare=False)
    path: str | None = None

    @cached_property
    def drawing(self) -> Drawing:
        """Its graph."""
        return self.workflow.graph()

    def policy(self) -> MachinePolicy | None:
        """Return what its role must allow, or None where it is not known what it stands in.

        Raises ``WorkflowError``.
        """
        from cfngen.inputs import policies

        if self.machine is not None:
            return policies.of_machine(self.machine, self.title)
        return None if self.stack is None else policies.of_stack(self.stack, self.title)

    def resources(self) -> Mapping[str, Any]:
        """Return the resources of the template that it stands in, by logical id.

        Raises ``WorkflowError`` and ``StackError``.
        """
        if self.path is not None:
            from cfngen.documents.source import parse, read_file

            document: Mapping[str, Any] = parse(read_file(self.path), self.path).data
        elif self.stack is not None:
            from cfngen.inputs.targets import template_of
            from cfngen.template import document as document_of

            document = document_of(template_of(self.stack))
        else:
            return {}
        resources = document.get("Resources")
        return resources if isinstance(resources, Mapping) else {}


def of_workflow(workflow: Workflow, title: str = "Workflow") -> Subject:
    """Return a workflow by itself."""
    return Subject(title=title, workflow=workflow)


def of_target(found: Any, title: str) -> Subject:
    """Return a stack, or a workflow in a stack of its own. Raises ``TargetError`` for a template."""
    from cfngen.inputs.targets import machine_of

    return Subject(title=title, workflow=machine_of(found).workflow, stack=found)


def of_file(path: str, logical_id: str | None = None) -> Subject:
    """Return the state machine of a file, or the one of that logical id.

    Raises ``ReadError`` and ``OSError`` as ``machines.load`` does, and ``SubjectError``.
    """
    from cfngen.inputs import machines

    found, unread = machines.load_all(path)
    names = [machine.name for machine in found]
    if logical_id is not None and logical_id not in names:
        for other in unread:
            if other.name == logical_id:
                raise other.error
        hint = did_you_mean(logical_id, names) or f"it has {', '.join(filter(None, names)) or 'none'}"
        raise SubjectError(f"{path} has no state machine {logical_id!r}; {hint}")
    if not found and unread:
        raise unread[0].error
    if not found:
        raise SubjectError(f"{path}: there is no state machine in it")
    if logical_id is None and len(found) + len(unread) > 1:
        listed = ", ".join([*names, *(other.name for other in unread)])
        raise SubjectError(f"{path} has {listed}: say which with --machine {names[0]}")
    [machine] = [machine for machine in found if logical_id in (None, machine.name)]
    title = f"{path}:{machine.name}" if machine.name else path
    return Subject(title=title, workflow=machine.workflow, machine=machine, path=path)
