"""A module of Python: states by names of their own, what they lead to before them, and the workflows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pkgutil import iter_modules
from typing import Any, Final

import cfngen
from cfngen import tasks
from cfngen.asl.flow import Flow, Goto, steps
from cfngen.asl.read import Reading, read
from cfngen.asl.states import State, Task
from cfngen.asl.values import EXPRESS, JSONPATH, Function, Language, WorkflowType
from cfngen.cfn.functions import is_function
from cfngen.codegen.expressions import Expressions
from cfngen.codegen.functions import FUNCTIONS
from cfngen.codegen.layout import Expression, atom, group, laid_out, literal
from cfngen.codegen.names import Names
from cfngen.codegen.typed import typed
from cfngen.core.problems import WorkflowError
from cfngen.workflow import Workflow

_JOINED: Final = 60
"""Columns up to which states are joined by '>>'; longer rows are chains, a state a line."""

_UNREACHED: Final = "# Nothing leads to these states, so that they are no part of the workflow.\n"
_LEFT: Final = "# The definition says {} too, which a Workflow cannot hold.\n"
_EXPRESS: Final = "# An express workflow: its machine is StateMachine({}, type='EXPRESS').\n"

_Work = Iterator[Any]  # of the works that must be done before it


def written(
    workflows: Mapping[str, Workflow], title: str = "", types: Mapping[str, WorkflowType] | None = None
) -> str:
    """Return Python that builds the same workflows, each under a name like its key.

    It is formatted as ruff and black format lines of 100 columns or more. Tasks are of their typed classes
    where those take all that is given; what no class takes is a ``RawState``. States are rendered in the
    definition's order where flows can have it. ``title`` documents the module, ``types`` are those of the
    workflows' machines.

    Raises ``WorkflowError`` for a definition that has no beginning, or states that are none.
    """
    readings = {name: _reading(workflow) for name, workflow in workflows.items()}
    names = Names(
        (*cfngen.__all__, "Function", *FUNCTIONS, *(each.name for each in iter_modules(tasks.__path__)))
    )
    variables = {name: names.new(name, "workflow") for name in workflows}
    module = _Module(names)
    for name, reading in readings.items():
        module.add(variables[name], reading, (types or {}).get(name))
    return module.text(title)


class _Scope:
    """The states of a flow by their names, and the variables of those that have one by now.

    ``met`` are the ids of the Gotos to what linking has met before: there the state itself means the same,
    and leaves the order in which states are rendered as it is.
    """

    def __init__(self, flow: Flow) -> None:
        self.variables: dict[str, str] = {}
        self.states: dict[str, State] = {}
        self.met: set[int] = set()
        waiting = [flow]
        for part in waiting:  # which grows as it is walked
            for step in steps(part):
                if isinstance(step, State):
                    self.states[step.Name] = step
                    waiting += [target for _, target in step.edges()]
                elif step.Name in self.states:
                    self.met.add(id(step))


class _Module:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.made = Expressions(names, self._flow)
        self.language: Language = JSONPATH
        self.scopes: dict[int, _Scope] = {}
        self.scope = _Scope(Goto(""))

    def add(self, variable: str, reading: Reading, type_: WorkflowType | None) -> None:
        """Add the statements that build a workflow."""
        self.language = reading.fields.get("QueryLanguage", JSONPATH)
        self._define(reading.flow)
        for flow in reading.unreached:
            self.made.statements.append(_UNREACHED)
            self._define(flow)
        self.made.statements += [
            _LEFT.format(literal(name)[:60])
            for name in reading.document
            if name not in ("StartAt", "States", *reading.fields)
        ]
        if type_ == EXPRESS:
            self.made.statements.append(_EXPRESS.format(variable))
        self.made.use("cfngen", "Workflow")
        fields = {name: _field(reading.document[name]) for name in reading.fields}
        made = self.made.call("Workflow", self._flow(reading.flow), fields)
        self.made.statements.append(laid_out(f"{variable} = ", made))

    def text(self, title: str) -> str:
        """Return the whole of the module."""
        imported = self.made.imported
        imports = "".join(_import(module, imported[module]) for module in sorted(imported))
        head = f'"""{title}"""\n\n' if title else ""
        return f"{head}{imports}\n{''.join(self.made.statements)}"

    def _define(self, flow: Flow) -> None:
        """Write the states of a flow, each after those it leads to, without recursion."""
        scope = self.scopes[id(flow)] = _Scope(flow)
        waiting: list[_Work] = [self._row(flow, scope)]
        while waiting:
            if (before := next(waiting[-1], None)) is None:
                waiting.pop()
            else:
                waiting.append(before)

    def _row(self, flow: Flow, scope: _Scope) -> _Work:
        for step in steps(flow):
            if step.Name in scope.variables:
                continue
            if isinstance(step, State):
                yield self._state(step, scope)
            elif id(step) in scope.met and _leads_nowhere(target := scope.states[step.Name]):
                self._write(target, scope)  # so that it need not be named by a Goto

    def _state(self, state: State, scope: _Scope) -> _Work:
        for _, flow in state.edges():
            yield self._row(flow, scope)
        for _, flow in state.scopes():
            self.scopes[id(flow)] = inner = _Scope(flow)
            yield self._row(flow, inner)
        self._write(state, scope)

    def _write(self, state: State, scope: _Scope) -> None:
        self.scope = scope
        made = self.made.state(typed(state, self.language) if isinstance(state, Task) else state)
        variable = scope.variables[state.Name] = self.names.new(state.Name, "state")
        self.made.statements.append(laid_out(f"{variable} = ", made))

    def _flow(self, flow: Flow) -> Expression:
        """Return a flow by the variables of its states; one that has none yet is named by a Goto."""
        scope = self.scopes.get(id(flow), self.scope)
        row = [self._step(step, scope) for step in steps(flow)]
        if len(row) == 1:
            return row[0]
        if sum(step.width + 4 for step in row) <= _JOINED:
            return atom(" >> ".join(laid_out("", step).rstrip() for step in row))
        self.made.use("cfngen", "chain")
        return group("chain(", [("", step) for step in row], ")")

    def _step(self, step: State | Goto, scope: _Scope) -> Expression:
        variable = scope.variables.get(step.Name)
        if variable and (isinstance(step, State) or id(step) in scope.met):
            return atom(variable)
        self.made.use("cfngen", "Goto")
        return group("Goto(", [("", atom(literal(step.Name)))], ")")


def _reading(workflow: Workflow) -> Reading:
    """Return a workflow as it is read from its definition. Raises ``WorkflowError``."""
    reading: Reading | None = workflow._read
    if reading is None:
        reading = read(workflow.to_asl())
    if reading.graph.conflicts:
        raise WorkflowError(reading.graph.conflicts)
    return reading


def _leads_nowhere(state: State) -> bool:
    return not any(True for _ in state.edges()) and not any(True for _ in state.scopes())


def _field(given: Any) -> Any:
    return Function(given) if is_function(given) else given


def _import(module: str, names: set[str]) -> str:
    """Return an import as ruff sorts it: constants, then classes, then the rest."""
    ordered = sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    line = f"from {module} import {', '.join(ordered)}\n"
    if len(line) <= 100:
        return line
    return f"from {module} import (\n{''.join(f'    {name},{chr(10)}' for name in ordered)})\n"
