"""Waits in the emulator: they are shortened, and timeouts count them in full.

Only the emulator's process imports this.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Final

from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.program import program
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction

from cfngen.local.time_scale import TimeScale

_POLL_SECONDS: Final = 0.02
"""Between two looks at a job that a task waits for, or at the clock."""


def scale_waits(scale: TimeScale) -> None:
    """Shorten the waits of states and retriers; the timeout of the machine counts them in full."""

    def wait_interval(self: Any, env: Any, wait_seconds: float) -> None:
        _wait(env, scale, wait_seconds)

    eval_retrier, current = retrier_decl.RetrierDecl._eval_body, threading.local()

    def eval_retrier_body(self: Any, env: Any) -> None:
        current.env = env
        eval_retrier(self, env)

    def eval_program(self: Any, env: Any) -> None:
        env.next_state_name = self.start_at.start_at_name
        clock = _clock(env)
        if self.timeout_seconds is not None:
            clock.limit = self.timeout_seconds.timeout_seconds
        worker = threading.Thread(target=super(program.Program, self).eval, args=(env,), daemon=True)
        worker.start()
        if self.timeout_seconds is None:
            worker.join()
            return
        while worker.is_alive() and clock.elapsed() < self.timeout_seconds.timeout_seconds:
            worker.join(_POLL_SECONDS)
        if worker.is_alive():
            env.set_timed_out()
            worker.join(1)

    sleep = SimpleNamespace(sleep=lambda seconds: _wait(current.env, scale, seconds))
    setattr(WaitFunction, "_wait_interval", wait_interval)  # noqa: B010
    setattr(retrier_decl, "time", sleep)  # noqa: B010
    setattr(retrier_decl.RetrierDecl, "_eval_body", eval_retrier_body)  # noqa: B010
    setattr(program.Program, "eval", eval_program)  # noqa: B010
    state_task_service_callback._DELAY_SECONDS_SYNC_CONDITION_CHECK = _POLL_SECONDS


class _Clock:
    """The time of one execution: it runs faster during a wait, so that timeouts count the whole wait.

    A wait counts for no more than its seconds, however late it ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_look = time.monotonic()
        self._elapsed = 0.0
        self.limit = float("inf")
        self._waits: list[list[float]] = []  # the rate of each, and its seconds that are left

    def elapsed(self) -> float:
        """Return the seconds since the execution began."""
        with self._lock:
            return self._advance()

    @contextmanager
    def running_at(self, rate: float, seconds: float) -> Iterator[None]:
        """Run at ``rate`` until ``seconds`` have passed."""
        wait = [rate, seconds]
        with self._lock:
            self._advance()
            self._waits.append(wait)
        try:
            yield
        finally:
            with self._lock:
                self._advance()
                self._waits = [other for other in self._waits if other is not wait]

    def _advance(self) -> float:
        now = time.monotonic()
        passed = now - self._last_look
        step = max([passed, *(min(rate * passed, left) for rate, left in self._waits)])
        for wait in self._waits:
            wait[1] = max(0.0, wait[1] - step)
        self._elapsed += step
        self._last_look = now
        return self._elapsed


def _clock(env: Any) -> _Clock:
    # all frames of an execution share its event manager
    clock: _Clock = vars(env.event_manager).setdefault("clock", _Clock())
    return clock


def _wait(env: Any, scale: TimeScale, seconds: float) -> None:
    scaled = scale.scaled(seconds)
    if scaled <= 0:
        return
    end = time.monotonic() + scaled
    clock = _clock(env)
    with clock.running_at(seconds / scaled, seconds):
        while env.is_running() and (left := end - time.monotonic()) > 0:
            env.program_state_event.wait(left)
    end += 1
    while env.is_running() and clock.elapsed() >= clock.limit and (left := end - time.monotonic()) > 0:
        env.program_state_event.wait(left)  # the thread that looks at the clock ends the execution
