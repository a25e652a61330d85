"""Rules about states as mappings of their fields, which no class holds to the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cfngen.asl.graph import LinkedWorkflow
from cfngen.asl.schema import BRANCH, CATCHER, PROCESSOR, RETRIER, RULE, STATES, TEST, FieldKind, fields_of
from cfngen.asl.states import RawState
from cfngen.core.problems import Problem


def raw_fields_are_of_their_state(workflow: LinkedWorkflow) -> Iterator[Problem]:
    """A state MUST NOT have a field of another state type; the same goes for the mappings in it.

    https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
    """
    if workflow.is_read:
        return  # its fields have been looked at when they were read
    for graph in workflow.graph.graphs():
        noted = {problem.location for problem in graph.unread}  # what is inside a raw state is read
        for node in graph.nodes.values():
            state = node.state
            if isinstance(state, RawState) and (owner := state.Fields.get("Type")) in STATES:
                for problem in _unsupported_fields(node.location, str(owner), state.Fields):
                    # a field that the language does not know is what a raw state is for
                    if problem.severity == "error" and problem.location not in noted:
                        yield problem


def _unsupported_fields(location: str, owner: str, fields: Mapping[str, Any]) -> Iterator[Problem]:
    from cfngen.asl.read.problems import unknown_field_problem

    mappings: list[tuple[str, str, Any]] = [(location, owner, fields)]
    for place, holder, mapping in mappings:  # which grows as it is walked
        if not isinstance(mapping, Mapping):
            continue
        known = {name: row for row in fields_of(holder) for name in row.names()}
        for key, value in mapping.items():
            if not isinstance(key, str):
                continue  # which the payload's rule refuses
            if (row := known.get(key)) is None:
                yield unknown_field_problem(place, key, holder)
            elif row.kind in _LISTS and isinstance(value, (list, tuple)) and place.count("/") < _MAX_DEPTH:
                mappings += [
                    (f"{place}/{key}/{index}", _LISTS[row.kind], item) for index, item in enumerate(value)
                ]
            elif (
                row.kind in (FieldKind.PART, FieldKind.PROCESSOR, FieldKind.TEST)
                and place.count("/") < _MAX_DEPTH
            ):
                inside = {FieldKind.PROCESSOR: PROCESSOR, FieldKind.TEST: TEST}.get(row.kind, key)
                mappings.append((f"{place}/{key}", inside, value))


_LISTS: Final = {
    FieldKind.RETRIERS: RETRIER,
    FieldKind.CATCHERS: CATCHER,
    FieldKind.RULES: RULE,
    FieldKind.TESTS: TEST,
    FieldKind.BRANCHES: BRANCH,
}
_MAX_DEPTH: Final = 1_000  # of what contains itself, the payload's rule speaks
