"""Rules about the states that run flows inside: Parallel and Map.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from cfngen.asl.graph import Graph, Node, is_distributed
from cfngen.asl.rules.calls import express_only_requests
from cfngen.asl.rules.fields import brief, schema_problem
from cfngen.asl.values import EXPRESS, STANDARD
from cfngen.cfn.functions import is_intrinsic
from cfngen.core import wording
from cfngen.core.problems import Problem

if TYPE_CHECKING:
    from cfngen.asl.branches import Map, Parallel

_LABEL: Final = r"""[^\s?*<>{}\[\]:;,\\|^~$#%&`"\x00-\x1f\x7f-\x9f]{1,40}"""
_DISTRIBUTED_ONLY: Final = (
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
)


def branches_are_there(node: Node, graph: Graph) -> Iterator[Problem]:
    """A Parallel state MUST contain ``Branches``, an array of objects with ``States`` and ``StartAt``."""
    if node.state.Type == "Parallel" and not cast("Parallel", node.state).Branches:
        yield schema_problem(f"{node.location}/Branches", "a Parallel needs at least one branch")


def maps_are_sound(node: Node, graph: Graph) -> Iterator[Problem]:
    """A Map is inline or distributed, and has the fields of its mode with numbers in range."""
    if node.state.Type != "Map":
        return
    state = cast("Map", node.state)
    yield from _mode_problems(node, state)
    label = state.Label
    if not (
        label is None or is_intrinsic(label) or (isinstance(label, str) and re.fullmatch(_LABEL, label))
    ):
        yield Problem(
            "INVALID_LABEL_NAME",
            f"{node.location}/Label",
            f"{brief(state.Label)} is not a valid label",
            "a label has at most 40 characters, no white space, brackets, wildcards or special characters",
        )


def express_children_only_request(node: Node, graph: Graph) -> Iterator[Problem]:
    """Child executions of type EXPRESS are workflows of that type, and cannot wait for jobs or tokens.

    https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
    """
    if node.state.Type != "Map":
        return
    state = cast("Map", node.state)
    config = state.ProcessorConfig
    if config is None or not state.is_distributed or config.ExecutionType != EXPRESS:
        return
    for subgraph in node.subgraphs.values():
        for inner, _ in subgraph.walk(enters=lambda node: not is_distributed(node.state)):
            for rule in (express_only_requests, express_has_no_distributed_map):
                for problem in rule(inner):
                    yield replace(
                        problem,
                        hint=f"set {wording.field_text('ExecutionType', STANDARD)} at {node.location}",
                    )


def express_has_no_distributed_map(node: Node) -> Iterator[Problem]:
    """Express workflows do not support the distributed mode."""
    if is_distributed(node.state):
        yield schema_problem(
            f"{node.location}/ItemProcessor/ProcessorConfig/Mode",
            "an EXPRESS workflow cannot contain a distributed Map",
            "make the workflow around it STANDARD, or the Map INLINE",
        )


def _mode_problems(node: Node, state: Map) -> Iterator[Problem]:
    config = state.ProcessorConfig
    place = f"{node.location}/ItemProcessor/ProcessorConfig"
    if config is not None and config.Mode not in (None, "INLINE", "DISTRIBUTED"):
        yield schema_problem(
            f"{place}/Mode", f"'Mode' takes 'INLINE' or 'DISTRIBUTED', not {brief(config.Mode)}"
        )
    elif state.is_distributed and config is not None:
        if config.ExecutionType not in ("STANDARD", "EXPRESS"):
            value = brief(config.ExecutionType)
            yield schema_problem(
                f"{place}/ExecutionType",
                f"the 'ExecutionType' of a distributed Map is 'STANDARD' or 'EXPRESS', not {value}",
            )
    else:
        for name in _DISTRIBUTED_ONLY:
            if getattr(state, name) is not None:
                yield Problem(
                    "SCHEMA_VALIDATION_FAILED",
                    f"{node.location}/{name}",
                    f"{name!r} is a field of distributed Maps only",
                    f"set {_distributed()} on the Map",
                    rule="asl-inline-map-reads-no-items",
                )


def _distributed() -> str:
    return wording.either(
        'ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD")',
        '"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}',
    )
