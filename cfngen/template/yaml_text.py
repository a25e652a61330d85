"""YAML as people write CloudFormation, the same bytes whichever emitter PyYAML has at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

import yaml

from cfngen.cfn import functions

if TYPE_CHECKING:
    _Items = Iterator[tuple[str | None, object]]

_LIST_FUNCTIONS = frozenset(
    [
        functions.AND,
        functions.CIDR,
        functions.EQUALS,
        functions.FIND_IN_MAP,
        functions.IF,
        functions.JOIN,
        functions.NOT,
        functions.OR,
        functions.SELECT,
        functions.SPLIT,
        functions.SUB,
    ]
)
_TEXT_FUNCTIONS = frozenset([functions.BASE64, functions.GET_AZS, functions.IMPORT_VALUE, functions.SUB])

# What both emitters print as it is. libyaml takes tabs and everything beyond U+FFFF for
# unprintable; U+0085, U+2028 and U+2029 are line breaks to YAML 1.1, U+FEFF is a byte order mark.
# Compiled when first needed: so large a class takes milliseconds.
_PRINTABLE = r"[ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*"
# Plain text starts with a letter, or a sign that means nothing to YAML: so it is no number, date,
# indicator or merge key. Inside it neither ": " nor " #" may stand.
_PLAIN = re.compile(r"(?!\d)[\w/$(](?: (?![# ]|$)|:(?! |$)|[^ :])*").fullmatch
_FLOW_SIGN = re.compile(r"[,?:\[\]{}]").search
_WORDS = frozenset(["y", "n", "yes", "no", "true", "false", "on", "off", "null", "none", "nan", "inf"])

# PyYAML folds at a width for the whole document or nowhere. So it folds nowhere, long prose is
# marked with a private-use character, and the marked lines are folded afterwards.
_WIDTH = 2**31 - 1
_MARK = "\ue000"
_MARKED = re.compile(f"^( *){_MARK}(.*)$", re.MULTILINE)
_PROSE = re.compile(r"\S+(?: \S+)+").fullmatch
_LONG, _COLUMNS = 80, 100
_FLOW_COLUMNS = 60

_BREAK = re.compile("[\r\n\x85\u2028\u2029]").search


class _PureDumper(yaml.SafeDumper):
    """PyYAML's own emitter, deciding as libyaml does where the two differ."""

    def choose_scalar_style(self) -> str:
        # PyYAML puts every tagged text in quotes. Our styles are chosen for both emitters.
        return getattr(self.event, "style", None) or ""

    def check_simple_key(self) -> bool:
        # libyaml counts bytes, up to 128 of them; PyYAML counts characters, fewer than 128.
        if isinstance(self.event, yaml.ScalarEvent):
            text: str = self.event.value
            return len(text.encode("utf-8")) <= 128 and not _BREAK(text)
        return super().check_simple_key()


_Dumper: type[yaml.SafeDumper] = getattr(yaml, "CSafeDumper", _PureDumper)


def block(document: dict[str, object]) -> str:
    """Return a plain document as YAML text that ends with one newline."""
    # Events rather than nodes: nothing is resolved, represented or aliased behind our back, and
    # nothing recurses.
    text: str = yaml.emit(
        _events(document),
        Dumper=_Dumper,
        width=_WIDTH,
        allow_unicode=True,
    )
    return _MARKED.sub(_folded, text) if _MARK in text else text


def _folded(found: re.Match[str]) -> str:
    indent, prose = found.groups()
    width = max(_COLUMNS - len(indent), _COLUMNS // 2)
    lines = wrap(prose, width, break_long_words=False, break_on_hyphens=False)
    return "\n".join(indent + line for line in lines)


_MAPPING = yaml.MappingStartEvent(None, None, True, flow_style=False)
_MAPPING_END = yaml.MappingEndEvent()
_SEQUENCE_END = yaml.SequenceEndEvent()


def _events(document: dict[str, object]) -> Iterator[yaml.Event]:
    yield yaml.StreamStartEvent()
    yield yaml.DocumentStartEvent(explicit=False)
    keys: dict[str, yaml.Event] = {}
    root: _Items = iter([(None, document)])
    # In Conditions and Rules, {"Condition": name} is a function; elsewhere it is a mapping.
    pending: list[tuple[_Items, yaml.Event | None, bool]] = [(root, None, False)]
    while pending:
        items, end, conditional = pending[-1]
        for key, value in items:
            if key is not None:
                event = keys.get(key)
                if event is None:
                    event = keys[key] = _text(key, None, style=_inline_style(key))
                yield event
            inside = conditional or (len(pending) == 2 and key in ("Conditions", "Rules"))
            tag = None
            if isinstance(value, dict):
                tag, value = _short_form(value, inside) or (None, value)
            if isinstance(value, dict):
                yield _MAPPING
                pending.append((iter(value.items()), _MAPPING_END, inside))
                break
            if isinstance(value, list):
                if tag and _flow_width(value, inside) <= _FLOW_COLUMNS:
                    yield from _flow(value, tag, inside)
                    continue
                yield yaml.SequenceStartEvent(None, tag, tag is None, flow_style=False)
                pending.append((((None, item) for item in value), _SEQUENCE_END, inside))
                break
            yield _scalar(value, tag)
        else:
            pending.pop()
            if end is not None:
                yield end
    yield yaml.DocumentEndEvent(explicit=False)
    yield yaml.StreamEndEvent()


def _short_form(value: dict[str, object], conditional: bool) -> tuple[str, object] | None:
    """Return tag and argument of a function that has a short form here.

    A short form cannot hold another one directly (``!Base64 !Sub x`` is no YAML), so a function of
    a function stays long.
    """
    if len(value) != 1:
        return None
    [(name, argument)] = value.items()
    if isinstance(argument, str):
        if name == functions.REF or (name == functions.CONDITION and conditional):
            return f"!{name}", argument
        if name in _TEXT_FUNCTIONS or (name == functions.GET_ATT and "." in argument):
            return f"!{name.removeprefix(functions.PREFIX)}", argument
    elif isinstance(argument, list) and argument:
        if name in _LIST_FUNCTIONS:
            return f"!{name.removeprefix(functions.PREFIX)}", argument
        if name == functions.GET_ATT and len(argument) == 2:
            resource, attribute = argument
            # Readers part the two at the first dot.
            if isinstance(resource, str) and isinstance(attribute, str) and "." not in resource:
                return "!GetAtt", f"{resource}.{attribute}"
    return None


def _flow_width(value: object, conditional: bool, depth: int = 0) -> int:
    """Estimate the columns of a function's argument on one line; too many if it needs several."""
    too_wide = _FLOW_COLUMNS + 1
    if isinstance(value, dict):
        short = _short_form(value, conditional)
        if short is None:
            return too_wide
        return len(short[0]) + 1 + _flow_width(short[1], conditional, depth + 1)
    if isinstance(value, list):
        if depth > 4 or len(value) > 10:
            return too_wide
        return sum(_flow_width(item, conditional, depth + 1) + 2 for item in value)
    if isinstance(value, str):
        return len(value) + 2 if _printable(value) else too_wide
    return len(str(value))


def _flow(items: list[object], tag: str | None, conditional: bool) -> Iterator[yaml.Event]:
    yield yaml.SequenceStartEvent(None, tag, tag is None, flow_style=True)
    for item in items:
        inner: str | None = None
        if isinstance(item, dict):
            inner, item = _short_form(item, conditional) or (None, item)
        if isinstance(item, list):
            yield from _flow(item, inner, conditional)
        elif isinstance(item, str):
            style = "'" if _FLOW_SIGN(item) else _inline_style(item)
            yield _text(item, inner, style=style)
        else:
            yield _scalar(item, inner)
    yield _SEQUENCE_END


def _scalar(value: object, tag: str | None) -> yaml.Event:
    if isinstance(value, str):
        style = _block_style(value) or _inline_style(value)
        return _text(_MARK + value if style == ">" else value, tag, style)
    if value is None or isinstance(value, bool):
        return _text("null" if value is None else str(value).lower(), tag, None)
    number = repr(value)
    if isinstance(value, float) and "." not in number:
        # YAML 1.1 takes 1e+16 for text.
        number = number.replace("e", ".0e")
    return _text(number, tag, None)


def _text(text: str, tag: str | None, style: str | None) -> yaml.Event:
    return yaml.ScalarEvent(None, tag, (tag is None, tag is None), text, style=style)


def _inline_style(text: str) -> str | None:
    if not _printable(text):
        return '"'
    return None if _PLAIN(text) and text.lower() not in _WORDS else "'"


def _block_style(text: str) -> str | None:
    if _MARK in text:
        return None
    if "\n" in text:
        clear = (
            _printable(text.replace("\n", ""))
            # Blanks at a line's end would be invisible, blank lines at the text's end would be lost.
            and not text.endswith((" ", "\n\n"))
            and " \n" not in text
            and text != "\n"
        )
        return "|" if clear else None
    if len(text) > _LONG and _printable(text) and _PROSE(text):
        return ">"
    return None


def _printable(text: str) -> bool:
    if text.isascii():
        return text.isprintable()
    return re.fullmatch(_PRINTABLE, text) is not None
