"""A module of Python: a variable for each state, after the states it refers to, and the workflows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pkgutil import iter_modules
from typing import Any, Final

import cfngen
from cfngen import tasks
from cfngen.asl.flow import Flow, Goto, steps
from cfngen.asl.graph import Graph
from cfngen.asl.link import link
from cfngen.asl.read import Reading, read
from cfngen.asl.states import State, Task
from cfngen.asl.values import EXPRESS, JSONPATH, Function, Language, WorkflowType
from cfngen.cfn.functions import is_function
from cfngen.codegen.expressions import Expressions
from cfngen.codegen.functions import FUNCTIONS
from cfngen.codegen.layout import Formatted, atom, format_statement, group, string_literal, with_escapes
from cfngen.codegen.names import VariableNames
from cfngen.codegen.typed import typed_task
from cfngen.core.problems import WorkflowError
from cfngen.tasks.service import CallingTask
from cfngen.workflow import Workflow

_MAX_JOINED_COLUMNS: Final = 60
"""States are joined by '>>' up to this width; longer rows become a chain with one state a line."""

_UNREACHED: Final = "# No state leads to these states, so that they are not part of the workflow.\n"
_ERRORS: Final = "The definition has errors:"
_LEFT_OUT: Final = "# The definition also has {}, which a Workflow cannot contain.\n"
_EXPRESS: Final = "# An express workflow: use it as StateMachine({}, type='EXPRESS').\n"

_Prerequisites = Iterator[Any]  # yields the steps that must be done before it


def to_python(
    workflows: Mapping[str, Workflow],
    title: str = "",
    types: Mapping[str, WorkflowType] | None = None,
    errors: Sequence[str] = (),
) -> str:
    """Return Python that builds the same workflows, each in a variable with a name like its key.

    It is formatted as ruff and black format lines of 100 columns or more. A task is of its typed class if
    that accepts all of its fields; a state that no class accepts is a ``RawState``. States keep the order
    of the definition if flows can have it, and else ``order`` of the workflow names them. ``title`` is the
    docstring of the module, ``types`` are those of the state machines, and ``errors`` stand in a comment at
    its top.

    Raises ``WorkflowError`` for a definition without a start, or with values that are not states.
    """
    readings = {name: _reading_of(workflow) for name, workflow in workflows.items()}
    names = VariableNames(
        (*cfngen.__all__, "Function", *FUNCTIONS, *(each.name for each in iter_modules(tasks.__path__)))
    )
    variables = {name: names.new(name, "workflow") for name in workflows}
    module = _Module(names)
    for name, reading in readings.items():
        module.hints = _hints(workflows[name])
        module.add(variables[name], reading, (types or {}).get(name))
    return module.text(title, errors)


class _FlowNames:
    """The states of a flow by their names, and the variables of those that have one already.

    ``backward`` are the ids of the Gotos to states that come earlier in the flow: the state itself then has
    the same meaning, and the order of the states does not change.
    """

    def __init__(self, flow: Flow) -> None:
        self.variables: dict[str, str] = {}
        self.states: dict[str, State] = {}
        self.backward: set[int] = set()
        flows = [flow]
        for part in flows:  # the loop adds to this list
            for step in steps(part):
                if isinstance(step, State):
                    self.states[step.Name] = step
                    flows += [target for _, target in step.edges()]
                elif step.Name in self.states:
                    self.backward.add(id(step))


class _Module:
    def __init__(self, names: VariableNames) -> None:
        self.names = names
        self.expressions = Expressions(names, self._flow)
        self.language: Language = JSONPATH
        self.names_of_flows: dict[int, _FlowNames] = {}
        self.names_here = _FlowNames(Goto(""))
        self.hints: Mapping[str, Any] = {}

    def add(self, variable: str, reading: Reading, type_: WorkflowType | None) -> None:
        """Add the statements that build a workflow."""
        self.language = reading.fields.get("QueryLanguage", JSONPATH)
        self._define(reading.flow)
        for flow in reading.unreached:
            self.expressions.statements.append(_UNREACHED)
            self._define(flow)
        self.expressions.statements += [
            _LEFT_OUT.format(string_literal(name)[:60])
            for name in reading.document
            if name not in ("StartAt", "States", *reading.fields)
        ]
        if type_ == EXPRESS:
            self.expressions.statements.append(_EXPRESS.format(variable))
        self.expressions.use("cfngen", "Workflow")
        fields = {name: _with_functions(reading.document[name]) for name in reading.fields}
        if order := _order_of_document(reading):
            fields["order"] = order
        call = self.expressions.call("Workflow", self._flow(reading.flow), fields)
        self.expressions.statements.append(format_statement(f"{variable} = ", call))

    def text(self, title: str, errors: Sequence[str]) -> str:
        """Return the text of the module."""
        imported = self.expressions.imported
        imports = "".join(_import(module, imported[module]) for module in sorted(imported))
        head = f'"""{title}"""\n\n' if title else ""
        lines = [line for error in errors for line in error.splitlines()]
        comment = (
            "".join(f"# {with_escapes(line).strip()}\n" for line in (_ERRORS, *lines)) if lines else ""
        )
        return f"{head}{comment}{imports}\n{''.join(self.expressions.statements)}"

    def _define(self, flow: Flow) -> None:
        """Write the states of a flow, each after those that it refers to, without recursion."""
        flow_names = self.names_of_flows[id(flow)] = _FlowNames(flow)
        pending: list[_Prerequisites] = [self._row(flow, flow_names)]
        while pending:
            if (before := next(pending[-1], None)) is None:
                pending.pop()
            else:
                pending.append(before)

    def _row(self, flow: Flow, flow_names: _FlowNames) -> _Prerequisites:
        for step in steps(flow):
            if step.Name in flow_names.variables:
                continue
            if isinstance(step, State):
                yield self._state(step, flow_names)
            elif (
                id(step) in flow_names.backward
                and (target := flow_names.states.get(step.Name)) is not None
                and _leads_nowhere(target)
            ):
                self._write(target, flow_names)  # or a Goto would have to name it

    def _state(self, state: State, flow_names: _FlowNames) -> _Prerequisites:
        for _, flow in state.edges():
            yield self._row(flow, flow_names)
        for _, flow in state.inner_flows():
            self.names_of_flows[id(flow)] = inner = _FlowNames(flow)
            yield self._row(flow, inner)
        self._write(state, flow_names)

    def _write(self, state: State, flow_names: _FlowNames) -> None:
        self.names_here = flow_names
        task = typed_task(state, self.language) if isinstance(state, Task) else state
        if isinstance(task, CallingTask) and state.Name in self.hints:
            task = replace(task, resources=self.hints[state.Name])
        call = self.expressions.state(task)
        variable = flow_names.variables[state.Name] = self.names.new(state.Name, "state")
        self.expressions.statements.append(format_statement(f"{variable} = ", call))

    def _flow(self, flow: Flow) -> Formatted:
        """Return a flow with the variables of its states; a state without one is named by a Goto."""
        flow_names = self.names_of_flows.get(id(flow), self.names_here)
        row = [self._step(step, flow_names) for step in steps(flow)]
        if len(row) == 1:
            return row[0]
        if sum(step.width + 4 for step in row) <= _MAX_JOINED_COLUMNS:
            return atom(" >> ".join(format_statement("", step).rstrip() for step in row))
        self.expressions.use("cfngen", "chain")
        return group("chain(", [("", step) for step in row], ")")

    def _step(self, step: State | Goto, flow_names: _FlowNames) -> Formatted:
        variable = flow_names.variables.get(step.Name)
        if variable and (isinstance(step, State) or id(step) in flow_names.backward):
            return atom(variable)
        self.expressions.use("cfngen", "Goto")
        return group("Goto(", [("", atom(string_literal(step.Name)))], ")")


def _reading_of(workflow: Workflow) -> Reading:
    """Return a workflow as it is read from its definition. Raises ``WorkflowError``."""
    reading: Reading | None = workflow._read
    if reading is None:
        reading = read(workflow.to_asl())
    if reading.graph.conflicts:
        raise WorkflowError(reading.graph.conflicts)
    return reading


def _hints(workflow: Workflow) -> dict[str, Any]:
    """Return the ``resources`` of tasks by their names: what a policy is made of, and no definition has."""
    states = () if workflow.is_read else (node.state for node, _ in workflow.linked.walk())
    return {
        state.Name: state.resources
        for state in states
        if isinstance(state, CallingTask) and state.resources
    }


def _order_of_document(reading: Reading) -> list[str]:
    """Return the states of the graphs whose order the flow does not have, in the order of the document."""
    names: list[str] = []
    documents = {_location(graph): graph for graph in reading.graph.graphs()}
    for graph in link(reading.flow).graphs():
        document = documents.get(_location(graph))
        expected = [name for name in document.nodes if name in graph.nodes] if document else []
        names += expected if expected != [*graph.nodes] else []
    return names


def _location(graph: Graph) -> str:
    """Return where a graph stands; what a Map runs has two names."""
    return graph.location.replace("/Iterator", "/ItemProcessor")


def _leads_nowhere(state: State) -> bool:
    return not any(True for _ in state.edges()) and not any(True for _ in state.inner_flows())


def _with_functions(value: Any) -> Any:
    return Function(value) if is_function(value) else value


def _import(module: str, names: set[str]) -> str:
    """Return an import as ruff sorts it: constants, then classes, then the rest."""
    ordered = sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    line = f"from {module} import {', '.join(ordered)}\n"
    if len(line) <= 100:
        return line
    return f"from {module} import (\n{''.join(f'    {name},{chr(10)}' for name in ordered)})\n"
