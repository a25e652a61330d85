"""Rules about payloads: what a call passes, what a Pass state makes, what a selector keeps.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from cfngen.asl.graph import Graph, Node
from cfngen.asl.problems import Problem
from cfngen.asl.rules.fields import brief, schema
from cfngen.asl.rules.paths import expression
from cfngen.asl.states import AnyTask, Pass, RawState
from cfngen.asl.values import OMIT, Path, is_intrinsic


def payloads_are_json(node: Node, graph: Graph) -> Iterator[Problem]:
    """Payload Templates are JSON; a key that ends in ``.$`` takes its value from a path."""
    state = node.state
    if isinstance(state, AnyTask):
        yield from payload(f"{node.location}/Credentials", state.Credentials)
        yield from payload(f"{node.location}/Parameters", state.payload)
        yield from payload(f"{node.location}/ResultSelector", state.ResultSelector)
    elif isinstance(state, Pass):
        yield from payload(f"{node.location}/Parameters", state.Parameters)
        yield from payload(f"{node.location}/Result", state.Result, static=True)
    elif isinstance(state, RawState):
        yield from payload(node.location, state.Fields, raw=True)


def payload(location: str, given: Any, *, static: bool = False, raw: bool = False) -> Iterator[Problem]:
    """Yield what cannot be rendered, or would not mean what it says.

    ``static`` payloads are not evaluated; in ``raw`` ones the author spells ``Key.$`` by hand.
    """
    if given is None or given is OMIT:
        return
    waiting: list[tuple[str, Any, bool]] = [(location, given, False)]
    while waiting:
        place, item, listed = waiting.pop()
        if isinstance(item, str):
            if not raw:
                yield from _looks_like_path(place, item, static)
        elif isinstance(item, Mapping):
            found = []
            for key, held in item.items():
                if not isinstance(key, str):
                    yield schema(place, f"a key is text, not {brief(key)}")
                elif not raw and not static and key.endswith(".$"):
                    shown = brief(held) if isinstance(held, str) else "..."
                    yield schema(
                        f"{place}/{key}",
                        f"the key {key!r} is written by hand",
                        f"write {key[:-2]!r}: Path({shown}), which renders so",
                    )
                    continue
                found.append((f"{place}/{key}", held, False))
            waiting += reversed(found)
        elif isinstance(item, (list, tuple)):
            waiting += [(f"{place}/{index}", item[index], True) for index in reversed(range(len(item)))]
        elif isinstance(item, Path):
            yield from _path(place, item, static=static, listed=listed)
        elif is_intrinsic(item):
            yield from _intrinsic(place, item)
        elif isinstance(item, float) and not math.isfinite(item):
            yield schema(place, f"{item!r} is not a number in JSON")
        elif item is not None and not isinstance(item, (bool, int, float)):
            yield schema(place, f"{brief(item)} is not a value of JSON, a Path or an intrinsic")


def _path(place: str, path: Path, *, static: bool, listed: bool) -> Iterator[Problem]:
    if static:
        yield Problem(
            "PASS_RESULT_IS_STATIC",
            place,
            "'Result' is passed on as it stands: a Path in it is not evaluated",
            "'Parameters' is the field that is built from the input",
        )
    elif listed:
        yield schema(
            place,
            f"a list cannot hold Path({path.expression!r}): only a key can end in '.$'",
            "build the list with Path(\"States.Array('text', $.path)\")",
        )
    else:
        yield from expression(place, path)


def _intrinsic(place: str, item: Any) -> Iterator[Problem]:
    spelled = item.to_dict()
    if not isinstance(spelled, Mapping) or not _is_function(spelled):
        yield schema(
            place,
            f"a {type(item).__name__} cannot stand in a definition",
            "refer to a resource with Ref or GetAtt",
        )


def _is_function(spelled: Mapping[str, Any]) -> bool:
    return len(spelled) == 1 and next(iter(spelled)).startswith(("Ref", "Fn::"))


def _looks_like_path(place: str, item: str, static: bool) -> Iterator[Problem]:
    if not item.startswith(("$.", "$$.", "States.")) or "\n" in item:
        return
    if static:
        yield Problem(
            "PASS_RESULT_IS_STATIC",
            place,
            f"{item!r} is passed on as it stands",
            "'Parameters' is the field that is built from the input",
            "warning",
        )
    elif item.startswith("$") or item.endswith(")"):
        yield Problem(
            "NO_DOLLAR",
            place,
            f"{item!r} looks like a path and is passed on as text",
            f"Path({item!r}) takes the value it leads to",
            "warning",
        )
