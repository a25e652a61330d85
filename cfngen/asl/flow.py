"""Flows: states in the order they run, as values that know nothing of what comes after them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, overload

from cfngen.core.callers import mistake
from cfngen.core.declared import Declared, frozen

if TYPE_CHECKING:
    from cfngen.asl.states import State

__all__ = ["Flow"]


class Flow:
    """One state, or several in a row: what ``>>`` joins and what a field such as ``Next`` takes."""

    __slots__ = ()

    @property
    def entry(self) -> State | Goto:
        """Return the state where the flow begins."""
        raise mistake(TypeError(f"{type(self).__name__} is not a flow by itself"))


class Open(Flow):
    """A flow that something may follow."""

    __slots__ = ()

    @overload
    def __rshift__(self, after: Open) -> Chain: ...
    @overload
    def __rshift__(self, after: Closed) -> ClosedChain: ...
    def __rshift__(self, after: Flow) -> Chain | ClosedChain:
        if isinstance(after, Open):
            return Chain(self, after)
        if isinstance(after, Closed):
            return ClosedChain(self, after)
        raise mistake(TypeError(f"a state or a flow follows '>>', not {after!r}; {_instead_of(after)}"))


class Closed(Flow):
    """A flow that ends by itself: nothing may follow."""

    __slots__ = ()

    def __rshift__(self, after: NoReturn) -> NoReturn:
        last = list(steps(self))[-1]
        leads = getattr(last, "Type", "") == "Choice"
        hint = "; a Choice leads on by the Next of its rules and by its Default" if leads else ""
        raise mistake(TypeError(f"nothing can follow {last.Name!r}: the flow ends there{hint}"))


@frozen
class Goto(Declared, Closed):
    """A state of the same workflow by its name, for flows that lead back to each other."""

    Name: str

    @property
    def entry(self) -> Goto:
        """Return itself."""
        return self


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class _Joined(Flow):
    """Two flows in a row: the cheapest value that makes a loop of ``flow = flow >> state`` linear."""

    before: Open
    after: Flow

    @property
    def entry(self) -> State | Goto:
        return next(steps(self))

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        mine, theirs = list(steps(self)), list(steps(other))
        return mine == theirs

    __hash__: ClassVar[None]  # type: ignore[assignment]  # none, like the states in it, which hold lists

    def __repr__(self) -> str:
        return " >> ".join(map(repr, steps(self)))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, tuple(steps(self))


class Chain(_Joined, Open):
    """States in a row whose last one may be followed."""

    __slots__ = ()


class ClosedChain(_Joined, Closed):
    """States in a row whose last one ends the flow."""

    __slots__ = ()


@overload
def chain(first: Open, /, *rest: Open) -> Open: ...
@overload
def chain(*flows: Flow) -> Flow: ...
def chain(*flows: Flow) -> Flow:
    """Join flows that a loop has built; ``chain(a, b, c)`` is ``a >> b >> c``.

    Raises ``ValueError`` when there is none.
    """
    if not flows:
        raise mistake(ValueError("chain() takes at least one state"))
    return _rebuilt(*flows)


def steps(flow: Flow) -> Iterator[State | Goto]:
    """Yield the states of a flow in order, without recursion: a chain may be 10,000 long."""
    parts = [flow]
    while parts:
        part = parts.pop()
        if isinstance(part, _Joined):
            parts += (part.after, part.before)
        else:
            yield part.entry


def checked_flow(flow: object, field: str) -> Flow:
    """Return the flow given in ``field``; raise ``TypeError`` for anything else, such as a name."""
    if isinstance(flow, Flow):
        return flow
    raise mistake(TypeError(*wrong_flow(field, flow)))


def wrong_flow(field: str, flow: object) -> Iterator[str]:
    """Yield what is wrong where a field does not hold a flow."""
    if not isinstance(flow, Flow):
        yield f"{field} takes a state or a flow, not {flow!r}; {_instead_of(flow)}"


BY_NAME = "use Goto('name') for a state that is written elsewhere"
BY_ARROWS = "join states with '>>', or a list of them with chain(*states)"


def _instead_of(value: object) -> str:
    return BY_ARROWS if isinstance(value, (list, tuple)) else BY_NAME


def _rebuilt(*flows: Flow) -> Flow:
    return reduce(lambda before, after: before >> after, flows)  # type: ignore[operator]  # '>>' itself refuses
