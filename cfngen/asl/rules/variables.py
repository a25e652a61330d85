"""Rules about the variables that states assign and read.

https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfngen.asl import jsonpath
from cfngen.asl.graph import Graph, LinkedWorkflow, Node, is_distributed
from cfngen.asl.holes import is_known, parse_call, parse_path
from cfngen.asl.rules.expressions import PlacedExpression, expressions, may_hold, reading
from cfngen.asl.rules.fields import brief, schema_problem
from cfngen.asl.states import RawState
from cfngen.asl.values import JSONATA
from cfngen.cfn.text import has_substitution
from cfngen.core import wording
from cfngen.core.declared import did_you_mean
from cfngen.core.problems import Problem

if TYPE_CHECKING:
    pass

MAX_NAME: Final = 80
RESERVED: Final = "states"
_VARIABLE: Final = re.compile(r"\$[^\s.\[$)]")
"""How the name of a variable begins in a path; most paths have none."""


def variables_are_sound(workflow: LinkedWorkflow) -> Iterator[Problem]:
    """A state reads variables that states before it have assigned, in its own scope or in an outer one.

    The name of a variable MUST be a Unicode identifier of at most 80 characters, and not ``states``.
    Inner scopes cannot assign variables of outer scopes, whichever is assigned first; what they assign is
    gone when they end. A
    distributed Map cannot read variables of outer scopes. Step Functions takes a definition that reads
    what is not assigned, and fails when it comes to it; so that is a warning.
    """
    uses: dict[int, list[_VariableUse]] = {}
    tested: set[str] = set()
    assigned: dict[int, list[tuple[str, Mapping[Any, Any]]]] = {}
    nodes = (node for graph in workflow.graph.graphs() for node in graph.nodes.values())
    for node in filter(may_hold, nodes):
        if assignments := _assigned_by(node):
            assigned[id(node)] = assignments
            for pointer, names in assignments:
                yield from _name_problems(node, pointer, names)
        for expression in expressions(node):
            read, questions = _reads(expression)
            tested.update(questions)
            if read:
                uses.setdefault(id(node), []).append(_VariableUse(expression, read))
    if uses or assigned:
        yield from _Flowing(uses, tested, assigned).problems(workflow.graph)


class _VariableUse(NamedTuple):
    expression: PlacedExpression
    names: tuple[str, ...]


class _Known(NamedTuple):
    """What is assigned at a place, as sets of bits: on every way to it, on some, and out of reach."""

    surely: int
    maybe: int
    hidden: int = 0


@dataclass(eq=False, repr=False)
class _Flowing:
    """Follows assignments along the transitions, scope by scope, each variable a bit of whole numbers."""

    uses: dict[int, list[_VariableUse]]
    tested: set[str]
    assigned: dict[int, list[tuple[str, Mapping[Any, Any]]]]
    bits: dict[str, int] = field(default_factory=dict)

    def problems(self, top: Graph) -> Iterator[Problem]:
        masks = {node: self._masks(assignments) for node, assignments in self.assigned.items()}
        entered = {id(top): _Known(0, 0)}
        scopes: dict[int, int] = {}  # the variables of each scope and of those around it
        for graph in top.graphs():
            around = 0 if graph.outer is None else scopes.get(id(graph), 0)
            for node in graph.nodes.values() if around else ():
                yield from self._shadowing(node, around)
            for mask in (
                mask for node in graph.nodes.values() for mask in masks.get(id(node), {}).values()
            ):
                around |= mask
            for node in graph.nodes.values():
                for subgraph in node.subgraphs.values():
                    scopes[id(subgraph)] = 0 if is_distributed(node.state) else around
            outer = entered.pop(id(graph), None)
            if outer is None:
                continue  # inside a state that is never reached
            for name, known in self._follow(graph, outer, masks).items():
                node = graph.nodes[name]
                for use in self.uses.get(id(node), ()):
                    yield from self._unassigned(use, known)
                for subgraph in node.subgraphs.values():
                    apart = is_distributed(node.state)
                    entered[id(subgraph)] = _Known(0, 0, known.maybe | known.hidden) if apart else known

    def _masks(self, assignments: list[tuple[str, Mapping[Any, Any]]]) -> dict[str, int]:
        masks = {}
        for pointer, names in assignments:
            mask = 0
            for key in names:
                if isinstance(key, str):
                    mask |= self.bits.setdefault(key.removesuffix(".$"), 1 << len(self.bits))
            masks[pointer] = mask
        return masks

    def _follow(self, graph: Graph, outer: _Known, masks: dict[int, dict[str, int]]) -> dict[str, _Known]:
        """Return what is known on entry of each state that is reached, once nothing changes any more."""
        order = graph.reached()
        known: dict[str, _Known] = {graph.start: outer} if order else {}
        changed = True
        while changed:
            changed = False
            for name in order:
                node, before = graph.nodes[name], known[name]
                own = masks.get(id(node))
                for pointer, target in node.transitions():
                    if target not in graph.nodes:
                        continue
                    mask = own.get(_assigning(pointer), 0) if own else 0
                    surely, maybe = before.surely | mask, before.maybe | mask
                    there = known.get(target)
                    if there is not None:
                        surely, maybe = surely & there.surely, maybe | there.maybe
                    if there is None or surely != there.surely or maybe != there.maybe:
                        known[target] = _Known(surely, maybe, outer.hidden)
                        changed = True
        return known

    def _unassigned(self, use: _VariableUse, known: _Known) -> Iterator[Problem]:
        for name in use.names:
            bit = self.bits.get(name, 0)
            if bit & known.surely:
                continue
            if bit & known.maybe:
                if name not in self.tested:
                    yield _warning(
                        use,
                        name,
                        "is not assigned on every path to the state",
                        "assign it on the other paths too, or before they separate",
                    )
            elif bit & known.hidden:
                yield _warning(
                    use,
                    name,
                    "is a variable outside the distributed Map",
                    "use ItemSelector to pass values into a distributed Map",
                )
            else:
                yield _warning(use, name, "is not assigned by any state before", self._hint(name, known))

    def _hint(self, name: str, known: _Known) -> str:
        reached = [f"${other}" for other, bit in self.bits.items() if bit & known.maybe]
        if near := did_you_mean(f"${name}", reached, prefix="$"):
            return near
        if name in self.bits:
            return "an assignment takes effect in the next state; one inside a Parallel or Map ends with it"
        assign = wording.either(f"Assign={{{name!r}: ...}}", f'"Assign": {{"{name}": ...}}')
        return f"set it with {assign} in a state before"

    def _shadowing(self, node: Node, around: int) -> Iterator[Problem]:
        for pointer, names in self.assigned.get(id(node), ()):
            for key in names:
                name = key.removesuffix(".$") if isinstance(key, str) else ""
                if self.bits.get(name, 0) & around:
                    yield schema_problem(
                        f"{node.location}/{pointer}/{name}",
                        f"'${name}' is a variable of an outer scope, and an inner scope cannot assign it",
                        "use another name here, and pass the value out as the result",
                    )


def _name_problems(node: Node, pointer: str, assigned: Mapping[Any, Any]) -> Iterator[Problem]:
    """The name of a variable MUST be a Unicode identifier of at most 80 characters, not ``states``."""
    for key in assigned:
        if not isinstance(key, str) or has_substitution(key):
            continue
        name = key.removesuffix(".$")
        location = f"{node.location}/{pointer}/{name}"
        if name == RESERVED:
            yield schema_problem(location, "'states' is reserved: '$states' holds the input of a state")
        elif not name.isidentifier():
            yield schema_problem(
                location,
                f"{brief(name)} is not a valid name of a variable",
                f"write {name[1:]!r}: the '$' is only written where it is read"
                if name[:1] == "$" and name[1:].isidentifier()
                else "a name has letters, digits and '_', and does not begin with a digit",
            )
        elif len(name) > MAX_NAME:
            length = len(name)
            yield schema_problem(
                location,
                f"the name of a variable can have at most {MAX_NAME} characters; this one has {length}",
            )


def _assigned_by(node: Node) -> list[tuple[str, Mapping[Any, Any]]]:
    """Return what a state assigns, by the field of the state, in the order of the document."""
    state = node.state
    own: Mapping[str, Any] = state.Fields if isinstance(state, RawState) else vars(state)
    assignments = []
    for key in ("Choices", "Catch"):
        entries = own.get(key)
        for index, entry in enumerate(entries if isinstance(entries, (list, tuple)) else ()):
            fields = entry if isinstance(entry, Mapping) else getattr(entry, "__dict__", {})
            if isinstance(assign := fields.get("Assign"), Mapping):
                assignments.append((f"{key}/{index}/Assign", assign))
    if isinstance(assign := own.get("Assign"), Mapping):
        assignments.append(("Assign", assign))
    return assignments


def _assigning(pointer: str) -> str:
    """Return the ``Assign`` that counts when a state goes this way."""
    return "Assign" if pointer in ("Next", "Default") else f"{pointer.removesuffix('/Next')}/Assign"


def _reads(expression: PlacedExpression) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the variables that an expression reads, and those it only asks for."""
    if expression.language == JSONATA:
        read = reading(expression)
        return (tuple(filter(is_known, read.variables)), read.tested) if read is not None else ((), ())
    from cfngen.asl import intrinsics

    if expression.text.startswith(intrinsics.PREFIX):
        call = parse_call(expression.text)
        paths = call.paths if isinstance(call, intrinsics.FunctionCall) else ()
    elif _VARIABLE.search(expression.text):
        path = parse_path(expression.text)
        paths = (path,) if isinstance(path, jsonpath.JsonPath) else ()
    else:
        return (), ()
    names = tuple(dict.fromkeys(it.variable for it in paths if it.variable and is_known(it.variable)))
    return ((), names) if expression.tests_presence else (names, ())


def _warning(use: _VariableUse, name: str, message: str, hint: str) -> Problem:
    text = use.expression.text.strip()
    where = "" if text == f"${name}" else f" in {brief(text)}"
    return Problem(
        "SCHEMA_VALIDATION_FAILED", use.expression.location, f"'${name}'{where} {message}", hint, "warning"
    )
