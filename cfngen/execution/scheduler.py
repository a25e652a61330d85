"""Many branches at once, interleaved by the clock: generators, a queue of what can go on, and timers.

A generator yields the seconds that it waits, a ``RoutineGroup`` of generators whose end it waits for, or an
``Awaiting``, whose answer comes from outside. What can go on at one moment goes on in the order in which it
came there, so that a run takes the same course every time. Nothing here calls itself: branches may be
nested as deep as they like.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import Any, Final, TypeAlias

from cfngen.execution.clock import Clock
from cfngen.execution.pending import Awaiting

WaitFor: TypeAlias = "float | RoutineGroup | Awaiting"
"""What a generator waits for: seconds, the end of others, an answer from outside."""

Steps: TypeAlias = "Generator[WaitFor, Any, Any]"

_PENDING: Final = object()


class OverdueError(Exception):
    """What is raised in a generator that waits when its time is over, and that of all around it."""


class Routine:
    """A generator that is on its way; ``owner`` is what it was started for.

    It has time until ``end``, and all that it waits for.
    """

    __slots__ = ("_steps", "end", "group", "inner", "is_over", "is_overdue", "owner", "place", "turn")

    def __init__(self, steps: Steps, owner: Any, group: RoutineGroup | None, place: int) -> None:
        self._steps = steps
        self.owner: Any = owner
        self.group: RoutineGroup | None = group
        self.place: int = place
        self.inner: RoutineGroup | None = None
        self.end: float = math.inf
        self.is_over: bool = False
        self.is_overdue: bool = False  # once the wait that it is in is over
        self.turn: int = 0  # what was scheduled for an earlier turn has been overtaken

    def send(self, value: Any, error: BaseException | None) -> WaitFor:
        """Go on until the generator waits."""
        self.inner = None
        return self._steps.throw(error) if error is not None else self._steps.send(value)

    def close(self) -> None:
        """End it where it waits."""
        self.is_over = True
        self.turn += 1
        self._steps.close()


class RoutineGroup:
    """Generators that run beside each other, at most ``limit`` at once, and the one who waits for them.

    Each has so many ``seconds``.

    ``start`` yields them with what they are started for, one by one as there is room; None with a result
    that is there already. The one who waits gets their results in order, unless ``finished`` takes each as
    it comes; it may return an error that ends the group, as an error of a generator does. The others are
    then closed, and ``aborted`` sees them.
    """

    __slots__ = (
        "_aborted",
        "_finished",
        "_is_over",
        "_limit",
        "_live",
        "_results",
        "_seconds",
        "_start",
        "_started",
        "_unfinished",
        "_waiter",
    )

    def __init__(
        self,
        start: Iterator[tuple[Steps | None, Any]],
        limit: int,
        *,
        seconds: float = math.inf,
        finished: Callable[[Any, Any], BaseException | None] | None = None,
        aborted: Callable[[Routine, BaseException], None] | None = None,
    ) -> None:
        self._start: Iterator[tuple[Steps | None, Any]] | None = start
        self._limit = limit
        self._seconds = seconds
        self._finished = finished
        self._aborted = aborted
        self._results: list[Any] = []
        self._live: dict[int, Routine] = {}
        self._unfinished: dict[int, Routine] = {}  # once one has failed
        self._started = 0
        self._waiter: Routine | None = None
        self._is_over = False

    @property
    def live(self) -> list[Routine]:
        """The tasks that have not ended."""
        return list(self._live.values())

    def outputs(self) -> dict[int, Any]:
        """Return the results that there are, by place."""
        return {place: result for place, result in enumerate(self._results) if result is not _PENDING}

    def begun(self) -> dict[int, Any]:
        """Return what was started and has no result, by place."""
        routines = self._unfinished or self._live
        return {place: routine.owner for place, routine in routines.items()}

    def begin(self, loop: Loop, waiter: Routine) -> None:
        """Start as many as there is room for."""
        self._waiter = waiter
        self._fill(loop)

    def ended(self, loop: Loop, task: Routine, result: Any, error: BaseException | None) -> None:
        """Take the end of a task, and start another in its place."""
        if self._is_over:
            return
        self._live.pop(task.place, None)
        if error is None:
            if self._finished is None:
                self._results[task.place] = result
            else:
                error = self._finished(task.owner, result)
        if error is not None:
            self._unfinished[task.place] = task
            self._fail(loop, error)
        else:
            self._fill(loop)

    def close(self) -> None:
        """Take no more results, and start no more."""
        self._is_over = True
        self._start = None

    def _fill(self, loop: Loop) -> None:
        assert self._waiter is not None
        while self._start is not None and len(self._live) < self._limit:
            try:
                steps, owner = next(self._start)
            except StopIteration:
                self._start = None
                break
            except Exception as error:
                self._fail(loop, error)
                return
            self._started += 1
            if steps is None:
                self._results.append(owner)
                continue
            task = Routine(steps, owner, self, self._started - 1)
            task.end = min(self._waiter.end, loop.clock.now() + self._seconds)
            self._results.append(_PENDING)
            self._live[task.place] = task
            loop.go_on(task, None, None)
        if self._start is None and not self._live and not self._is_over:
            self._is_over = True
            loop.go_on(self._waiter, self._results, None)

    def _fail(self, loop: Loop, error: BaseException) -> None:
        self.close()
        live, self._live = self._live, {}
        self._unfinished.update(live)
        for task in live.values():
            if self._aborted is not None:
                self._aborted(task, error)
            close(task)
        assert self._waiter is not None
        loop.go_on(self._waiter, None, error)


def close(task: Routine) -> None:
    """End a task and all that runs for it."""
    work = [task]
    for ending in work:  # which grows as it is walked
        if ending.inner is not None:
            work += ending.inner.live
            ending.inner.close()
        ending.close()


class Loop:
    """Runs tasks until nothing is left to do."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._ready: deque[tuple[Routine, int, Any, BaseException | None]] = deque()
        self.timers: list[tuple[float, int, Routine, int]] = []
        self._count = 0

    def run(self, steps: Steps, owner: Any, until: float) -> tuple[bool, Any]:
        """Run a generator to its end, and all that it waits for, but no longer than ``until``.

        Returns whether it came to its end, and its result.
        """
        outcome: list[tuple[Any, BaseException | None]] = []
        root = Routine(steps, owner, None, 0)
        self.go_on(root, None, None)
        while True:
            while self._ready:
                task, turn, value, error = self._ready.popleft()
                if task.turn == turn:
                    self._step(task, value, error, outcome)
                    if outcome:
                        result, failure = outcome[0]
                        if failure is not None:
                            raise failure
                        return True, result
            if not self.pass_time(until):
                self.clock.advance(until)
                close(root)
                return False, None

    def go_on(self, task: Routine, value: Any, error: BaseException | None) -> None:
        """Let a task go on when it is its turn."""
        task.turn += 1
        self._ready.append((task, task.turn, value, error))

    def at(self, moment: float, task: Routine) -> None:
        """Let a task go on at a time, if it has that long."""
        task.turn += 1
        task.is_overdue = moment > task.end
        self._count += 1
        heapq.heappush(self.timers, (min(moment, task.end), self._count, task, task.turn))

    def wait_for(self, awaiting: Awaiting, task: Routine) -> None:
        """Let a task go on when there is an answer from outside, or when its time is over."""
        raise RuntimeError("nothing outside answers here")

    def pass_time(self, until: float) -> bool:
        """Let time pass until a task can go on; return whether one does before ``until``."""
        moment = self.next_moment()
        if moment is None:
            raise RuntimeError("an execution waits for nothing")
        if moment > until:
            return False
        due = heapq.heappop(self.timers)[2]
        self.clock.advance(moment)
        self.go_on(due, None, OverdueError() if due.is_overdue else None)
        return True

    def next_moment(self) -> float | None:
        """Return when the next task goes on, if one waits for a time."""
        while self.timers and self.timers[0][2].turn != self.timers[0][3]:
            heapq.heappop(self.timers)
        return self.timers[0][0] if self.timers else None

    def _step(
        self,
        task: Routine,
        value: Any,
        error: BaseException | None,
        outcome: list[tuple[Any, BaseException | None]],
    ) -> None:
        try:
            command = task.send(value, error)
        except StopIteration as stop:
            self._end(task, stop.value, None, outcome)
            return
        except Exception as failure:
            self._end(task, None, failure, outcome)
            return
        if isinstance(command, RoutineGroup):
            task.inner = command
            command.begin(self, task)
        elif isinstance(command, Awaiting):
            self.wait_for(command, task)
        else:
            self.at(self.clock.now() + command, task)

    def _end(
        self,
        task: Routine,
        result: Any,
        error: BaseException | None,
        outcome: list[tuple[Any, BaseException | None]],
    ) -> None:
        task.is_over = True
        task.turn += 1
        if task.group is None:
            outcome.append((result, error))
        else:
            task.group.ended(self, task, result, error)
