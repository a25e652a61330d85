"""JSON without recursion: a definition may nest deeper than Python's stack allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from json.encoder import encode_basestring

_WORDS = {None: "null", True: "true", False: "false"}


# The text that stands for a dict below the root; None for the dict itself, empty text for nothing,
# not even its key.
_StandIn = Callable[[dict[str, object]], "str | None"]


def pretty(root: Mapping[str, object], stand_in: _StandIn | None = None) -> str:
    """Return plain dicts and lists as JSON, two spaces a level."""
    return _whole_text(root, stand_in, "\n", "  ", ": ")


def compact(root: Mapping[str, object], stand_in: _StandIn | None = None) -> str:
    """Return plain dicts and lists as JSON in the fewest characters."""
    return _whole_text(root, stand_in, "", "", ":")


def _whole_text(
    root: Mapping[str, object],
    stand_in: _StandIn | None,
    newline: str,
    indent: str,
    colon: str,
) -> str:
    out = ["{"]
    open_: list[tuple[Iterator[tuple[str | None, object]], str]] = [(_mapping_entries(root), "}")]
    fresh = True  # nothing stands in the innermost container yet
    while open_:
        items, closer = open_[-1]
        for key, value in items:
            kind = type(value)
            text = None
            if kind is dict:
                text = stand_in(value) if stand_in else None  # type: ignore[arg-type]
                if text == "":
                    continue
            elif kind is not list:
                text = _json_scalar(value)
            out.append((newline if fresh else "," + newline) + indent * len(open_))
            fresh = False
            if key is not None:
                out.append(encode_basestring(key) + colon)
            if text is not None:
                out.append(text)
                continue
            fresh = True
            out.append("{" if kind is dict else "[")
            open_.append((_mapping_entries(value), "}") if kind is dict else (_unnamed_entries(value), "]"))  # type: ignore[arg-type]
            break
        else:
            open_.pop()
            out.append(closer if fresh else newline + indent * len(open_) + closer)
            fresh = False
    return "".join(out)


def _mapping_entries(mapping: Mapping[str, object]) -> Iterator[tuple[str | None, object]]:
    return iter(mapping.items())


def _unnamed_entries(items: list[object]) -> Iterator[tuple[str | None, object]]:
    return ((None, item) for item in items)


def _json_scalar(value: object) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    return repr(value)
