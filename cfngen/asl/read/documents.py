"""Documents as they come: a mapping, a text, or a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from cfngen.asl.read.substitutions import Substitutions, parse_with_substitutions, with_numbers
from cfngen.cfn.functions import is_intrinsic
from cfngen.cfn.text import Unquoted, has_hole
from cfngen.core.declared import SCALARS
from cfngen.core.limits import MAX_DEPTH
from cfngen.documents.nodes import TOO_DEEP, TooDeepError
from cfngen.documents.source import ReadError, is_file, parse, read_file

Document = Mapping[str, Any]


def loaded(document: object) -> Document:
    """Return the mapping that a mapping, a text, or a file holds. Raises ``ReadError``, ``OSError``."""
    if isinstance(document, os.PathLike):
        path = os.fsdecode(document)
        return _read_document(read_file(path), path)
    if isinstance(document, str):
        if is_file(document):
            return _read_document(read_file(document), document)
        return _read_document(document, "")
    if isinstance(document, Mapping):
        mapping: dict[str, Any] = copied(document)
        return mapping
    kind = type(document).__name__
    raise ReadError(f"a document is a mapping, JSON or YAML text, or the path of a file, not {kind}")


def _read_document(text: str, name: str) -> Document:
    """Return the document of a text, in which a variable may stand for a number: it is filled in later."""
    if not has_hole(text):
        return parse(text, name).data
    variables = Substitutions({})
    source = parse_with_substitutions(text, name, variables)
    document = variables.filled(source.data) if variables.values else source.data
    return with_numbers(document, source, variables)


def copied(document: Any) -> Any:
    """Return a copy of a document in plain dicts and lists; intrinsics of any library are spelled out.

    Raises ``ReadError`` for a key that is no text, and for what is nested in itself.
    """
    top: list[Any] = []
    slots: list[tuple[Any, Any, Any, int]] = [(top, None, document, 0)]
    count = 0
    for holder, key, value, depth in slots:  # which grows as it is walked
        copy: Any = value
        kind = type(value)
        if kind not in SCALARS:
            if kind is dict or isinstance(value, Mapping):
                count += len(value)
                copy = {}
                for name, inner in value.items():
                    if type(name) is not str and not isinstance(name, str):
                        raise ReadError(f"a key must be text, not {name!r:.60}")
                    if type(inner) in SCALARS:
                        copy[name] = inner
                    else:
                        copy[name] = None  # its place in the order
                        slots.append((copy, name, inner, depth + 1))
            elif isinstance(value, (list, tuple)):
                count += len(value)
                copy = [*value]
                slots += [
                    (copy, index, inner, depth + 1)
                    for index, inner in enumerate(value)
                    if type(inner) not in SCALARS
                ]
            elif isinstance(value, Unquoted):
                pass  # which says more than the function that it holds
            elif is_intrinsic(value) and not isinstance(value, type):
                copy = None
                slots.append((holder, key, value.to_dict(), depth + 1))
            if depth > MAX_DEPTH:
                raise TooDeepError(TOO_DEEP)
            if count > MAX_VALUES:
                raise ReadError(f"the document has more than {MAX_VALUES:,} values")
        if key is None:
            holder.append(copy)
        else:
            holder[key] = copy
    return top[-1]


MAX_VALUES: Final = 10_000_000
