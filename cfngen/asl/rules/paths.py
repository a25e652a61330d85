"""Rules about JSONPath in fixed fields, and what a path may look like anywhere.

https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cfngen.asl.graph import Graph, Node
from cfngen.asl.problems import Problem
from cfngen.asl.rules.fields import brief
from cfngen.asl.values import OMIT, Path

_PATH_FIELDS: Final = ("InputPath", "ResultPath", "OutputPath")
_DYNAMIC_FIELDS: Final = (
    "TimeoutSeconds",
    "HeartbeatSeconds",
    "Seconds",
    "Timestamp",
    "Error",
    "Cause",
)
_CALL: Final = re.compile(r"States\.\w+\(.*\)", re.DOTALL)
_REFERENCE: Final = re.compile(
    r"""\$ (?: \.\.? (?: \\. | [^\s.\[\]'"@,:?*()\\] )+ | \[ (?: -?\d+ | '[^']+' | "[^"]+" ) \] )*""",
    re.VERBOSE,
)


def paths_are_paths(node: Node, graph: Graph) -> Iterator[Problem]:
    """``InputPath`` and ``OutputPath`` MUST be Paths, ``ResultPath`` a Reference Path."""
    for name in _PATH_FIELDS:
        yield from path_field(f"{node.location}/{name}", getattr(node.state, name, OMIT))
    for name in _DYNAMIC_FIELDS:
        given = getattr(node.state, name, None)
        if isinstance(given, Path):
            yield from expression(f"{node.location}/{name}Path", given)


def path_field(location: str, given: object) -> Iterator[Problem]:
    """Yield a problem unless a field whose name ends in ``Path`` holds one, or null."""
    field = location.rpartition("/")[2]
    if given is None or given is OMIT:
        return
    if not isinstance(given, str):
        yield _invalid(location, f"{field!r} takes a path as text, not {brief(given)}", _as_text(given))
    elif field == "ResultPath":
        if not _REFERENCE.fullmatch(given):
            yield _invalid(
                location,
                f"{given!r} is not a reference path",
                "a reference path names one place: '$', '$.result' or '$.jobs[0]'",
            )
    elif not _is_path(given):
        yield _invalid(location, f"{given!r} is not a JSONPath", _beginning(given))


def expression(location: str, path: Path) -> Iterator[Problem]:
    """Yield a problem unless a ``Path`` holds a JSONPath or a call of an intrinsic function."""
    given: object = path.expression
    if not isinstance(given, str):
        yield _invalid(location, f"Path takes text, not {brief(given)}")
    elif not _is_path(given) and not _CALL.fullmatch(given):
        yield _invalid(
            location,
            f"{given!r} is neither a JSONPath nor a call of an intrinsic function",
            _beginning(given),
        )


def _is_path(given: str) -> bool:
    return given in ("$", "$$") or given.startswith(("$.", "$[", "$$.", "$$["))


def _as_text(given: object) -> str:
    return f"write {given.expression!r}" if isinstance(given, Path) else ""


def _beginning(given: str) -> str:
    if given.startswith("States."):
        return "a call reads States.Format('{} done', $.name)"
    return f"a path begins with '$', as in {'$.' + given.lstrip('.$')!r}"


def _invalid(location: str, message: str, hint: str = "") -> Problem:
    return Problem("INVALID_JSON_PATH", location, message, hint)
