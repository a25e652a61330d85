"""Names of a package that are imported only when somebody uses them, and the former names of others."""

from __future__ import annotations

TYPE_CHECKING = False  # as in cfngen/__init__.py, which imports this
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def lazy_names(
    package: str, names: Mapping[str, Iterable[str]], former: Mapping[str, str] | None = None
) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a package.

    ``names`` lists by the name of a module what is imported from it; ``former`` maps names that go with the
    next release to those that replace them.
    """
    modules = {name: module for module, listed in names.items() for name in listed}
    replaced = former or {}

    def get(name: str) -> object:
        if name in replaced:
            import warnings

            message = f"{package}.{name} is {package}.{replaced[name]} now"
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            name = replaced[name]
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(__import__(modules[name], fromlist=(name,)), name)

    return get
