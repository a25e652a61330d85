"""Read: a document in the Amazon States Language becomes the values one would have written.

What the classes cannot hold becomes a :class:`RawState`, so that nothing is lost. What no rule could
see in the values, such as a field that is not of the language, is noted where it is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from cfngen.asl.flow import Flow, Goto
from cfngen.asl.graph import WORKFLOW_FIELDS, Graph
from cfngen.asl.read.documents import Document, copied, loaded
from cfngen.asl.read.graphs import build, unbuilt_graphs
from cfngen.asl.read.problems import document_problem, unknown_field_problem
from cfngen.asl.schema import WORKFLOW, fields_of
from cfngen.asl.values import JSONPATH, Function, query_language
from cfngen.cfn.functions import is_function
from cfngen.cfn.text import as_sub_text
from cfngen.core.declared import Declared, frozen

__all__ = ["Document", "Function", "Reading", "copied", "loaded", "read"]


@frozen
class Reading(Declared):
    """What is read from a document: the flow and the fields of a workflow, its graph, itself.

    ``unreached`` are flows of any graph that nothing leads to, so that they are not in ``flow``.
    """

    flow: Flow
    fields: Mapping[str, Any]
    graph: Graph = field(repr=False)
    document: Document = field(repr=False)
    unreached: tuple[Flow, ...] = field(default=(), repr=False)

    def copy(self) -> dict[str, Any]:
        """Return the document anew."""
        document: dict[str, Any] = copied(self.document)
        return document


def read(document: Document) -> Reading:
    """Return what a document says, also where that is wrong: the rules will tell."""
    language = query_language(document.get("QueryLanguage"), JSONPATH, _field_names(document.get("States")))
    fields = {
        name: _workflow_field(name, document[name])
        for name in WORKFLOW_FIELDS
        if document.get(name) is not None
    }
    all_graphs = unbuilt_graphs(document, language)
    top = all_graphs[0]
    known = {row.name for row in fields_of(WORKFLOW)}
    for name in document:
        if name not in known:
            top.graph.unread.append(unknown_field_problem("", name, WORKFLOW))
        elif document[name] is None:
            top.graph.unread.append(document_problem(f"/{name}", f"{name!r} cannot be null"))
    for unbuilt in reversed(all_graphs):
        build(unbuilt)
    unreached = tuple(flow for unbuilt in all_graphs for flow in unbuilt.unreached)
    return Reading(top.flow or Goto(""), fields, top.graph, document, unreached)


def _field_names(states: Any) -> Iterator[object]:
    for state in states.values() if isinstance(states, Mapping) else ():
        yield from state if isinstance(state, Mapping) else ()


def _workflow_field(name: str, value: Any) -> Any:
    """Return a field of the workflow; in an object, a function is not a number."""
    if name != "TimeoutSeconds":
        return as_sub_text(value)
    return Function(value) if is_function(value) else value
