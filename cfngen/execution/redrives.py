"""An execution that did not succeed, taken up again where it stood.

What has succeeded stays as it is: outputs of branches, iterations and child executions are handed on. Each
line of states that was left without its end goes on at its state, which is not entered anew.
https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Final, NamedTuple

from cfngen.execution.branches import Branch, Run
from cfngen.execution.clock import Clock
from cfngen.execution.history import MAX_EVENTS
from cfngen.execution.json_values import Json
from cfngen.execution.map_runs import MapRun
from cfngen.execution.scheduler import RoutineGroup

MAX_REDRIVABLE_EVENTS: Final = MAX_EVENTS - 2
"""Events that leave room for ``ExecutionRedriven`` and one more: AWS's page says fewer than 24,999."""


class Progress(NamedTuple):
    """How far a Parallel or an inline Map had come.

    ``outputs`` are those of its branches or iterations that succeeded, ``begun`` the others that had begun,
    both by number.
    """

    outputs: Mapping[int, Json]
    begun: Mapping[int, Branch]


def is_redrivable(run: Run) -> bool:
    """Tell whether a history has room for a redrive."""
    return len(run.history.records) <= MAX_REDRIVABLE_EVENTS


def redriven(run: Run, clock: Clock, random: Random) -> Run:
    """Return a standard execution that goes on: its names and its history, which has one event more."""
    again = run.copy(clock, random, run.history.copy())
    again.started = run.started
    again.redrive_count = run.redrive_count + 1
    details = {"redriveCount": again.redrive_count}
    again.history.add("ExecutionRedriven", clock.now(), len(again.history.records), details)
    return again


def taken_up(earlier: Branch, run: Run, parent: Branch | None = None) -> Branch:
    """Return the line of states that goes on where one stood; its first event follows the last of that one.

    The outermost line of an execution goes on from ``ExecutionRedriven``.
    """
    branch = Branch(run, parent, len(run.history.records) if parent is None else earlier.previous)
    branch.variables = earlier.variables
    branch.item = earlier.item
    branch.iteration = earlier.iteration
    branch.state = earlier.state
    branch.input = earlier.input
    branch.entered_at = earlier.entered_at
    branch.entered_id = earlier.entered_id
    branch.entered_previous = earlier.entered_previous
    branch.earlier = earlier
    return branch


def begin(parent: Branch, previous: int, place: int, progress: Progress | None) -> Branch:
    """Return a branch or an iteration: one that begins, or goes on with one that had begun."""
    earlier = None if progress is None else progress.begun.get(place)
    return (
        Branch(parent.run, parent, previous) if earlier is None else taken_up(earlier, parent.run, parent)
    )


def progress_of(branch: Branch) -> Progress | None:
    """Return how far the Parallel or inline Map had come that a line goes on with; None where it begins."""
    outputs: dict[int, Json] = {}
    begun: dict[int, Branch] = {}
    groups = [line.inside for line in _earlier(branch) if isinstance(line.inside, RoutineGroup)]
    for group in reversed(groups):  # what a later redrive did not come to is as it was before
        outputs.update(group.outputs())
        begun.update((place, owner) for place, owner in group.begun().items() if owner.state)
    if not groups:
        return None
    return Progress(outputs, {place: line for place, line in begun.items() if place not in outputs})


def _earlier(branch: Branch) -> Iterator[Branch]:
    line = branch.earlier
    while line is not None:
        yield line
        line = line.earlier


def map_run_of(branch: Branch) -> MapRun | None:
    """Return the Map run that a line of states goes on with; None where a new one begins."""
    runs = (line.inside for line in _earlier(branch) if isinstance(line.inside, MapRun))
    last = next(runs, None)
    return last if last is not None and last.is_redrivable else None
