"""The sections of a page: each function yields lines of HTML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cfngen.core.problems import Problem, errors
from cfngen.history import ExecutionHistory
from cfngen.views.description import sentences
from cfngen.views.drawing import Drawing
from cfngen.views.labels import title
from cfngen.views.page_data import state_name
from cfngen.views.page_document import text
from cfngen.views.svg import outcome_class, svg, svg_size, swatch

if TYPE_CHECKING:
    from cfngen.inputs.policies import MachinePolicy

Facts = Sequence[tuple[str, "str | None"]]


def head(kind: str, name: str, facts: Facts, status: str = "") -> Iterator[str]:
    """Yield the name and the facts of what the page shows."""
    yield f'<p class="kind">{text(kind)}</p>'
    shown = status.lower().replace("_", " ")
    badge = f' <span class="status {outcome_class(shown)}">{text(shown)}</span>' if status else ""
    yield f"<h1>{text(name)}{badge}</h1>"
    yield "<dl>"
    for term, value in facts:
        if value:
            yield f"<div><dt>{text(term)}</dt><dd>{text(value)}</dd></div>"
    yield "</dl>"


def payloads(execution: ExecutionHistory) -> Iterator[str]:
    """Yield the input and the output of an execution."""
    yield '<section class="payloads" aria-label="Input and output of the execution">'
    for term, payload in (("Input", execution.input), ("Output", execution.output)):
        if payload is not None:
            yield f"<details open><summary>{term}</summary>"
            yield f'<pre tabindex="0">{text(_indented(payload))}</pre></details>'
    yield "</section>"


def warnings(drawing: Drawing, execution: ExecutionHistory) -> Iterator[str]:
    """Yield what is not as a reader expects it: an incomplete history, states of another definition."""
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
            f"{text(', '.join(map(title, others)))}.</p>"
        )


def graph(
    drawing: Drawing, label: str, outcomes: Mapping[int, str], legend: Sequence[str] = ()
) -> Iterator[str]:
    """Yield the graph, its buttons, the legend of these outcomes, and the graph as a list."""
    marks = {number: outcome_class(outcome) for number, outcome in outcomes.items()}
    yield '<section class="picture" aria-labelledby="picture-heading">'
    yield '<div class="bar"><h2 id="picture-heading">Graph</h2>'
    yield '<div class="zoom" role="group" aria-label="Size of the graph">'
    for kind, sign, name in _SIZES:
        yield f'<button type="button" data-zoom="{kind}" aria-label="{name}">{sign}</button>'
    yield "</div></div>"
    if legend:
        yield '<ul class="legend" aria-label="Colours and signs">'
        for outcome in legend:
            yield f"<li>{swatch(outcome_class(outcome))}{text(outcome)}</li>"
        yield "</ul>"
    drawn = svg(drawing.picture, marks=marks, title=label, inside_a_page=True)
    yield f'<div class="canvas{"" if svg_size(drawn)[1] > _MAX_SHEET_HEIGHT else " one-sheet"}">'
    yield drawn
    yield "</div>"
    yield '<details class="words"><summary>The graph as a list</summary><ul>'
    yield from (f"<li>{text(sentence)}</li>" for sentence in sentences(drawing.picture))
    yield "</ul></details></section>"


_MAX_SHEET_HEIGHT: Final = 3000
"""A graph that is higher is cut on paper: on one sheet, its names would be too small."""
_SIZES: Final = (
    ("smaller", "\u2212", "Smaller"),
    ("larger", "+", "Larger"),
    ("fit", "Fit", "Fit the width"),
    ("full", "1:1", "1:1, full size"),
)


def panel() -> Iterator[str]:
    """Yield the place of the details of a state."""
    yield '<section class="panel" id="panel" aria-labelledby="panel-heading">'
    yield '<h2 id="panel-heading">Choose a state in the graph</h2>'
    yield '<div id="panel-body">'
    yield (
        "<p>Its details are shown here. With the keyboard: Tab leads into the graph, the arrow keys from "
        "state to state, and Enter opens one.</p>"
    )
    yield "</div>"
    yield "</section>"


EVENTS: Final = (
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
    '<div class="scroll" tabindex="0" role="group" aria-label="Table of the events">',
    '<table role="table"><thead role="rowgroup"><tr role="row">',
    '<th role="columnheader" scope="col">Id</th><th role="columnheader" scope="col">Type</th>',
    '<th role="columnheader" scope="col">State</th><th role="columnheader" scope="col">Time</th>',
    '<th role="columnheader" scope="col">After</th></tr></thead>',
    '<tbody id="events-rows" role="rowgroup"></tbody></table></div>',
    '<button type="button" id="events-more" hidden>Show more</button> ',
    '<button type="button" id="events-all" hidden>Show all</button>',
    "</section>",
)
"""The roles of the table are written out: on a phone its rows are blocks, which have none."""


def problems(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield what is wrong with a definition: errors in sight, warnings alone behind their heading."""
    if not problems:
        return
    yield '<section class="problems" aria-labelledby="problems-heading">'
    yield f"<details{' open' if errors(problems) else ''}>"
    yield f'<summary><h2 id="problems-heading">Problems ({len(problems):,})</h2></summary>'
    yield '<ul tabindex="0">'
    for problem in problems:
        yield f'<li><b class="severity-{problem.severity}">{problem.severity}</b> {text(str(problem))}</li>'
    yield "</ul></details></section>"


def definition(drawing: Drawing, *, is_open: bool) -> Iterator[str]:
    """Yield the definition."""
    yield '<section class="definition" aria-labelledby="definition-heading">'
    yield f"<details{' open' if is_open else ''}>"
    yield '<summary><h2 id="definition-heading">Definition</h2></summary>'
    yield from _formats("definition", _definition_as_json(drawing.definition), _yaml(drawing.definition))
    yield "</details></section>"


def policy(policy: MachinePolicy | None) -> Iterator[str]:
    """Yield the policy of the role, with the reason of each statement."""
    if policy is None:
        return
    from cfngen.inputs.policies import as_yaml, explained, policies_as_json

    yield '<section class="policy" aria-labelledby="policy-heading">'
    yield '<h2 id="policy-heading">Policy of the execution role</h2>'
    yield from _formats("policy", policies_as_json([policy]).rstrip(), as_yaml([policy]).rstrip())
    yield '<h3 id="explanation-heading">Why each statement is there</h3>'
    yield f'<pre id="explanation" class="prose" tabindex="0">{text(explained([policy]).rstrip())}</pre>'
    for problem in policy.derived.warnings:
        yield f'<p class="warning">{text(str(problem))}</p>'
    yield "</section>"


def resources(resources: Mapping[str, Any]) -> Iterator[str]:
    """Yield the resources of a template with their types."""
    if not resources:
        return
    yield '<section class="resources" aria-labelledby="resources-heading">'
    yield f'<h2 id="resources-heading">Resources of the stack ({len(resources)})</h2>'
    yield '<div class="scroll" tabindex="0" role="group" aria-label="Table of the resources">'
    yield "<table><thead><tr>"
    yield '<th scope="col">Logical id</th><th scope="col">Type</th></tr></thead><tbody>'
    for name, resource in resources.items():
        kind = resource.get("Type") if isinstance(resource, Mapping) else None
        yield f'<tr><th scope="row">{text(str(name))}</th><td>{text(str(kind or ""))}</td></tr>'
    yield "</tbody></table></div></section>"


def _formats(name: str, json_text: str, yaml_text: str | None) -> Iterator[str]:
    """Yield a document as JSON, and as YAML where it has that form; one of them is shown."""
    if yaml_text is not None:
        yield f'<div class="formats" role="radiogroup" aria-label="Format of the {name}">'
        for format_, checked in (("json", " checked"), ("yaml", "")):
            yield (
                f'<label><input type="radio" name="{name}-format" value="{name}-{format_}"{checked}> '
                f"{format_.upper()}</label>"
            )
        yield "</div>"
    yield f'<pre id="{name}-json" tabindex="0">{text(json_text)}</pre>'
    if yaml_text is not None:
        yield f'<pre id="{name}-yaml" tabindex="0" hidden>{text(yaml_text)}</pre>'


def _definition_as_json(definition: Mapping[str, Any]) -> str:
    """Return a definition as JSON, also one that a template cannot contain."""
    from cfngen.template import pretty

    return _definition_text(definition, pretty) or json.dumps(
        definition, indent=2, ensure_ascii=False, default=str
    )


def _yaml(definition: Mapping[str, Any]) -> str | None:
    from cfngen.template.yaml_text import block

    return _definition_text(definition, block)


def _definition_text(
    definition: Mapping[str, Any], write: Callable[[dict[str, object]], str]
) -> str | None:
    """Return a definition as text, or None for one that a template cannot contain."""
    from cfngen.template.sections import plain_document

    try:
        return write(plain_document(definition)).rstrip()
    except (TypeError, ValueError):
        return None


def _indented(payload: str) -> str:
    """Return JSON with indents, or another text unchanged."""
    try:
        return json.dumps(json.loads(payload), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return payload
