"""YAML as people write CloudFormation.

It is written here and not by PyYAML, which folds all texts or none, takes longer to import than a template
takes to write, and writes other bytes with libyaml than without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cfngen.cfn import functions

if TYPE_CHECKING:
    _KeyValues = Iterator[tuple[str, object]]

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

_PROSE = re.compile(r"\S+(?: \S+)+").fullmatch
_LONG, _COLUMNS = 80, 100
_FLOW_COLUMNS = 60
_KEY_BYTES = 128
"""The longest key that YAML reads without a question mark before it, as libyaml counts."""

_BREAK = re.compile("[\r\n\x85\u2028\u2029]").search
_SHORT_ESCAPES = {
    **dict(zip("\0\a\b\t\n\v\f\r\x1b", "0abtnvfre", strict=True)),
    **dict(zip('"\\\x85\u2028\u2029', '"\\NLP', strict=True)),
}


def block(document: dict[str, object]) -> str:
    """Return a plain document as YAML text that ends with one newline."""
    if not document:
        return "{}\n"
    pieces: list[str] = []
    keys: dict[str, str] = {}
    # of each open mapping or sequence: what is left of it, its indent, whether it is a mapping, and whether
    # {"Condition": name} is a function in it, as it is in Conditions and Rules; elsewhere it is a mapping
    pending: list[tuple[_KeyValues, str, bool, bool]] = [(iter(document.items()), "", True, False)]
    line = ""  # what goes before the next key or item: nothing where it stands behind a dash
    while pending:
        items, indent, is_mapping, conditional = pending[-1]
        for key, value in items:
            is_key = True
            if is_mapping:
                name = keys.get(key)
                if name is None:
                    name = keys[key] = _yaml_key(key)
                is_key = name[0] != "?"
                pieces.append(f"{line}{name}" if is_key else f"{line}{name}\n{indent}:")
            else:
                pieces.append(f"{line}-")
            line = f"\n{indent}"
            inside = conditional or (len(pending) == 1 and key in ("Conditions", "Rules"))
            tag = ""
            if isinstance(value, dict):
                tag, value = _short_form(value, inside) or ("", value)
            if not isinstance(value, (dict, list)):
                pieces.append(f"{tag} {_yaml_scalar(value, indent)}")
            elif not value:
                pieces.append(f" {'{}' if isinstance(value, dict) else '[]'}")
            elif isinstance(value, dict):
                behind = not (is_mapping and is_key)
                pending.append((iter(value.items()), f"{indent}  ", True, inside))
                line = " " if behind else f"\n{indent}  "
                break
            elif tag and _flow_width(value, inside) <= _FLOW_COLUMNS:
                pieces.append(f"{tag} {_flow_sequence(value, inside)}")
            else:
                # a sequence stands as deep as the key that it belongs to
                inner = indent if is_mapping and (is_key or tag) else f"{indent}  "
                pieces.append(tag)
                pending.append(((("", item) for item in value), inner, False, inside))
                line = " " if not tag and not (is_mapping and is_key) else f"\n{inner}"
                break
        else:
            pending.pop()
            line = f"\n{pending[-1][1]}" if pending else ""
    return f"{''.join(pieces)}\n"


def _yaml_key(key: str) -> str:
    text = _inline_text(key)
    is_short = len(key.encode()) <= _KEY_BYTES and not _BREAK(key)
    return f"{text}:" if is_short else f"? {text}"


def _short_form(value: dict[str, object], conditional: bool) -> tuple[str, object] | None:
    """Return tag, with a blank before it, and argument of a function that has a short form here.

    A short form cannot hold another one directly (``!Base64 !Sub x`` is no YAML), so a function of
    a function stays long.
    """
    if len(value) != 1:
        return None
    [(name, argument)] = value.items()
    if isinstance(argument, str):
        if name == functions.REF or (name == functions.CONDITION and conditional):
            return f" !{name}", argument
        if name in _TEXT_FUNCTIONS or (name == functions.GET_ATT and "." in argument):
            return f" !{name.removeprefix(functions.PREFIX)}", argument
    elif isinstance(argument, list) and argument:
        if name in _LIST_FUNCTIONS:
            return f" !{name.removeprefix(functions.PREFIX)}", argument
        if name == functions.GET_ATT and len(argument) == 2:
            resource, attribute = argument
            # Readers part the two at the first dot.
            if isinstance(resource, str) and isinstance(attribute, str) and "." not in resource:
                return " !GetAtt", f"{resource}.{attribute}"
    return None


def _flow_width(value: object, conditional: bool, depth: int = 0) -> int:
    """Estimate the columns of a function's argument on one line; too many if it needs several."""
    too_wide = _FLOW_COLUMNS + 1
    if isinstance(value, dict):
        short = _short_form(value, conditional)
        if short is None:
            return too_wide
        return len(short[0]) + _flow_width(short[1], conditional, depth + 1)
    if isinstance(value, list):
        if depth > 4 or len(value) > 10:
            return too_wide
        return sum(_flow_width(item, conditional, depth + 1) + 2 for item in value)
    if isinstance(value, str):
        return len(value) + 2 if _is_printable(value) else too_wide
    return len(str(value))


def _flow_sequence(items: list[object], conditional: bool) -> str:
    """Return the items of a function's argument on one line."""
    texts = []
    for item in items:
        tag = ""
        if isinstance(item, dict):
            tag, item = _short_form(item, conditional) or ("", item)
        if isinstance(item, list):
            text = _flow_sequence(item, conditional)
        elif isinstance(item, str):
            text = _single_quoted(item) if _FLOW_SIGN(item) and _is_printable(item) else _inline_text(item)
        else:
            text = _yaml_scalar(item, "")
        texts.append(f"{tag[1:]} {text}" if tag else text)
    return f"[{', '.join(texts)}]"


def _yaml_scalar(value: object, indent: str) -> str:
    if isinstance(value, str):
        if "\n" in value and _is_literal(value):
            return _block_literal(value, indent)
        if len(value) > _LONG and _is_printable(value) and _PROSE(value):
            return _folded(value, f"{indent}  ")
        return _inline_text(value)
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    number = repr(value)
    if isinstance(value, float) and "." not in number:
        # YAML 1.1 takes 1e+16 for text.
        number = number.replace("e", ".0e")
    return number


def _inline_text(text: str) -> str:
    """Return a text on one line: plain where that is read back as the same text, else in quotes."""
    if not _is_printable(text):
        return _double_quoted(text)
    return text if _PLAIN(text) and text.lower() not in _WORDS else _single_quoted(text)


def _single_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _double_quoted(text: str) -> str:
    return f'"{"".join(map(_escape, text))}"'


def _escape(sign: str) -> str:
    if sign in _SHORT_ESCAPES:
        return f"\\{_SHORT_ESCAPES[sign]}"
    if _is_printable(sign):
        return sign
    code = ord(sign)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _is_literal(text: str) -> bool:
    """Tell whether a text of several lines can stand as it is read."""
    return (
        _is_printable(text.replace("\n", ""))
        # Blanks at a line's end would be invisible, blank lines at the text's end would be lost.
        and not text.endswith((" ", "\n\n"))
        and " \n" not in text
        and text != "\n"
    )


def _block_literal(text: str, indent: str) -> str:
    hint = "2" if text[0] in " \n" else ""
    strip = "" if text.endswith("\n") else "-"
    lines = text.removesuffix("\n").split("\n")
    return "\n".join([f"|{hint}{strip}", *(f"{indent}  {line}" if line else "" for line in lines)])


def _folded(prose: str, indent: str) -> str:
    from textwrap import wrap

    width = max(_COLUMNS - len(indent), _COLUMNS // 2)
    lines = wrap(prose, width, break_long_words=False, break_on_hyphens=False)
    return "\n".join([">-", *(f"{indent}{line}" for line in lines)])


def _is_printable(text: str) -> bool:
    if text.isascii():
        return text.isprintable()
    return re.fullmatch(_PRINTABLE, text) is not None
