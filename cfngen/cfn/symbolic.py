"""Texts that are known in part: literals, and placeholders for what is only known after deployment.

An ARN of a template is such a text: ``arn:``, the partition, ``:sqs:``, and so on. Whether something is so
has four answers, and the two in the middle are what an audit must not call a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final, NamedTuple, TypeAlias


class Verdict(IntEnum):
    """Whether something holds: never, perhaps, if the stack is deployed as it looks, or always."""

    NO = 0
    UNKNOWN = 1
    ASSUMED = 2
    YES = 3

    def denied(self) -> Verdict:
        """Return whether the opposite holds."""
        return {Verdict.NO: Verdict.YES, Verdict.YES: Verdict.NO}.get(self, Verdict.UNKNOWN)


NO, UNKNOWN, ASSUMED, YES = Verdict


class Placeholder(NamedTuple):
    """A piece of text that is known by its name alone.

    ``kind`` says which characters it has: those of a ``name`` hold no ``:`` and no ``/``. Two names of one
    ``group`` differ where their placeholders do, as those of two queues. ``default`` is its likely text.
    """

    name: str
    kind: str = "any"
    group: str = ""
    default: str | None = None


SymbolicText: TypeAlias = "tuple[str | Placeholder, ...]"
"""Pieces, no two literals side by side."""

PARTITION: Final = Placeholder("AWS::Partition", "partition")
REGION: Final = Placeholder("AWS::Region", "region")
ACCOUNT: Final = Placeholder("AWS::AccountId", "account")


def symbolic_text(*pieces: str | Placeholder) -> SymbolicText:
    """Return pieces as a text, neighbouring literals joined."""
    joined: list[str | Placeholder] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece != "":
            joined.append(piece)
    return tuple(joined)


def literal(text: SymbolicText) -> str | None:
    """Return a text that is known whole, or None."""
    if all(isinstance(piece, str) for piece in text):
        return "".join(map(str, text))
    return None


def to_sub(text: SymbolicText) -> str:
    """Return a text as ``Fn::Sub`` spells it, for people."""
    return "".join(piece if isinstance(piece, str) else f"${{{piece.name}}}" for piece in text)


def replaced(text: SymbolicText, values: Mapping[Placeholder, str]) -> SymbolicText:
    """Return a text with literals for some of its placeholders."""
    return symbolic_text(
        *(values.get(piece, piece) if isinstance(piece, Placeholder) else piece for piece in text)
    )


def lowered(text: SymbolicText) -> SymbolicText:
    """Return a text as it compares where case does not count."""
    return tuple(piece.lower() if isinstance(piece, str) else piece for piece in text)


def has_wildcard(pattern: SymbolicText) -> bool:
    """Tell whether a pattern matches more than one text."""
    return any(isinstance(piece, str) and ("*" in piece or "?" in piece) for piece in pattern)
