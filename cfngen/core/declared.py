"""The common ground of all values: frozen dataclasses, cheap to define and clear when misused.

``dataclass`` writes and compiles the methods of every class anew; with dozens of classes that is a
noticeable part of the time that the command takes to start. Here they are written once, in ``Declared``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn, TypeVar, overload

from cfngen.core.callers import mistake

if TYPE_CHECKING:
    from inspect import Signature

    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Callable[[Any], Any]:
        """Tell type checkers alone."""
        return lambda decorator: decorator


T = TypeVar("T")


class _SignatureOfFields:
    """What ``help()`` and editors show of a class: its fields."""

    def __get__(self, value: object, owner: type) -> Signature:
        from inspect import Parameter, Signature

        if not is_dataclass(owner):
            # the base alone, whose arguments are those of its subclasses; help() asks for it by the way
            raise AttributeError(f"{owner.__name__} has no fields of its own")
        kinds = {True: Parameter.KEYWORD_ONLY, False: Parameter.POSITIONAL_OR_KEYWORD}
        shown = [
            Parameter(
                item.name, kinds[bool(item.kw_only)], default=_shown_default(item), annotation=item.type
            )
            for item in fields(owner)
            if item.init
        ]
        return Signature(sorted(shown, key=lambda parameter: parameter.kind))


class Declared:
    """Base of the values: equal when their fields are, shown by what differs from the defaults.

    Raises ``TypeError`` for a field that does not exist and names the nearest one that does, and
    ``FrozenInstanceError`` for a change.
    """

    __slots__ = ()

    __signature__: ClassVar[_SignatureOfFields] = _SignatureOfFields()

    @classmethod
    def field_hints(cls) -> dict[str, str]:
        """Return what to say of fields that people forget, or expect and that are none."""
        return {}

    def wrong_values(self) -> Iterator[str]:
        """Yield what is plainly wrong with values of fields, on which nothing else could be said."""
        yield from ()

    if not TYPE_CHECKING:

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            """Take the fields as ``dataclass`` does."""
            construction = _construction(type(self))
            own = self.__dict__
            # one by one, so that values share their names
            for name, value in construction.defaults.items():
                own[name] = value
            if args:
                if len(args) > len(construction.positional):
                    _refuse_arguments(self, args, kwargs)
                positional = dict(zip(construction.positional, args, strict=False))
                kwargs = _joined_arguments(type(self), positional, kwargs) if kwargs else positional
            if not kwargs.keys() <= construction.init_fields:
                _refuse_arguments(self, args, kwargs)
            for name, value in kwargs.items():
                own[name] = value
            if not kwargs.keys() >= construction.required:
                _refuse_arguments(self, args, kwargs)
            for name, factory in construction.factories:
                if name not in kwargs:
                    own[name] = factory()
            if construction.has_wrong_values and (wrong := list(self.wrong_values())):
                raise mistake(TypeError("\n".join(wrong)))
            if construction.is_checked:
                self.__post_init__()

        def __setattr__(self, name: str, value: Any) -> None:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")

        def __delattr__(self, name: str) -> None:
            raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _compared_fields(self))

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in _compared_fields(self))))

    def __repr__(self) -> str:
        values = (
            (item, getattr(self, item.name)) for item in _dataclass_fields(self) if item.repr and item.init
        )
        shown = ", ".join(
            f"{'' if item.kw_only is False else f'{item.name}='}{value!r}"
            for item, value in values
            if value != _default(item)
        )
        return f"{type(self).__name__}({shown})"


@overload
def frozen(cls: type[T], /) -> type[T]: ...
@overload
def frozen(*, kw_only: bool) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field, Field))
def frozen(cls: Any = None, /, *, kw_only: bool = False) -> Any:
    """Make a subclass of ``Declared`` a frozen dataclass."""
    decorate = dataclass(init=False, repr=False, eq=False, kw_only=kw_only)
    return decorate if cls is None else decorate(cls)


def unknown_field(owner: str, name: str, known: Iterable[str], hint: str = "") -> str:
    """Say that ``owner`` has no field ``name``, and what to write instead."""
    hint = hint or did_you_mean(name, known) or "it has " + ", ".join(known)
    return f"{owner} has no field {name!r}; {hint}"


def did_you_mean(wrong: str, known: Iterable[str], prefix: str = "") -> str:
    """Suggest the nearest known name, or nothing; ``prefix`` begins them all, and makes none nearer."""
    left = _suggestions_left.get()
    if left is not None:
        if left[0] == 0:
            return ""
        left[0] -= 1
    near = nearest(wrong, known, prefix)
    return f"did you mean {near!r}?" if near else ""


def nearest(wrong: str, known: Iterable[str], prefix: str = "") -> str:
    """Return the known name that is nearest, or nothing; ``prefix`` begins them all."""
    from difflib import get_close_matches

    mistyped = wrong.removeprefix(prefix)
    names = [name.removeprefix(prefix) for name in known]
    if len(names) > _MANY:
        begin, end = mistyped[:3], mistyped[-3:]
        names = [name for name in names if name.startswith(begin) or name.endswith(end)][:_MANY]
    near = get_close_matches(mistyped, names, n=1, cutoff=0.6)
    return prefix + near[0] if near else ""


_MANY: Final = 500
"""The names up to which all are compared; of more, those that begin or end alike."""


MAX_SUGGESTIONS: Final = 20
"""How many names are compared with all that are known: who has more of them wrong has not mistyped them."""

_suggestions_left: ContextVar[list[int] | None] = ContextVar("_suggestions_left", default=None)


@contextmanager
def few_suggestions() -> Iterator[None]:
    """Let ``did_you_mean`` look for ``MAX_SUGGESTIONS`` names: it takes long where all are wrong."""
    token = _suggestions_left.set([MAX_SUGGESTIONS])
    try:
        yield
    finally:
        _suggestions_left.reset(token)


def _compared_fields(value: Any) -> tuple[str, ...]:
    cls: Any = type(value)
    return _construction(cls).compared


SCALARS: Final = frozenset((str, int, float, bool, type(None)))
"""The types of values that hold no other value."""


def _dataclass_fields(value: Any) -> tuple[Field[Any], ...]:
    return fields(value)


class _Construction:
    """How a value of a class is made: the arguments it takes, and what every field holds without them."""

    __slots__ = (
        "compared",
        "defaults",
        "factories",
        "has_wrong_values",
        "init_fields",
        "is_checked",
        "positional",
        "required",
    )

    def __init__(self, cls: type) -> None:
        init_fields = [item for item in fields(cls) if item.init]
        with_factory = [item for item in init_fields if item.default_factory is not MISSING]
        self.init_fields = frozenset(item.name for item in init_fields)
        self.compared: tuple[str, ...] = tuple(item.name for item in fields(cls) if item.compare)
        self.positional = tuple(item.name for item in init_fields if not item.kw_only)
        self.defaults = {
            item.name: item.default for item in fields(cls) if item.init or item.default is not MISSING
        }
        self.factories: tuple[tuple[str, Any], ...] = tuple(
            (item.name, item.default_factory) for item in with_factory
        )
        self.required = self.init_fields - {
            item.name for item in init_fields if item.default is not MISSING
        }
        self.required -= {item.name for item in with_factory}
        self.is_checked = hasattr(cls, "__post_init__")
        self.has_wrong_values = getattr(cls, "wrong_values", None) is not Declared.wrong_values


@cache
def _construction(cls: type) -> _Construction:
    return _Construction(cls)


def _joined_arguments(cls: type, positional: dict[str, Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    if twice := positional.keys() & kwargs.keys():
        raise mistake(
            TypeError(f"{cls.__name__}.__init__() got multiple values for argument {min(twice)!r}")
        )
    return {**positional, **kwargs}


def _refuse_arguments(value: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> NoReturn:
    """Raise the ``TypeError`` of arguments that do not fit, with all that is wrong with the others."""
    cls: Any = type(value)
    init_fields = [item for item in fields(cls) if item.init]
    known = [item.name for item in init_fields]
    hints = cls.field_hints()
    unknown = [name for name in kwargs if name not in known]
    wrong = [unknown_field(cls.__name__, name, known, hints.get(name, "")) for name in unknown]
    meant = {nearest(name, known) for name in unknown}
    positional = [item.name for item in init_fields if not item.kw_only]
    if len(args) > len(positional):
        raise mistake(
            TypeError(
                f"{cls.__name__}.__init__() takes {len(positional) + 1} positional arguments but "
                f"{len(args) + 1} were given"
            )
        )
    construction = _construction(cls)
    required = construction.required
    for by_keyword, kind in ((False, "positional"), (True, "keyword-only")):
        if absent := [
            repr(item.name)
            for item in init_fields
            if item.name in required - meant - kwargs.keys() and bool(item.kw_only) is by_keyword
        ]:
            listed = absent[0] if len(absent) == 1 else f"{', '.join(absent[:-1])} and {absent[-1]}"
            arguments = "argument" if len(absent) == 1 else "arguments"
            wrong.append(
                f"{cls.__name__}.__init__() missing {len(absent)} required {kind} {arguments}: {listed}"
                + "".join(f"; {hints[name]}" for name in hints if repr(name) in absent)
            )
    value.__dict__.update({name: argument for name, argument in kwargs.items() if name in known})
    for name in required - kwargs.keys():
        value.__dict__.pop(name, None)  # of which nothing else is said
    value.__dict__.update((name, make()) for name, make in construction.factories if name not in kwargs)
    with suppress(AttributeError):
        wrong += value.wrong_values()
    if wrong:
        raise mistake(TypeError("\n".join(wrong)))
    raise AssertionError(f"{cls.__name__} takes {kwargs}")


def _shown_default(item: Field[Any]) -> Any:
    from inspect import Parameter

    default = _default(item)
    return Parameter.empty if default is MISSING else default


def _default(item: Field[Any]) -> Any:
    return item.default if item.default_factory is MISSING else item.default_factory()
