"""Whole processes that are timed in turn, so that what else the machine does meets each of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from statistics import median
from typing import Final

ENVIRONMENT: Final = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}
"""That of a user, whose modules are compiled once."""


def in_turn(
    commands: Mapping[str, list[str]], runs: int, run: Callable[[list[str]], float]
) -> dict[str, float]:
    """Return the median of what ``run`` says of each command, in seconds."""
    for command in commands.values():
        run(command)  # the first run reads from the disk and may compile to bytecode
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(run(command))
    return {name: median(taken) for name, taken in times.items()}
