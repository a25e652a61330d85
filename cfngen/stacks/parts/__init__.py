"""Parts of a stack: frozen values with options of their own, each with ``add_to(template)``."""

from __future__ import annotations

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
