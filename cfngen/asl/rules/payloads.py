"""Rules about payloads: what a call passes, what a Pass state makes, what a selector keeps.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cfngen.asl.graph import Graph, Node
from cfngen.asl.holes import jsonata_of
from cfngen.asl.rules.fields import brief, marks, schema_problem, unclosed_hole
from cfngen.asl.rules.paths import check_expression, check_jsonata, delimited
from cfngen.asl.schema import FieldKind, fields_of
from cfngen.asl.states import AnyTask, RawState
from cfngen.asl.values import JSONATA, JSONPATH, OMIT, Jsonata, Language, Path
from cfngen.cfn.functions import is_function, is_intrinsic, plain
from cfngen.cfn.text import is_unclosed
from cfngen.core import wording
from cfngen.core.limits import MAX_DEPTH
from cfngen.core.problems import Problem


def payloads_are_json(node: Node, graph: Graph) -> Iterator[Problem]:
    """Payload Templates are JSON; a key that ends in ``.$`` takes its value from a path."""
    state = node.state
    if isinstance(state, RawState):
        yield from check_payload(node.location, state.Fields, raw=True)
        return
    for field, value in call_payloads(node).items():
        if value is None or value is OMIT:
            continue
        if isinstance(value, Path) and node.language == JSONPATH:
            yield schema_problem(
                f"{node.location}/{field}",
                f"{field!r} takes a mapping, not a {wording.either('Path', 'path')}",
                f"{wording.field_text('InputPath', value.expression)} selects a part of the input",
            )
            continue
        yield from check_payload(f"{node.location}/{field}", value, node.language)
    if "Result" in vars(state):
        yield from check_payload(f"{node.location}/Result", vars(state)["Result"], static=True)
    for index, catcher in enumerate(getattr(state, "Catch", ())):
        place = f"{node.location}/Catch/{index}"
        yield from check_payload(f"{place}/Assign", catcher.Assign, node.language)
        yield from check_payload(f"{place}/Output", catcher.Output, node.language)


def call_payloads(node: Node) -> dict[str, Any]:
    """Return the payloads of a state by the field they are rendered in."""
    state = node.state
    if isinstance(state, AnyTask):  # whose arguments may have the names of other states' fields
        own = {"Credentials": state.Credentials, **state.payloads(node.language)}
        return own | {name: getattr(state, name) for name in ("ResultSelector", "Assign", "Output")}
    return {
        row.name: getattr(state, row.name)
        for row in fields_of(state.Type)
        if row.kind is FieldKind.PAYLOAD and not row.sets
    }


def check_payload(
    location: str,
    value: Any,
    language: Language = JSONPATH,
    *,
    static: bool = False,
    raw: bool = False,
) -> Iterator[Problem]:
    """Yield what cannot be rendered, or would not mean what it says.

    ``static`` payloads are not evaluated; in ``raw`` ones the author spells ``Key.$`` by hand.
    """
    if value is None or value is OMIT:
        return
    items: list[tuple[str, Any, bool, int]] = [(location, value, False, 0)]
    while items:
        place, item, listed, depth = items.pop()
        if depth > MAX_DEPTH:
            yield _too_deep(location)
            return
        if isinstance(item, str):
            if is_unclosed(item) and not (language == JSONATA and "{%" in item):
                yield unclosed_hole(place, item)
            if not raw and language == JSONPATH and item.startswith(_BEGINNINGS):
                yield from _looks_like_path(place, item, static)
            elif language == JSONATA and ("{%" in item or "%}" in item):
                yield from delimited(place, item)
        elif isinstance(item, Path):
            yield from _payload_path_problems(place, item, language, static=static, listed=listed)
        elif isinstance(item, Jsonata):
            yield from check_jsonata(place, item, language)
        elif type(item) is dict or isinstance(item, Mapping):
            children = []
            for key, child in item.items():
                if not isinstance(key, str):
                    yield schema_problem(place, f"a key must be text, not {brief(key)}")
                elif not raw and not static and language == JSONPATH and key.endswith(".$"):
                    shown = brief(child) if isinstance(child, str) else "..."
                    yield schema_problem(
                        f"{place}/{key}",
                        f"the key {key!r} ends in '.$'",
                        wording.either(
                            f"write {key[:-2]!r}: Path({shown}), which is rendered as that key",
                            "its value is a path, as text",
                        ),
                    )
                    continue
                elif not raw and not static and language == JSONATA and key.endswith(".$"):
                    yield schema_problem(
                        f"{place}/{key}",
                        f"the key {key!r} ends in '.$', which has no meaning in JSONata",
                        f"write {key[:-2]!r} with an expression between '{{%' and '%}}'",
                        "error" if depth == 0 and place.endswith("/Assign") else "warning",
                    )
                # a path moves its key, where the document has it
                is_path = language == JSONPATH and not static and isinstance(child, Path)
                children.append((f"{place}/{key}{'.$' * is_path}", child, False, depth + 1))
            items += reversed(children)
        elif isinstance(item, (list, tuple)):
            items += [
                (f"{place}/{index}", item[index], True, depth + 1) for index in reversed(range(len(item)))
            ]
        elif is_intrinsic(item):
            if language == JSONATA and not static and (inner := jsonata_of(item)) is not None:
                yield from check_jsonata(place, inner, language)
            yield from _intrinsic(place, item)
        elif isinstance(item, float) and not math.isfinite(item):
            yield schema_problem(place, f"{item!r} is not a number in JSON")
        elif item is not None and not isinstance(item, (bool, int, float)):
            yield schema_problem(
                place, f"{brief(item)} is not a JSON value, a Path or an intrinsic function"
            )


def _too_deep(location: str) -> Problem:
    return Problem(
        "TOO_DEEPLY_NESTED",
        location,
        f"it holds values that are nested deeper than {MAX_DEPTH:,} levels, or that contain themselves",
    )


def _payload_path_problems(
    place: str, path: Path, language: Language, *, static: bool, listed: bool
) -> Iterator[Problem]:
    if static:
        yield Problem(
            "PASS_RESULT_IS_STATIC",
            place,
            f"'Result' is passed on unchanged: a {wording.either('Path', 'path')} in it is not evaluated",
            "use 'Parameters' to build a value from the input",
        )
    elif listed and language == JSONPATH:
        yield schema_problem(
            place,
            f"a list cannot contain {wording.path_text(path.expression)}: only a key can end in '.$'",
            "build the list with " + wording.path_text("States.Array('text', $.path)"),
        )
    else:
        yield from check_expression(place, path, language)


def _intrinsic(place: str, item: Any) -> Iterator[Problem]:
    if not is_function(plain(item)):
        yield schema_problem(
            place,
            f"a {type(item).__name__} cannot be used in a definition",
            "refer to a resource with Ref or GetAtt",
        )


_BEGINNINGS: Final = ("{%", "$.", "$$.", "States.")
"""What expressions begin with, of either language."""


def _looks_like_path(place: str, item: str, static: bool) -> Iterator[Problem]:
    yield from marks(place, item)
    if item.startswith("{%") or "\n" in item:
        return
    if static:
        yield Problem(
            "PASS_RESULT_IS_STATIC",
            place,
            f"{item!r} is passed on as plain text",
            "use 'Parameters' to build a value from the input",
            "warning",
        )
    elif item.startswith("$") or item.endswith(")"):
        yield Problem(
            "NO_DOLLAR",
            place,
            f"{item!r} looks like a path but is passed on as text",
            wording.either(f"use Path({item!r})", "end its key in '.$'")
            + " to pass the value that it leads to",
            "warning",
        )
