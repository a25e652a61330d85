"""Texts that are known in part: literals, and symbols for what is only known after deployment.

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


class Symbol(NamedTuple):
    """A piece of text that is known by its name alone.

    ``kind`` says which characters it has: those of a ``name`` know no ``:`` and no ``/``. Two names of one
    ``group`` differ where their symbols do, as those of two queues. ``default`` is what it most likely is.
    """

    name: str
    kind: str = "any"
    group: str = ""
    default: str | None = None


Text: TypeAlias = "tuple[str | Symbol, ...]"
"""Pieces, no two literals side by side."""

PARTITION: Final = Symbol("AWS::Partition", "partition")
REGION: Final = Symbol("AWS::Region", "region")
ACCOUNT: Final = Symbol("AWS::AccountId", "account")


def text(*pieces: str | Symbol) -> Text:
    """Return pieces as a text, neighbouring literals joined."""
    joined: list[str | Symbol] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece != "":
            joined.append(piece)
    return tuple(joined)


def literal(given: Text) -> str | None:
    """Return a text that is known whole, or None."""
    if all(isinstance(piece, str) for piece in given):
        return "".join(map(str, given))
    return None


def spelled(given: Text) -> str:
    """Return a text as ``Fn::Sub`` spells it, for people."""
    return "".join(piece if isinstance(piece, str) else f"${{{piece.name}}}" for piece in given)


def replaced(given: Text, values: Mapping[Symbol, str]) -> Text:
    """Return a text with literals for some of its symbols."""
    return text(*(values.get(piece, piece) if isinstance(piece, Symbol) else piece for piece in given))


def lowered(given: Text) -> Text:
    """Return a text as it compares where case does not count."""
    return tuple(piece.lower() if isinstance(piece, str) else piece for piece in given)


def has_wildcard(pattern: Text) -> bool:
    """Tell whether a pattern matches more than one text."""
    return any(isinstance(piece, str) and ("*" in piece or "?" in piece) for piece in pattern)
