"""Parts of a stack: frozen values with options of their own, each with ``add_to(template)``."""

from __future__ import annotations

from cfngen.stacks.parts.compute import BatchCompute, BatchQueue
from cfngen.stacks.parts.job import BatchJob
from cfngen.stacks.parts.logs import LogGroup
from cfngen.stacks.parts.network import Network, NetworkReferences
from cfngen.stacks.parts.topic import NotificationTopic

__all__ = [
    "BatchCompute",
    "BatchJob",
    "BatchQueue",
    "LogGroup",
    "Network",
    "NetworkReferences",
    "NotificationTopic",
]
