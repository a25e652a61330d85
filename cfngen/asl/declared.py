"""The common ground of all values: frozen dataclasses, cheap to define and clear when misused.

``dataclass`` writes and compiles the methods of every class anew; with dozens of classes that is a
noticeable part of the time that the command takes to start. Here it writes ``__init__`` alone, and the
rest is written once, in ``Declared``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Callable[[Any], Any]:
        """Tell type checkers alone."""
        return lambda decorator: decorator


T = TypeVar("T")


class Declared:
    """Base of the values: equal when their fields are, shown by what differs from the defaults.

    Raises ``TypeError`` for a field that does not exist and names the nearest one that does, and
    ``FrozenInstanceError`` for a change.
    """

    __slots__ = ()

    if not TYPE_CHECKING:

        def __new__(cls, *args: Any, **kwargs: Any) -> Declared:
            """Check the names before ``__init__`` refuses them with less to say."""
            for name in kwargs:
                if name not in _names(cls):
                    known = [item.name for item in fields(cls) if item.init]
                    raise TypeError(unknown_field(cls.__name__, name, known))
            return super().__new__(cls)

        def __setattr__(self, name: str, value: Any) -> None:
            """Let ``__init__`` write each field once."""
            if name in self.__dict__ or name not in _names(type(self)):
                raise FrozenInstanceError(f"cannot assign to field {name!r}")
            self.__dict__[name] = value

        def __delattr__(self, name: str) -> None:
            raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        if type(other) is not type(self):
            return NotImplemented
        return all(
            getattr(self, item.name) == getattr(other, item.name) for item in _fields(self) if item.compare
        )

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, item.name) for item in _fields(self) if item.compare)))

    def __repr__(self) -> str:
        given = ((item, getattr(self, item.name)) for item in _fields(self) if item.repr and item.init)
        shown = ", ".join(
            f"{'' if item.kw_only is False else f'{item.name}='}{value!r}"
            for item, value in given
            if value != _default(item)
        )
        return f"{type(self).__name__}({shown})"


@overload
def frozen(cls: type[T], /) -> type[T]: ...
@overload
def frozen(*, kw_only: bool, abstract: bool = False) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field, Field))
def frozen(cls: Any = None, /, *, kw_only: bool = False, abstract: bool = False) -> Any:
    """Make a subclass of ``Declared`` a frozen dataclass; an ``abstract`` one is only a base of others."""
    made = dataclass(init=not abstract, repr=False, eq=False, kw_only=kw_only)
    return made if cls is None else made(cls)


def unknown_field(owner: str, name: str, known: Iterable[str]) -> str:
    """Say that ``owner`` has no field ``name``, and which is near."""
    hint = did_you_mean(name, known) or "it has " + ", ".join(known)
    return f"{owner} has no field {name!r}; {hint}"


def did_you_mean(wrong: str, known: Iterable[str], prefix: str = "") -> str:
    """Suggest the nearest known name, or nothing; ``prefix`` begins them all, and makes none nearer."""
    from difflib import get_close_matches

    names = [name.removeprefix(prefix) for name in known]
    near = get_close_matches(wrong.removeprefix(prefix), names, n=1, cutoff=0.6)
    return f"did you mean {prefix + near[0]!r}?" if near else ""


def _fields(value: Any) -> tuple[Field[Any], ...]:
    return fields(value)


@cache
def _names(cls: type) -> frozenset[str]:
    """Return the names of the fields; ``__dataclass_fields__`` holds those of class variables too."""
    return frozenset(item.name for item in fields(cls))


def _default(item: Field[Any]) -> Any:
    return item.default if item.default_factory is MISSING else item.default_factory()
