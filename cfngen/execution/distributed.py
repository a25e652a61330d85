"""A distributed Map: a Map run, whose iterations are child executions with histories of their own.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, Final

from cfngen.asl.errors import EXCEED_TOLERATED_FAILURE_THRESHOLD, TIMEOUT
from cfngen.execution import item_readers, result_writers
from cfngen.execution.bindings import Bindings, random_uuid
from cfngen.execution.branches import Branch, ExecutionArns, Run
from cfngen.execution.compiled_states import CompiledState
from cfngen.execution.engine import Engine
from cfngen.execution.failures import QueryError, RuntimeStateError, StateError, TerminalError
from cfngen.execution.history import Data, History, NeverEndingError, StatesTogether
from cfngen.execution.items import MapItem, MapItems, handed_on, iteration_input
from cfngen.execution.json_values import MAX_BYTES, Json, encoded, is_number, to_text
from cfngen.execution.map_runs import Child, Inputs, MapRun
from cfngen.execution.payloads import jsonata_payload, number_field, payload_template
from cfngen.execution.redrives import is_redrivable, redriven, taken_up
from cfngen.execution.scheduler import OverdueError, RoutineGroup, Steps, WaitFor

DISTRIBUTED_CONCURRENCY: Final = 10_000
"""Child executions at once where ``MaxConcurrency`` is 0 or not given."""

EXPRESS_SECONDS: Final = 300
MAX_REDRIVES: Final = 1000
"""Redrives of a Map run: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html"""

_EXCEEDED: Final = "The specified tolerated failure threshold was exceeded"


def run_children(
    engine: Engine,
    branch: Branch,
    state: CompiledState,
    effective: Json,
    items: MapItems | None,
    concurrency: int,
    is_tolerated: Callable[[int, int], bool],
    earlier: MapRun | None,
) -> Generator[WaitFor, Any, tuple[Json, int]]:
    """Run a child execution for each item, or for each batch of items.

    After a redrive, go on with the children of the ``earlier`` Map run that did not succeed. Returns the
    Map's result, and the id of the event that began the Map run.
    """
    map_run = _begin_map_run(engine, branch, state) if earlier is None else _go_on(engine, branch, earlier)
    started = branch.previous
    bindings = branch.bindings(effective)
    try:
        if earlier is None:
            read = items if items is not None else item_readers.read_items(engine, state, bindings)
            map_run.total = len(read)
            inputs = _inputs(branch, state, effective, read, bindings)
            del read
        writer = result_writers.writer(engine, state, bindings, map_run.arn)
        if earlier is not None and isinstance(earlier.writer, result_writers.Writer):
            writer.take_over(earlier.writer, map_run.unfinished())
        map_run.writer = writer
        if earlier is None:
            map_run.inputs = inputs  # from here on children begin, and a redrive goes on with them
    except StateError as failure:
        if isinstance(failure, QueryError):
            raise
        raise _failed_map_run(engine, branch, map_run, failure) from None

    processor = state.document.get("ItemProcessor", state.document.get("Iterator", {}))
    is_express = processor.get("ProcessorConfig", {}).get("ExecutionType") == "EXPRESS"

    def start() -> Iterator[tuple[Steps, Child]]:
        line = _child_starter(engine, branch, map_run, is_express)
        for child in map_run.begin():
            yield _child_steps(engine, line, state, child, is_express), child

    def finished(child: Child, output: Json) -> BaseException | None:
        writer.add(child)
        map_run.end(child, engine.kept_children)
        if child.status != "SUCCEEDED" and not is_tolerated(map_run.failed, map_run.total):
            return StateError(EXCEED_TOLERATED_FAILURE_THRESHOLD, _EXCEEDED)
        return None

    branch.inside = map_run
    seconds = EXPRESS_SECONDS if is_express else math.inf
    at_once = concurrency or DISTRIBUTED_CONCURRENCY
    group = RoutineGroup(start(), at_once, seconds=seconds, finished=finished)
    try:
        yield group
        result = writer.result()
    except StateError as failure:
        raise _failed_map_run(engine, branch, map_run, failure) from None
    map_run.succeed()
    engine.note(branch, "MapRunSucceeded")
    return result, started


def _begin_map_run(engine: Engine, branch: Branch, state: CompiledState) -> MapRun:
    label = state.document.get("Label")
    label = label if isinstance(label, str) else random_uuid(branch.run.random)
    tail = f"{branch.run.machine_name}/{label}:{random_uuid(branch.run.random)}"
    map_run = MapRun(f"{branch.run.arn.partition(':execution:')[0]}:mapRun:{tail}", state.name, label)
    engine.map_runs.append(map_run)
    engine.note(branch, "MapRunStarted", {"mapRunArn": map_run.arn})
    return map_run


def _go_on(engine: Engine, branch: Branch, earlier: MapRun) -> MapRun:
    if earlier.redrive_count == MAX_REDRIVES:
        raise RuntimeStateError(f"The Map Run has been redriven {MAX_REDRIVES:,} times, which is the most.")
    map_run = earlier.redriven()
    engine.map_runs[engine.map_runs.index(earlier)] = map_run
    details = {"mapRunArn": map_run.arn, "redriveCount": map_run.redrive_count}
    engine.note(branch, "MapRunRedriven", details)
    return map_run


def _failed_map_run(engine: Engine, branch: Branch, map_run: MapRun, failure: StateError) -> StateError:
    """Note that a Map run failed, with an error whose cause AWS hands on as it is."""
    failure.is_placed = True
    map_run.abort(engine.loop.clock.now(), engine.kept_children, "FAILED")
    engine.note(branch, "MapRunFailed", {"error": failure.error, "cause": failure.cause})
    return failure


def _child_starter(
    engine: Engine, branch: Branch, map_run: MapRun, is_express: bool
) -> Callable[[Child], Branch]:
    """Return what begins a child execution, or goes on with it, and notes that."""
    run, clock = branch.run, engine.loop.clock
    machine_name = f"{run.machine_name}/{map_run.label}"
    before = f"{run.arn.partition(':execution:')[0]}:execution:{machine_name}:"
    machine_arn = f"{run.machine_arn}/{map_run.label}"
    together = StatesTogether()

    def line(child: Child) -> Branch:
        if child.line is not None and not is_express:
            return taken_up(child.line, redriven(child.line.run, clock, run.random))
        history = History(is_limited=not is_express, together=together)
        if child.line is not None:  # an express child is started once more, and keeps its ARN
            inner = Branch(child.run.copy(clock, run.random, history))
        else:
            name = random_uuid(run.random)
            inner = Branch(
                Run(
                    names=ExecutionArns(before + name, machine_arn, run.role_arn),
                    name=name,
                    machine_name=machine_name,
                    input=child.input,
                    history=history,
                    clock=clock,
                    random=run.random,
                    extra_context=run.extra_context,
                    is_child=True,
                )
            )
        inner.item = child.item
        details = {"input": Data(child.input), "roleArn": run.role_arn}
        history.add("ExecutionStarted", inner.run.started, 0, details)
        return inner

    return line


def _child_steps(
    engine: Engine,
    line: Callable[[Child], Branch],
    state: CompiledState,
    child: Child,
    is_express: bool,
) -> Steps:
    """Run a child execution to its end, however it ends.

    It is made when its turn comes: thousands may stand in line.
    """
    if child.line is not None and not is_express and not is_redrivable(child.run):
        child.status = "FAILED"  # AWS does not try it again, and what it ended with stands
        return
    child.error = child.cause = None
    clock = engine.loop.clock
    inner = child.line = line(child)
    history = inner.run.history
    try:
        child.output = yield from engine.walk(inner, state.machines[0], child.input)
        child.status = "SUCCEEDED"
    except (StateError, TerminalError, OverdueError) as failure:
        if isinstance(failure, (OverdueError, NeverEndingError)):
            child.status, child.error = "TIMED_OUT", TIMEOUT
        else:
            child.status, child.error, child.cause = "FAILED", failure.error, failure.cause
        failure.__traceback__ = None  # its frames know of it: a circle, which lives on for long
    child.stopped = clock.now()
    previous = inner.previous
    if child.status == "SUCCEEDED":
        history.end("ExecutionSucceeded", child.stopped, previous, {"output": Data(child.output)})
    elif child.status == "TIMED_OUT":
        history.end("ExecutionTimedOut", child.stopped, 0, {"error": child.error})
    else:
        history.end(
            "ExecutionFailed", child.stopped, previous, {"error": child.error, "cause": child.cause}
        )


def _inputs(
    branch: Branch, state: CompiledState, effective: Json, items: MapItems, bindings: Bindings
) -> Inputs:
    """Yield what each child execution is given, of how many items, and the item where it is one.

    What can fail fails before the first. What is handed on is not held here any longer.
    """
    batcher = state.document.get("ItemBatcher")
    if not isinstance(batcher, Mapping):
        inputs = ((iteration_input(branch, state, effective, item), 1, item) for item in items.drained())
        return inputs if state.item_selector is None else handed_on(list(inputs))
    chosen = (iteration_input(branch, state, effective, item) for item in items.drained())
    most = _batch_limit(state, batcher, "MaxItemsPerBatch", bindings)
    most_bytes = _batch_limit(state, batcher, "MaxInputBytesPerBatch", bindings) or MAX_BYTES
    around: dict[str, Json] = {}
    if "BatchInput" in batcher:
        template = batcher["BatchInput"]
        evaluate = (
            jsonata_payload(template, "ItemBatcher/BatchInput")
            if state.is_jsonata
            else payload_template(template)
        )
        around["BatchInput"] = evaluate(bindings)
    batches: list[tuple[Json, int, MapItem | None]] = []
    batch: list[Json] = []
    empty = len(encoded(to_text({**around, "Items": []})))
    size = empty
    for value in chosen:
        added = len(encoded(to_text(value))) + 1
        if batch and (len(batch) == most or size + added > most_bytes):
            batches.append(({**around, "Items": batch}, len(batch), None))
            batch, size = [], empty
        batch.append(value)
        size += added
    if batch:
        batches.append(({**around, "Items": batch}, len(batch), None))
    return handed_on(batches)


def _batch_limit(
    state: CompiledState, batcher: Mapping[str, Any], field: str, bindings: Bindings
) -> int | None:
    value = number_field(batcher, field, "ItemBatcher", bindings, state.is_jsonata)
    if value is None:
        return None
    if not is_number(value) or value <= 0:
        cause = f"{field} is not a positive integer: {to_text(value)}"
        raise QueryError(cause, f"ItemBatcher/{field}") if state.is_jsonata else RuntimeStateError(cause)
    return int(value)
