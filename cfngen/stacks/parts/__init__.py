"""Parts of a stack: frozen values with options of their own, each with ``add_to(template)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfngen.core.lazy import lazy_names

if TYPE_CHECKING:
    from cfngen.stacks.parts.alarms import Alarm
    from cfngen.stacks.parts.bucket import DataBucket
    from cfngen.stacks.parts.compute import BatchCompute, BatchQueue
    from cfngen.stacks.parts.dashboard import Dashboard
    from cfngen.stacks.parts.function import LambdaFunction
    from cfngen.stacks.parts.job import BatchJob
    from cfngen.stacks.parts.logs import LogGroup
    from cfngen.stacks.parts.network import Network, NetworkReferences
    from cfngen.stacks.parts.topic import NotificationTopic
    from cfngen.stacks.parts.triggers import EventTrigger, Schedule

__all__ = [
    "Alarm",
    "BatchCompute",
    "BatchJob",
    "BatchQueue",
    "Dashboard",
    "DataBucket",
    "EventTrigger",
    "LambdaFunction",
    "LogGroup",
    "Network",
    "NetworkReferences",
    "NotificationTopic",
    "Schedule",
]

__getattr__: Callable[[str], object] = lazy_names(
    __name__,
    {
        "cfngen.stacks.parts.alarms": ("Alarm",),
        "cfngen.stacks.parts.bucket": ("DataBucket",),
        "cfngen.stacks.parts.compute": ("BatchCompute", "BatchQueue"),
        "cfngen.stacks.parts.dashboard": ("Dashboard",),
        "cfngen.stacks.parts.function": ("LambdaFunction",),
        "cfngen.stacks.parts.job": ("BatchJob",),
        "cfngen.stacks.parts.logs": ("LogGroup",),
        "cfngen.stacks.parts.network": ("Network", "NetworkReferences"),
        "cfngen.stacks.parts.topic": ("NotificationTopic",),
        "cfngen.stacks.parts.triggers": ("EventTrigger", "Schedule"),
    },
)


def __dir__() -> list[str]:
    return sorted((*globals(), *__all__))
