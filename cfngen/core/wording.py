"""The words of a problem: those of Python, or of the document that was read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

_IN_A_DOCUMENT: Final[ContextVar[bool]] = ContextVar("in a document", default=False)


@contextmanager
def in_words_of(*, document: bool) -> Iterator[None]:
    """Let problems speak of a document that was read, and not of Python."""
    token = _IN_A_DOCUMENT.set(document)
    try:
        yield
    finally:
        _IN_A_DOCUMENT.reset(token)


def either(python: str, document: str) -> str:
    """Return the words that fit."""
    return document if _IN_A_DOCUMENT.get() else python


def value_text(content: Any) -> str:
    """Return how a value is written: ``{'a': None}``, or ``{"a": null}``; text is quoted as in Python."""
    if isinstance(content, str) or not _IN_A_DOCUMENT.get():
        return repr(content)
    try:
        return json.dumps(content, ensure_ascii=False)
    except (RecursionError, TypeError):  # it holds what is a value of cfngen
        return repr(content)


def path_text(expression: Any) -> str:
    """Return how a path is written: ``Path('$.x')``, or ``the path '$.x'``."""
    return either(f"Path({expression!r})", f"the path {expression!r}")


def jsonata_text(expression: Any) -> str:
    """Return how an expression of JSONata is written: ``Jsonata('$x')``, or ``'{% $x %}'``."""
    return either(f"Jsonata({expression!r})", repr(f"{{% {str(expression).strip()} %}}"))


def field_text(name: str, content: Any) -> str:
    """Return how a field is given: ``QueryLanguage="JSONata"``, or ``"QueryLanguage": "JSONata"``."""
    text = json.dumps(content, ensure_ascii=False) if isinstance(content, str) else value_text(content)
    return either(f"{name}={text}", f"{json.dumps(name)}: {text}")
