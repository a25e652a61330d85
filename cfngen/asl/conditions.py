"""What a Choice decides by: data tests, and rules that lead somewhere.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Final

from cfngen.asl.flow import Flow, wrong_flow
from cfngen.asl.states import wrong_entries
from cfngen.asl.values import OMIT, Intrinsic, Jsonata, Omit, PayloadValue, Text
from cfngen.core.declared import Declared, frozen


@frozen(kw_only=True)
class DataTest(Declared):
    """One test of the value at ``Variable``, or tests joined by ``And``, ``Or`` and ``Not``.

    A test has exactly one operator. Timestamps are RFC 3339; ``StringMatches`` takes ``*`` as a wildcard.
    """

    Comment: Text | None = None
    Variable: Text | None = None
    And: Sequence[DataTest] | None = None
    Or: Sequence[DataTest] | None = None
    Not: DataTest | None = None
    IsBoolean: bool | Intrinsic | None = None
    IsNull: bool | Intrinsic | None = None
    IsNumeric: bool | Intrinsic | None = None
    IsPresent: bool | Intrinsic | None = None
    IsString: bool | Intrinsic | None = None
    IsTimestamp: bool | Intrinsic | None = None
    BooleanEquals: bool | Intrinsic | None = None
    BooleanEqualsPath: Text | None = None
    NumericEquals: float | Intrinsic | None = None
    NumericEqualsPath: Text | None = None
    NumericGreaterThan: float | Intrinsic | None = None
    NumericGreaterThanPath: Text | None = None
    NumericGreaterThanEquals: float | Intrinsic | None = None
    NumericGreaterThanEqualsPath: Text | None = None
    NumericLessThan: float | Intrinsic | None = None
    NumericLessThanPath: Text | None = None
    NumericLessThanEquals: float | Intrinsic | None = None
    NumericLessThanEqualsPath: Text | None = None
    StringEquals: Text | None = None
    StringEqualsPath: Text | None = None
    StringGreaterThan: Text | None = None
    StringGreaterThanPath: Text | None = None
    StringGreaterThanEquals: Text | None = None
    StringGreaterThanEqualsPath: Text | None = None
    StringLessThan: Text | None = None
    StringLessThanPath: Text | None = None
    StringLessThanEquals: Text | None = None
    StringLessThanEqualsPath: Text | None = None
    StringMatches: Text | None = None
    TimestampEquals: Text | None = None
    TimestampEqualsPath: Text | None = None
    TimestampGreaterThan: Text | None = None
    TimestampGreaterThanPath: Text | None = None
    TimestampGreaterThanEquals: Text | None = None
    TimestampGreaterThanEqualsPath: Text | None = None
    TimestampLessThan: Text | None = None
    TimestampLessThanPath: Text | None = None
    TimestampLessThanEquals: Text | None = None
    TimestampLessThanEqualsPath: Text | None = None

    def wrong_values(self) -> Iterator[str]:
        """Yield what is joined and is no test."""
        for name in ("And", "Or"):
            if (joined := getattr(self, name)) is not None:
                yield from wrong_entries(name, joined, DataTest)
        negated: object = self.Not
        if negated is not None and not isinstance(negated, DataTest):
            yield f"Not takes a DataTest, not {negated!r}"

    def operators(self) -> list[str]:
        """Return the operators that are given."""
        return [name for name in OPERATORS if getattr(self, name) is not None]


@frozen(kw_only=True)
class ChoiceRule(DataTest):
    """A test, or in JSONata a ``Condition``, and the flow that is taken when it holds.

    Two rules are equal when they test the same and go to a state of one name.
    """

    Condition: Jsonata | bool | Intrinsic | None = None
    Next: Flow = field(compare=False, repr=False)
    Assign: Mapping[str, PayloadValue] | None = None
    Output: PayloadValue | Omit = OMIT
    target: str = field(init=False, repr=False)

    def wrong_values(self) -> Iterator[str]:
        """Yield a ``Next`` that is no flow too."""
        yield from super().wrong_values()
        yield from wrong_flow("Next", self.Next)

    def __post_init__(self) -> None:
        """Note the name that ``Next`` begins with, by which equality is decided."""
        object.__setattr__(self, "target", self.Next.entry.Name)

    def __repr__(self) -> str:
        """Show where it leads by name, for the reason for which equality is decided by it."""
        before = super().__repr__()[:-1]
        return f"{before}{'' if before.endswith('(') else ', '}Next=Goto({self.target!r}))"


JOINING: Final = ("And", "Or", "Not")
OPERATORS: Final = (
    *JOINING,
    *(name for name in DataTest.__annotations__ if name not in (*JOINING, "Comment", "Variable")),
)
"""Every operator, of which a test has one."""
