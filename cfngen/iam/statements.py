"""The statements of a policy document, as far as its texts are known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, Final, TypeAlias

from cfngen.cfn.functions import is_function
from cfngen.cfn.symbolic import SymbolicText, literal, symbolic_text, to_sub
from cfngen.core.declared import Declared, frozen

TextResolver: TypeAlias = "Callable[[Any], Sequence[SymbolicText] | None]"
"""Turns a value of a document into the texts that it may be; None where it can be no text."""

LATEST: Final = "2012-10-17"


@frozen
class Entry(Declared):
    """A text of a statement and where it stands."""

    text: SymbolicText
    pointer: str


@frozen(kw_only=True)
class Statement(Declared):
    """A statement of a policy; ``pointer`` leads to it.

    ``principals`` are the kinds and texts of a trust policy or a resource's policy.
    """

    allows: bool
    actions: tuple[Entry, ...] = ()
    not_actions: tuple[Entry, ...] = ()
    resources: tuple[Entry, ...] = ()
    not_resources: tuple[Entry, ...] = ()
    principals: tuple[tuple[str, Entry], ...] = ()
    not_principals: bool = False
    condition: Mapping[str, Any] = field(default_factory=dict)
    variables: bool = True
    pointer: str = ""
    document: Any = field(default=None, repr=False, compare=False)


@frozen
class PolicyFault(Declared):
    """What makes a document, or a statement of it, no policy."""

    message: str
    pointer: str


def plain_texts(value: Any) -> Sequence[SymbolicText] | None:
    """Return the texts of a document without intrinsics."""
    if isinstance(value, bool):
        return [("true" if value else "false",)]
    if isinstance(value, (str, int, float)):
        return [symbolic_text(str(value))]
    return None


def statements(
    document: Any, pointer: str = "", texts: TextResolver = plain_texts
) -> tuple[list[Statement], list[PolicyFault]]:
    """Return the statements of a policy, and what is wrong with those that are none."""
    if not isinstance(document, Mapping):
        return [], [PolicyFault(f"a policy document is a mapping, not {_kind(document)}", pointer)]
    version = document.get("Version")
    variables = version == LATEST or (version is not None and literal_value(version, texts) is None)
    items = document.get("Statement")
    many = isinstance(items, list)
    readable: list[Statement] = []
    faults: list[PolicyFault] = []
    if items is None:
        faults.append(PolicyFault("the policy has no 'Statement'", pointer))
    for index, item in enumerate(items if isinstance(items, list) else [] if items is None else [items]):
        place = f"{pointer}/Statement/{index}" if many else f"{pointer}/Statement"
        try:
            readable.append(_StatementReader(item, place, texts).statement(variables))
        except _NotOneError as error:
            faults.append(PolicyFault(*error.args))
    return readable, faults


class _NotOneError(ValueError):
    """The value is no statement; its message and its pointer."""


class _StatementReader:
    """A statement as it stands in a document."""

    def __init__(self, document: Any, pointer: str, texts: TextResolver) -> None:
        self.document = document
        self.pointer = pointer
        self.texts = texts

    def statement(self, variables: bool) -> Statement:
        """Return the statement. Raises ``_NotOneError``."""
        document = self.document
        if not isinstance(document, Mapping):
            raise _NotOneError(f"a statement is a mapping, not {_kind(document)}", self.pointer)
        effect = literal_value(document.get("Effect"), self.texts)
        if effect not in ("Allow", "Deny"):
            shown = "no 'Effect'" if "Effect" not in document else f"the effect {document['Effect']!r}"
            raise _NotOneError(f"the statement has {shown}: it is 'Allow' or 'Deny'", self.pointer)
        condition = document.get("Condition", {})
        if not isinstance(condition, Mapping):
            raise _NotOneError(
                f"a condition is a mapping, not {_kind(condition)}", f"{self.pointer}/Condition"
            )
        return Statement(
            allows=effect == "Allow",
            actions=self._entries("Action", "NotAction"),
            not_actions=self._entries("NotAction", None),
            resources=self._entries("Resource", None),
            not_resources=self._entries("NotResource", None),
            principals=tuple(self._principals(document.get("Principal"))),
            not_principals="NotPrincipal" in document,
            condition=condition,
            variables=variables,
            pointer=self.pointer,
            document=document,
        )

    def _entries(self, name: str, instead: str | None) -> tuple[Entry, ...]:
        value = self.document.get(name)
        if value is None:
            if instead is not None and self.document.get(instead) is None:
                raise _NotOneError(f"the statement has no {name!r}", self.pointer)
            return ()
        pointer = f"{self.pointer}/{name}"
        if not isinstance(value, list):
            return tuple(self._each(value, pointer, name))
        return tuple(
            entry
            for index, item in enumerate(value)
            for entry in self._each(item, f"{pointer}/{index}", name)
        )

    def _each(self, value: Any, pointer: str, name: str) -> Iterator[Entry]:
        choices = None if isinstance(value, (bool, int, float)) else self.texts(value)
        if choices is None:
            raise _NotOneError(f"{name!r} takes text or a list of it, not {_kind(value)}", pointer)
        for one in choices:
            if name.endswith("Action") and (wrong := _action_fault(one)):
                raise _NotOneError(f"IAM refuses the action {to_sub(one)!r}: {wrong}", pointer)
            yield Entry(one, pointer)

    def _principals(self, value: Any) -> Iterator[tuple[str, Entry]]:
        pointer = f"{self.pointer}/Principal"
        if value is None:
            return
        if not isinstance(value, Mapping) or is_function(value):
            for one in self.texts(value) or []:
                yield ("*", Entry(one, pointer))
            return
        for kind, items in value.items():
            for item in items if isinstance(items, list) else [items]:
                for one in self.texts(item) or []:
                    yield (str(kind), Entry(one, f"{pointer}/{kind}"))


def _action_fault(action: SymbolicText) -> str:
    known = literal(action)
    if known is None or known == "*":
        return ""
    service, colon, name = known.partition(":")
    if not colon or not service or not name:
        return "it is the service, a colon and the name of the action"
    return "the service takes no wildcard" if service != "*" and _WILD.search(service) else ""


_WILD: Final = re.compile(r"[*?]")


def literal_value(value: Any, texts: TextResolver) -> str | None:
    """Return the one literal text that a value is, or None."""
    choices = texts(value)
    return literal(choices[0]) if choices is not None and len(choices) == 1 else None


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list) else f"{value!r:.60}"
