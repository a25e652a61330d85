"""What a state does when it fails: retriers and catchers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Literal

from cfngen.asl.flow import Flow, wrong_flow
from cfngen.asl.values import OMIT, Intrinsic, Omit, PayloadValue, Text
from cfngen.core.declared import Declared, frozen


@frozen(kw_only=True)
class Retrier(Declared):
    """One entry of ``Retry``.

    ``IntervalSeconds`` is the wait before the first retry (AWS takes 1 when omitted), ``MaxAttempts``
    counts retries, not tries (3; 0 means never), ``BackoffRate`` multiplies the wait each time (2.0).
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
    """

    ErrorEquals: Sequence[str]
    IntervalSeconds: int | Intrinsic | None = None
    MaxAttempts: int | Intrinsic | None = None
    BackoffRate: float | Intrinsic | None = None
    MaxDelaySeconds: int | Intrinsic | None = None
    JitterStrategy: Literal["FULL", "NONE"] | None = None
    Comment: Text | None = None


@frozen(kw_only=True)
class Catcher(Declared):
    """One entry of ``Catch``.

    ``Next`` takes the handling flow itself, ``ResultPath`` says where the error goes in the state's
    input (``None`` discards the error); in JSONata ``Output`` does. Two catchers are equal when they go to
    a state of one name.
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-fallback-states
    """

    ErrorEquals: Sequence[str]
    Next: Flow = field(compare=False, repr=False)
    ResultPath: Text | Omit | None = OMIT
    Assign: Mapping[str, PayloadValue] | None = None
    Output: PayloadValue | Omit = OMIT
    Comment: Text | None = None
    target: str = field(init=False, repr=False)

    def wrong_values(self) -> Iterator[str]:
        """Yield a ``Next`` that is no flow."""
        yield from wrong_flow("Next", self.Next)

    def __post_init__(self) -> None:
        """Note the name that ``Next`` begins with.

        Equality is decided by that name and not by the flow behind it, as in the language itself,
        where handlers that lead to handlers would otherwise be compared without end.
        """
        object.__setattr__(self, "target", self.Next.entry.Name)

    def __repr__(self) -> str:
        """Show where it leads by name, for the reason for which equality is decided by it."""
        return f"{super().__repr__()[:-1]}, Next=Goto({self.target!r}))"
