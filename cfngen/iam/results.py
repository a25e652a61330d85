"""What an expression returns at run time, as far as the text of the expression tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cfngen.asl.values import Jsonata, Path
from cfngen.cfn.functions import plain
from cfngen.cfn.holes import marked, sub_parts, value_of
from cfngen.core.declared import Declared, frozen

_FORMAT: Final = re.compile(r"States\.Format\(\s*'((?:[^'\\]|\\.)*)'", re.DOTALL)
_LITERAL_ARGUMENT: Final = re.compile(r"\s*,\s*'((?:[^'\\]|\\.)*)'", re.DOTALL)
_PLACE: Final = re.compile(r"(?<!\\)\{\}")


@frozen
class PartialText(Declared):
    """What an expression returns, perhaps one of several.

    - ``text``: what it begins with, as ``Fn::Sub`` takes it; empty where nothing is known.
    - ``variables``: those of that ``Fn::Sub``.
    - ``value``: all of it, as a template holds it; None where more follows ``text``.
    """

    text: str
    variables: Mapping[str, Any]
    value: Any = None


_UNKNOWN: Final = PartialText("", {})


def known_results(expression: Path | Jsonata) -> list[PartialText]:
    """Return what an expression may return: one result, or one for each side of its conditionals.

    A result is known in part in ``States.Format('jobs-{}', $.id)`` and in JSONata's ``'jobs-' & $id``.
    """
    text = marked(plain(expression.expression))
    if text is None:
        return [_UNKNOWN]
    known: list[PartialText] = []
    is_jsonata = isinstance(expression, Jsonata)
    for beginning, is_whole in _jsonata_pieces(text.text) if is_jsonata else _format_pieces(text.text):
        pieces = text.pieces(beginning)
        value = value_of(pieces) if is_whole else None
        known.append(PartialText(*sub_parts(pieces), value))
    return known


def beginning(expression: Path | Jsonata) -> str:
    """Return the text, as ``Fn::Sub`` takes it, that an expression is sure to begin with."""
    known = known_results(expression)
    return known[0].text if len(known) == 1 and not known[0].variables else ""


def _jsonata_pieces(text: str) -> Iterator[tuple[str, bool]]:
    from cfngen.asl.jsonata_results import results

    yield from results(text)


def _format_pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text of ``States.Format`` up to the first place that no literal fills."""
    call = _FORMAT.match(text)
    if call is None:
        yield "", False
        return
    template = call[1]
    first, *rest = _PLACE.split(template)
    parts, at = [first], call.end()
    for following in rest:
        argument = _LITERAL_ARGUMENT.match(text, at)
        if argument is None:
            yield _unescaped("".join(parts)), False
            return
        parts += [argument[1], following]
        at = argument.end()
    yield _unescaped("".join(parts)), text[at:].strip() == ")"


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
