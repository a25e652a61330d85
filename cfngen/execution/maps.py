"""A Map state: which items it is for, and its iterations, in its own execution or in child executions.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any, Final

from cfngen.execution import values
from cfngen.execution.bindings import Bindings
from cfngen.execution.branches import Branch
from cfngen.execution.compiled_states import CompiledState
from cfngen.execution.engine import Engine, StateEnd
from cfngen.execution.failures import QueryError, RuntimeStateError, StateError
from cfngen.execution.items import MapItem, MapItems, as_items, iteration_input
from cfngen.execution.json_values import Json, to_text
from cfngen.execution.jsonata import wrong_type
from cfngen.execution.machine import DISTRIBUTED
from cfngen.execution.parallel import broken_off
from cfngen.execution.redrives import Progress, begin, map_run_of, progress_of
from cfngen.execution.scheduler import RoutineGroup, Steps, WaitFor

INLINE_CONCURRENCY: Final = 40
"""Iterations at once, whatever more ``MaxConcurrency`` allows; 0 allows all."""


def attempt(
    engine: Engine, branch: Branch, state: CompiledState, value: Json
) -> Generator[WaitFor, Any, StateEnd]:
    """Run all iterations once, after a redrive those that did not succeed."""
    effective = engine.effective_input(branch, state, value)
    bindings = branch.bindings(effective)
    is_distributed = mode(state) == DISTRIBUTED
    has_reader = is_distributed and isinstance(state.document.get("ItemReader"), Mapping)
    earlier = map_run_of(branch) if is_distributed else None
    items = None if has_reader or earlier else _map_items(state, bindings, effective, is_distributed)
    concurrency = _concurrency(state, bindings)
    progress = progress_of(branch)
    if earlier is None and progress is None:
        engine.note(branch, "MapStateStarted", {"length": 0 if items is None else len(items)})
    tolerated = _tolerated(state, bindings)
    if is_distributed:
        from cfngen.execution.distributed import run_children

        result, started = yield from run_children(
            engine, branch, state, effective, items, concurrency, tolerated, earlier
        )
        engine.aside(branch, "MapStateSucceeded")
        branch.previous = started  # recorded since November 2024; until July 2024 the end of the Map run
    else:
        assert items is not None
        result = yield from _iterations(engine, branch, state, effective, items, concurrency, progress)
        engine.aside(branch, "MapStateSucceeded")
    return engine.finish(branch, state, value, result)


def mode(state: CompiledState) -> str:
    """Return the mode of a Map's processor."""
    processor = state.document.get("ItemProcessor", state.document.get("Iterator"))
    config = processor.get("ProcessorConfig") if isinstance(processor, Mapping) else None
    value = config.get("Mode") if isinstance(config, Mapping) else None
    return value if isinstance(value, str) else "INLINE"


class _Ends:
    """Where the chains of events stand that iterations have left: the next ones go on from there."""

    __slots__ = ("free", "last")

    def __init__(self, started: int) -> None:
        self.last = started
        self.free: list[int] = []


def _iterations(
    engine: Engine,
    branch: Branch,
    state: CompiledState,
    effective: Json,
    items: Sequence[MapItem],
    concurrency: int,
    progress: Progress | None,
) -> Generator[WaitFor, Any, list[Json]]:
    started = branch.previous
    ends = _Ends(started)

    def start() -> Iterator[tuple[Steps | None, Any]]:
        for place, item in enumerate(items):
            if progress is not None and place in progress.outputs:
                yield None, progress.outputs[place]
                continue
            inner = begin(branch, ends.free.pop() if ends.free else started, place, progress)
            inner.item = item
            inner.iteration = (state.name, place)
            yield _run_iteration(engine, branch, inner, state, effective, item, ends), inner

    at_once = min(concurrency or INLINE_CONCURRENCY, INLINE_CONCURRENCY)
    group = branch.inside = RoutineGroup(start(), at_once, aborted=broken_off(engine))
    try:
        results: list[Json] = yield group
    finally:
        branch.previous = ends.last
    return results


def _run_iteration(
    engine: Engine,
    branch: Branch,
    inner: Branch,
    state: CompiledState,
    effective: Json,
    item: MapItem,
    ends: _Ends,
) -> Steps:
    details = {"name": state.name, "index": item["Index"]}
    is_begun = inner.state is not None
    if not is_begun:
        engine.note(inner, "MapIterationStarted", details)
    try:
        value = None if is_begun else iteration_input(branch, state, effective, item)
        output = yield from engine.walk(inner, state.machines[0], value)
    except StateError as failure:
        engine.fail_in_branch(inner, failure)
        ends.last = inner.previous
        engine.aside(inner, "MapIterationFailed", details)
        raise
    ends.free.append(inner.previous)
    ends.last = engine.note(inner, "MapIterationSucceeded", details)
    return output


def _map_items(state: CompiledState, bindings: Bindings, effective: Json, is_distributed: bool) -> MapItems:
    if not state.is_jsonata:
        value = effective if state.items is None else state.items(bindings)
        items = as_items(value) if is_distributed or isinstance(value, list) else None
        if items is None:
            path = state.document.get("ItemsPath", "$")
            raise RuntimeStateError(f'Reference path "{path}" must point to array.')
        return items
    if state.items is None:
        items = as_items(effective) if is_distributed or isinstance(effective, list) else None
        if items is None:
            raise QueryError(f"Map state input must be an array but was: {to_text(effective)}")
        return items
    value = state.items(bindings)
    # AWS was recorded refusing an object that an expression yields, in January 2025; its page takes one
    is_literal = not isinstance(state.document["Items"], str)
    items = as_items(value) if is_distributed or is_literal or isinstance(value, list) else None
    if items is None:
        raise wrong_type(state.source("Items"), "Items", "array", value)
    return items


def _concurrency(state: CompiledState, bindings: Bindings) -> int:
    concurrency = values.limit(state, "MaxConcurrency", bindings)
    if concurrency is None:
        return 0
    if concurrency < 0:
        cause = f"Expected non-negative integer for MaxConcurrency, got '{int(concurrency)}' instead."
        if state.is_jsonata:
            raise QueryError(cause, "MaxConcurrency", after_entry=True)
        raise RuntimeStateError(cause)
    return int(concurrency)


def _tolerated(state: CompiledState, bindings: Bindings) -> Callable[[int, int], bool]:
    """Return what tells whether so many failures of so many items are tolerated."""
    count = values.limit(state, "ToleratedFailureCount", bindings)
    percentage = values.limit(state, "ToleratedFailurePercentage", bindings, "float")
    if count is not None and count < 0:
        raise _out_of_range(state, "ToleratedFailureCount cannot be negative.", "ToleratedFailureCount")
    if percentage is not None and not 0 <= percentage <= 100:
        cause = "ToleratedFailurePercentage must be between 0 and 100."
        raise _out_of_range(state, cause, "ToleratedFailurePercentage")

    def is_tolerated(failed: int, total: int) -> bool:
        if count is not None and failed > count:
            return False
        if percentage is not None:
            return failed * 100 <= percentage * total
        return count is not None or not failed

    return is_tolerated


def _out_of_range(state: CompiledState, cause: str, field: str) -> Exception:
    return QueryError(cause, field, after_entry=True) if state.is_jsonata else RuntimeStateError(cause)
