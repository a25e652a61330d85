"""What stands at a path of the arguments of a call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cfngen.asl.values import Jsonata, Path


def values_at(arguments: Any, path: str, missing: Any = None) -> Iterator[Any]:
    """Yield what stands at a path; a value known only at run time stands for all that is in it.

    ``missing``, unless it is None, stands where nothing does.
    """
    yield from _values_below(arguments, path.split("."), missing)


def _values_below(arguments: Any, steps: Sequence[str], missing: Any) -> Iterator[Any]:
    if arguments is None:
        if missing is not None:
            yield missing
    elif isinstance(arguments, (Path, Jsonata)) or not steps:
        yield arguments
    elif isinstance(arguments, Mapping):
        step = steps[0]
        if step.endswith("{}"):
            keyed = arguments.get(step[:-2])
            yield from keyed if isinstance(keyed, Mapping) else _values_below(keyed, (), missing)
            return
        inner = arguments.get(step.removesuffix("[]"))
        if not step.endswith("[]") or inner is None or isinstance(inner, (Path, Jsonata)):
            yield from _values_below(inner, steps[1:], missing)
        elif isinstance(inner, (list, tuple)):
            for item in inner:
                yield from _values_below(item, steps[1:], missing)
