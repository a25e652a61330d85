"""Text that holds a document, as JSON or YAML: its data, and the line and column of everything in it."""

from __future__ import annotations

import json
import os
import re
import stat
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import field
from functools import partial
from typing import Any, Final

from cfngen.core.declared import Declared, frozen
from cfngen.documents.json_source import JsonReader, decoded, nodes_of
from cfngen.documents.nodes import ReadError, SourceNode, line_of

__all__ = ["ENDINGS", "MAX_BYTES", "ReadError", "Source", "is_file", "parse", "read_file"]

MAX_BYTES: Final = 16 * 1024 * 1024
_LARGE: Final = 2 * 1024 * 1024
"""Characters from which on Python's own words for an error in JSON do, which take no second reading."""

ENDINGS: Final = (".json", ".yaml", ".yml", ".asl", ".template")
"""The files that may hold a definition or a template."""

_YAML: Final = (".yaml", ".yml")
_STREAMS: Final = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
"""What a shell gives a command to read: ``cfngen check <(...)``."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPES: Final = re.compile(
    r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]|u(?P<lone>[dD][89a-fA-F])|[^u])", re.DOTALL
)
"""Escapes of JSON one after another, so that a backslash that is escaped begins none."""
_HALF: Final = "there is half a character here (a lone surrogate)"


@frozen
class Source(Declared):
    """A parsed text; ``data`` is a plain dict."""

    text: str = field(repr=False)
    name: str
    data: dict[str, Any]
    nodes: Callable[[], SourceNode] = field(repr=False, compare=False)

    def place(self, pointer: str) -> tuple[int, int] | None:
        """Return the line and column, from 1, of the value at a pointer, or of the nearest around it.

        The names in a pointer are not escaped, as in ``Problem.location``.
        """
        start = len(self.text) - len(self.text.lstrip())
        if not pointer and self.text.startswith("{", start):
            return self._line(start)  # what is too large is not read again for its beginning
        node, rest, _ = self._node_at(pointer)
        if not rest and pointer and isinstance(node.children, dict):
            return self._line(node.key_offset)
        return self._line(node.start)

    def _line(self, offset: int) -> tuple[int, int]:
        """Return a line and a column, whose search each time from the start would be long for many."""
        starts: list[int] | None = self.__dict__.get("_starts")
        if starts is None:
            starts = [0, *(line_break.end() for line_break in re.finditer("\n", self.text))]
            self.__dict__["_starts"] = starts
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def block(self, pointer: str) -> tuple[int, int] | None:
        """Return the file's line before the first of a literal block of YAML, and its indentation."""
        node, rest, _ = self._node_at(pointer)
        if rest or not node.block:
            return None
        line, _ = line_of(self.text, node.start)
        for following in self.text.split("\n")[line:]:
            if following.strip():
                return line, len(following) - len(following.lstrip(" "))
        return None

    def keys(self, pointer: str) -> tuple[str | int, ...]:
        """Return the names and indices that lead to the value at a pointer, or to the nearest around it."""
        return tuple(self._node_at(pointer)[2])

    def _node_at(self, pointer: str) -> tuple[SourceNode, str, list[str | int]]:
        """Return the node at a pointer, or the nearest around it, the rest of the pointer, and the keys."""
        keys: list[str | int] = []
        node: SourceNode = self.__dict__.get("_root") or self.nodes()
        self.__dict__["_root"] = node
        rest = pointer.removeprefix("/")
        while rest:
            children = node.children
            if isinstance(children, dict):
                if (key := node.key_at(rest)) is None:
                    break
                node, rest = children[key], rest[len(key) + 1 :]
                keys.append(key)
            else:
                index, _, further = rest.partition("/")
                if (
                    children is None
                    or not index.isdecimal()
                    or len(index) > 9
                    or int(index) >= len(children)
                ):
                    break
                node, rest = children[int(index)], further
                keys.append(int(index))
        return node, rest, keys


def parse(text: str, name: str = "", *, only_json: bool = False) -> Source:
    """Return the document that JSON or YAML text holds, for which ``name`` is written in errors.

    Text that begins with a brace is JSON, and YAML only in a file that says so by its name. The short
    tags of CloudFormation (``!Sub``) become its functions. Raises :class:`ReadError`.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_BYTES:
        raise ReadError(f"the text has more than {MAX_BYTES // 1024 // 1024} MiB", name)
    if not text.isascii() and (half := _SURROGATE.search(text)):
        raise ReadError(_HALF, name, *line_of(text, half.start()))
    if not text.strip():
        raise ReadError("the text is empty", name)
    begins = text.lstrip()[0]
    yaml_named = name.lower().endswith(_YAML)
    nodes: Callable[[], SourceNode] | None = None
    if only_json or begins == "{" or (begins in '["' and not yaml_named):
        try:
            data = decoded(text)
            escapes = _ESCAPES.finditer(text) if _ESCAPED_SURROGATE.search(text) else ()
            if lone := next((escape for escape in escapes if escape["lone"]), None):
                raise ReadError(_HALF, name, *line_of(text, lone.start()))
            nodes = partial(nodes_of, text)
        except ReadError as error:
            raise ReadError(error.message, name, error.line, error.column) from None
        except (ValueError, RecursionError) as error:
            try:
                if isinstance(error, json.JSONDecodeError) and len(text) > _LARGE:
                    said = f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
                    raise ReadError(said, name, error.lineno, error.colno)
                data, node = JsonReader(text, name).read()
                nodes = _node_getter(node)
            except ReadError as refused:
                if only_json or not yaml_named:
                    raise refused from None
    if nodes is None:
        from cfngen.documents.yaml_source import read_yaml

        data, node = read_yaml(text, name)
        nodes = _node_getter(node)
    if not isinstance(data, dict):
        kind = {list: "a list", str: "text", type(None): "nothing"}.get(type(data), "a value")
        raise ReadError(f"a document is a mapping; this one is {kind}", name, *line_of(text, nodes().start))
    return Source(text, name, data, nodes)


def read_file(path: str | os.PathLike[str]) -> str:
    """Return the text of a file. Raises :class:`ReadError`, and ``OSError`` as the system does."""
    name = os.fspath(path)
    is_stream = name.startswith(_STREAMS)
    with open(name, "rb", opener=None if is_stream else _without_waiting) as file:
        if not is_stream and not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ReadError("this is a pipe or a device, and not a file", name)
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ReadError(f"the file has more than {MAX_BYTES // 1024 // 1024} MiB", name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        line, column = line_of(before, len(before))
        byte = f"{content[error.start]:#04x}"
        raise ReadError(
            f"the file is not UTF-8: the byte {byte} is not valid here", name, line, column
        ) from None


def _without_waiting(path: str, flags: int) -> int:
    """Open a path; a pipe that nobody writes to is opened too."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def is_file(text: str) -> bool:
    """Whether a text is the name of a file that is there."""
    return (
        text.lower().endswith((".json", ".yaml", ".yml", ".asl"))
        and text.isprintable()
        and os.path.isfile(text)
    )


def _node_getter(node: SourceNode) -> Callable[[], SourceNode]:
    return lambda: node
