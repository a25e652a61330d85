"""A page in one file that loads nothing: about an execution, or about a definition.

Values of the user can only become text: the data of the page is JSON in which a parser of HTML finds no
tag, the script of the page inserts it as text, and a content security policy allows this script only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, Final

from cfngen.history import Execution, Visit
from cfngen.views.drawing import Drawing, draw
from cfngen.views.labels import title
from cfngen.views.page_data import definition_data, execution_data, length, moment, state_name
from cfngen.views.svg import asset, svg

if TYPE_CHECKING:
    from cfngen.views.diagram_source import DiagramSource
    from cfngen.workflow import Workflow

__all__ = ["definition_page", "execution_page"]

NOT_REACHED: Final = "not reached"
STATUSES: Final = (
    "failed", "timed out", "aborted", "running", "unknown", "caught", "retried", "succeeded", NOT_REACHED,
)  # fmt: skip
"""The outcomes of a state; of several visits the first one in this order is shown."""


def execution_page(workflow: Workflow, execution: Execution) -> str:
    """Return the page of an execution: its graph with outcomes, and the data and events of each state.

    Raises ``ImportError`` without the extra ``graph``, and ``LayoutError``.
    """
    drawing = draw(workflow)
    outcomes = _outcomes(drawing, execution)
    name = title(execution.name) if execution.name else "Execution"
    body = [
        *_head("Execution details", name, _facts(execution), execution.status),
        *_payloads(execution),
        *_warnings(drawing, execution),
        *_graph(drawing, f"Graph of the execution {name}", outcomes),
        *_panel(),
        *_EVENTS,
        *_definition(drawing, is_open=False),
    ]
    return _page(
        f"{name}: {execution.status.lower().replace('_', ' ')}",
        body,
        execution_data(drawing, execution, outcomes),
    )


def definition_page(source: DiagramSource) -> str:
    """Return the page of a definition: its graph, its text, its policy with reasons, and its resources.

    Raises ``ImportError`` without the extra ``graph``, ``LayoutError``, ``WorkflowError`` and
    ``StackError``.
    """
    drawing = source.drawing
    name = title(source.title)
    workflow = source.workflow
    facts = [
        ("States", f"{sum(1 for _ in drawing.picture.states()):,}"),
        ("Comment", workflow.Comment if isinstance(workflow.Comment, str) else ""),
        ("Timeout", f"{workflow.TimeoutSeconds} s" if workflow.TimeoutSeconds is not None else ""),
        ("Query language", str(workflow.QueryLanguage or "")),
    ]
    body = [
        *_head("State machine", name, facts, ""),
        *_graph(drawing, f"Graph of {name}", {}),
        *_panel(),
        *_definition(drawing, is_open=True),
        *_policy(source),
        *_resources(source.resources()),
    ]
    return _page(name, body, definition_data(drawing))


def outcome_of(visits: Sequence[Visit]) -> str:
    """Return the outcome of a state: that of its last visit, or in a Map of the last one of each item."""
    last = {(visit.parent, visit.iteration): visit.status for visit in visits}
    return min((*last.values(), NOT_REACHED), key=STATUSES.index)


def _outcomes(drawing: Drawing, execution: Execution) -> dict[int, str]:
    visits: dict[str, list[Visit]] = {}
    for visit in execution.visits:
        visits.setdefault(visit.name, []).append(visit)
    return {box.number: outcome_of(visits.get(state_name(box), [])) for box in drawing.picture.states()}


def _facts(execution: Execution) -> list[tuple[str, str | None]]:
    return [
        ("ARN", execution.arn),
        ("State machine", execution.machine),
        ("Start", moment(execution.start)),
        ("End", moment(execution.stop)),
        ("Duration", length(execution.duration)),
        ("Error", execution.error),
        ("Cause", execution.cause),
    ]


def _head(kind: str, name: str, facts: Sequence[tuple[str, str | None]], status: str) -> Iterator[str]:
    yield "<header>"
    yield f'<p class="kind">{_text(kind)}</p>'
    shown = status.lower().replace("_", " ")
    badge = f' <span class="status {_class(shown)}">{_text(shown)}</span>' if status else ""
    yield f"<h1>{_text(name)}{badge}</h1>"
    yield "<dl>"
    for term, value in facts:
        if value:
            yield f"<div><dt>{_text(term)}</dt><dd>{_text(value)}</dd></div>"
    yield "</dl>"
    yield "</header>"
    yield "<main>"


def _payloads(execution: Execution) -> Iterator[str]:
    yield '<section class="payloads" aria-label="Input and output of the execution">'
    for term, text in (("Input", execution.input), ("Output", execution.output)):
        if text is not None:
            yield f"<details open><summary>{term}</summary>"
            yield f'<pre tabindex="0">{_text(_json(text))}</pre></details>'
    yield "</section>"


def _warnings(drawing: Drawing, execution: Execution) -> Iterator[str]:
    if not execution.is_whole:
        yield (
            '<p class="warning">The history does not reach from the start to the end: '
            "some states may be missing.</p>"
        )
    names = {state_name(box) for box in drawing.picture.states()}
    others = list(dict.fromkeys(visit.name for visit in execution.visits if visit.name not in names))
    if others:
        yield (
            '<p class="warning">The execution visited states that this definition does not have: '
            f"{_text(', '.join(map(title, others)))}.</p>"
        )


def _graph(drawing: Drawing, label: str, outcomes: Mapping[int, str]) -> Iterator[str]:
    marks = {number: _class(status) for number, status in outcomes.items()}
    yield '<section class="picture" aria-labelledby="picture-heading">'
    yield '<div class="bar"><h2 id="picture-heading">Graph</h2>'
    yield '<div class="zoom" role="group" aria-label="Size of the graph">'
    for sign, name in (
        ("\u2212", "Smaller"),
        ("+", "Larger"),
        ("Fit", "Fit the width"),
        ("1:1", "Full size"),
    ):
        kind = name.split()[0].lower()
        yield f'<button type="button" data-zoom="{kind}" aria-label="{name}">{sign}</button>'
    yield "</div></div>"
    if outcomes:
        yield '<ul class="legend" aria-label="Colours">'
        for status in STATUSES:
            if status in outcomes.values():
                yield f'<li class="{_class(status)}">{_text(status)}</li>'
        yield "</ul>"
    yield '<div class="canvas" tabindex="0" role="region" aria-label="The graph, which scrolls">'
    yield svg(drawing.picture, marks=marks, title=label, inside_a_page=True)
    yield "</div></section>"


def _panel() -> Iterator[str]:
    yield '<section class="panel" id="panel" aria-labelledby="panel-heading">'
    yield '<h2 id="panel-heading">Choose a state in the graph</h2>'
    yield '<div id="panel-body">'
    yield "<p>Its details are shown here. With the keyboard: move to it with Tab, and press Enter.</p>"
    yield "</div>"
    yield "</section>"


_EVENTS: Final = (
    '<section class="events" aria-labelledby="events-heading">',
    '<h2 id="events-heading">Events</h2>',
    '<form id="filter" role="search" aria-label="Filter the events">',
    '<label>Text <input type="search" id="filter-text" autocomplete="off" ',
    'placeholder="type, state or details"></label>',
    '<label>State <select id="filter-state"><option value="">all</option></select></label>',
    '<label>Type <select id="filter-type"><option value="">all</option></select></label>',
    '<label class="check"><input type="checkbox" id="filter-failures"> failures only</label>',
    "</form>",
    '<p id="events-count" role="status"></p>',
    '<div class="scroll" tabindex="0" role="region" aria-labelledby="events-heading">',
    '<table><thead><tr><th scope="col">Id</th><th scope="col">Type</th><th scope="col">State</th>',
    '<th scope="col">Time</th><th scope="col">After</th></tr></thead>',
    '<tbody id="events-rows"></tbody></table></div>',
    '<button type="button" id="events-more" hidden>Show more</button>',
    "</section>",
)


def _definition(drawing: Drawing, *, is_open: bool) -> Iterator[str]:
    yield '<section class="definition" aria-labelledby="definition-heading">'
    yield f"<details{' open' if is_open else ''}>"
    yield '<summary><h2 id="definition-heading">Definition</h2></summary>'
    yield f'<pre id="definition" tabindex="0">{_text(_document(drawing.definition))}</pre>'
    yield "</details></section>"


def _policy(source: DiagramSource) -> Iterator[str]:
    policy = source.policy()
    if policy is None:
        return
    from cfngen.inputs.policies import as_json, explained

    yield '<section class="policy" aria-labelledby="policy-heading">'
    yield '<h2 id="policy-heading">Policy of the execution role</h2>'
    yield f'<pre id="policy" tabindex="0">{_text(as_json([policy]).rstrip())}</pre>'
    yield '<h3 id="explanation-heading">Why each statement is there</h3>'
    yield f'<pre id="explanation" class="prose" tabindex="0">{_text(explained([policy]).rstrip())}</pre>'
    for problem in policy.derived.warnings:
        yield f'<p class="warning">{_text(str(problem))}</p>'
    yield "</section>"


def _resources(resources: Mapping[str, Any]) -> Iterator[str]:
    if not resources:
        return
    yield '<section class="resources" aria-labelledby="resources-heading">'
    yield f'<h2 id="resources-heading">Resources of the stack ({len(resources)})</h2>'
    yield '<div class="scroll" tabindex="0" role="region" aria-labelledby="resources-heading">'
    yield "<table><thead><tr>"
    yield '<th scope="col">Logical id</th><th scope="col">Type</th></tr></thead><tbody>'
    for name, resource in resources.items():
        kind = resource.get("Type") if isinstance(resource, Mapping) else None
        yield f'<tr><th scope="row">{_text(str(name))}</th><td>{_text(str(kind or ""))}</td></tr>'
    yield "</tbody></table></div></section>"


def _page(name: str, body: Sequence[str], data: Mapping[str, Any]) -> str:
    style, script = asset("graph.css") + asset("page.css"), asset("page.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_text(policy)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="generator" content="cfngen">',
        f"<title>{_text(name)}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        '<a class="skip" href="#panel">Skip the graph</a>',
        *body,
        "</main>",
        "<noscript><p>The graph answers to clicks when scripts may run.</p></noscript>",
        f'<script type="application/json" id="data">{_embedded(data)}</script>',
        f"<script>{script}</script>",
        "</body>",
        "</html>",
    ]
    return _SURROGATE.sub("\ufffd", "\n".join(lines) + "\n")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _embedded(data: Mapping[str, Any]) -> str:
    """Return JSON in which a parser of HTML finds no tag."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.translate({ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"})


def _document(definition: Mapping[str, Any]) -> str:
    """Return a definition as JSON, also one that a template cannot contain."""
    from cfngen.template import pretty
    from cfngen.template.sections import plain

    try:
        return pretty(plain(definition))
    except (TypeError, ValueError):
        return json.dumps(definition, indent=2, ensure_ascii=False, default=str)


def _json(text: str) -> str:
    """Return JSON with indents, or another text unchanged."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _class(status: str) -> str:
    return status.replace(" ", "-")


_text = partial(escape, quote=True)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
