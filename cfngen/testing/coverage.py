"""How much of the definitions the executions of a test session went through.

Counted are states, transitions by ``Next``, rules of Choices with their defaults, retriers and catchers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cfngen.execution import steps
from cfngen.execution.steps import ExecutionStep, step_in_words, steps_of

_COLUMNS: Final = {
    "states": (steps.STATE,),
    "transitions": (steps.NEXT,),
    "rules": (steps.RULE, steps.DEFAULT),
    "handlers": (steps.RETRIER, steps.CATCHER),
}
_MAX_MISSING: Final = 20


class StatesCoverage:
    """The steps that executions took, machine by machine."""

    def __init__(self) -> None:
        self._machines: dict[
            tuple[str, tuple[ExecutionStep, ...]], tuple[dict[str, str], set[ExecutionStep]]
        ] = {}

    def add(self, name: str, definition: Mapping[str, Any], taken: Iterable[ExecutionStep]) -> None:
        """Count an execution; machines of one name and the same steps are one."""
        listed = tuple(steps_of(definition))
        if (name, listed) not in self._machines:
            labels = {repr(step): step_in_words(definition, step) for step in listed}
            self._machines[name, listed] = labels, set()
        self._machines[name, listed][1].update(taken)

    def as_json(self) -> list[Any]:
        """Return what ``merge`` takes in another process."""
        return [
            [name, [list(step) for step in listed], labels, sorted(map(list, taken))]
            for (name, listed), (labels, taken) in self._machines.items()
        ]

    def merge(self, machines: Iterable[Any]) -> None:
        """Add what another process counted."""
        for name, listed, labels, taken in machines:
            key = name, tuple((kind, state, number) for kind, state, number in listed)
            own = self._machines.setdefault(key, (labels, set()))
            own[1].update((kind, state, number) for kind, state, number in taken)

    @property
    def percent(self) -> float:
        """The share of all steps that were taken; 100 where there are none."""
        total = sum(len(listed) for _, listed in self._machines)
        taken = sum(len(taken.intersection(listed)) for (_, listed), (_, taken) in self._machines.items())
        return 100 * taken / total if total else 100.0

    def lines(self) -> Iterator[str]:
        """Yield a table, with what is missing below each machine."""
        width = max([len("machine"), *(len(name) for name, _ in self._machines)])
        yield f"{'machine':{width}}" + "".join(f"{column:>13}" for column in [*_COLUMNS, "all"])
        for (name, listed), (labels, taken) in self._machines.items():
            cells = []
            for kinds in _COLUMNS.values():
                there = [step for step in listed if step[0] in kinds]
                cells.append(f"{sum(step in taken for step in there)}/{len(there)}" if there else "-")
            share = 100 * sum(step in taken for step in listed) / len(listed)
            yield f"{name:{width}}" + "".join(f"{cell:>13}" for cell in [*cells, f"{share:.0f} %"])
            missing = [labels[repr(step)] for step in listed if step not in taken]
            for label in missing[:_MAX_MISSING]:
                yield f"  missing: {label}"
            if (more := len(missing) - _MAX_MISSING) > 0:
                yield f"  and {more} more"
        yield f"all machines: {self.percent:.1f} %"
