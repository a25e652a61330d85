"""Limits of arguments that a service documents, and that its API model does not have.

Each entry follows the page that it names. Services widen limits, so that values beyond them are warnings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from cfngen.apis.shapes import Shape, at, changed

_BATCH: Final = "https://docs.aws.amazon.com/batch/latest/APIReference"


@dataclass(frozen=True)
class Limits:
    """The limits of an operation, by the paths of its arguments.

    ``ranges`` bound numbers, ``patterns`` texts; ``needs`` maps the path of a member to the sibling that it
    needs.
    """

    page: str
    ranges: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)

    def applied(self, shape: Shape) -> Shape:
        """Return the arguments with their limits."""
        for path, (least, most) in self.ranges.items():
            shape = changed(shape, path, replace(at(shape, path), least=least, most=most))
        for path, pattern in self.patterns.items():
            shape = changed(shape, path, replace(at(shape, path), pattern=re.compile(pattern)))
        for path, sibling in self.needs.items():
            owner, _, name = path.rpartition(".")
            structure = at(shape, owner)
            shape = changed(shape, owner, replace(structure, needs={**structure.needs, name: sibling}))
        return shape


_GLOB: Final = r"[^*]*\*?"  # an asterisk ends it, as in the example that matches all reasons by one alone
_EXIT: Final = "RetryStrategy.EvaluateOnExit[]"
_VARIABLES: Final = (
    "ContainerOverrides.Environment[].Name",
    "EcsPropertiesOverride.TaskProperties[].Containers[].Environment[].Name",
    "EksPropertiesOverride.PodProperties.Containers[].Env[].Name",
    "EksPropertiesOverride.PodProperties.InitContainers[].Env[].Name",
)
_NODE: Final = "NodeOverrides.NodePropertyOverrides[]."

LIMITS: Final[Mapping[tuple[str, str], Limits]] = {
    ("batch", "SubmitJob"): Limits(
        f"{_BATCH}/API_SubmitJob.html",
        ranges={
            "ArrayProperties.Size": (2, 10_000),
            "RetryStrategy.Attempts": (1, 10),
            "Timeout.AttemptDurationSeconds": (60, None),
        },
        patterns={
            f"{_EXIT}.OnStatusReason": _GLOB,
            f"{_EXIT}.OnReason": _GLOB,
            f"{_EXIT}.OnExitCode": r"[0-9]*\*?",
            **{node + name: r"(?!AWS_BATCH).*" for node in ("", _NODE) for name in _VARIABLES},
        },
        needs={"RetryStrategy.EvaluateOnExit": "Attempts"},
    ),
}
"""By the names of a model and of an operation in it."""
