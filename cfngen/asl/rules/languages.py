"""Rules about the two query languages, whose fields do not mix.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cfngen.asl.graph import Graph, Node
from cfngen.asl.rules.fields import schema
from cfngen.asl.states import AnyTask, RawState
from cfngen.asl.values import JSONATA, JSONPATH, OMIT
from cfngen.core.problems import Problem

_JSONPATH_ONLY: Final = {
    "InputPath": "in JSONata, expressions read $states.input",
    "ItemsPath": "use 'Items' instead",
    "Parameters": "use 'Arguments' instead",
    "Result": "use 'Output' instead",
    "ResultSelector": "use 'Output' instead, which can read $states.result",
    "ResultPath": "use 'Output' and 'Assign' instead",
    "OutputPath": "use 'Output' instead",
}
_JSONATA_ONLY: Final = {
    "Arguments": "use 'Parameters' instead",
    "Items": "use 'ItemsPath' instead",
    "Output": "use 'ResultSelector', 'ResultPath' and 'OutputPath' instead",
}


def fields_are_of_the_query_language(node: Node, graph: Graph) -> Iterator[Problem]:
    """JSONPath states have five fields for their data, JSONata states ``Arguments`` and ``Output``."""
    state = node.state
    if isinstance(state, RawState):
        return
    own: Mapping[str, Any] = vars(state)
    if isinstance(state, AnyTask):  # whose arguments may have the names of other states' fields
        others = {name: own[name] for name in own if name not in ("Parameters", "Arguments")}
        own = {**others, **state.payloads(node.language)}
    yield from _foreign(node, node.location, own)
    for index, catcher in enumerate(getattr(state, "Catch", ())):
        yield from _foreign(
            node, f"{node.location}/Catch/{index}", vars(catcher), "use 'ResultPath' instead"
        )
    for name in ("ItemReader", "ResultWriter") if state.Type == "Map" else ():
        if (value := getattr(state, name)) is not None:
            yield from _foreign(node, f"{node.location}/{name}", vars(value))


def state_keeps_to_the_language_of_a_jsonata_workflow(node: Node, graph: Graph) -> Iterator[Problem]:
    """In a workflow of JSONata every state is; one of JSONPath may hold states of either.

    https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
    """
    if node.inherited == JSONATA and node.language == JSONPATH:
        yield schema(
            f"{node.location}/QueryLanguage",
            "a workflow in JSONata cannot contain a state in JSONPath",
            'set QueryLanguage="JSONata" on the states that use it, and not on the workflow',
        )


def _foreign(node: Node, place: str, own: Mapping[str, Any], for_output: str = "") -> Iterator[Problem]:
    foreign, other = (_JSONPATH_ONLY, JSONPATH) if node.language == JSONATA else (_JSONATA_ONLY, JSONATA)
    for name, hint in foreign.items():
        if own.get(name, OMIT) is not OMIT and not (name == "ResultSelector" and own[name] is None):
            yield schema(
                f"{place}/{name}",
                f"{name!r} is a field of {other}, and the state's query language is {node.language}",
                for_output if for_output and name == "Output" else hint,
            )
