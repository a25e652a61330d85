"""Amazon EventBridge.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import events

from cfngen.asl.values import (
    CALLBACK,
    REQUEST_RESPONSE,
    DynamicList,
    DynamicText,
    Pattern,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ArgumentResource, Grant, regional
from cfngen.tasks.service import ServiceTask

__all__ = ["PutEvents"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html"


@frozen(kw_only=True)
class PutEvents(ServiceTask):
    """Sends events to event buses, at most 10 in one call.

    Each of ``Entries`` has ``Detail``, which may be a mapping, ``DetailType``, ``Source`` and
    ``EventBusName``, a name or an ARN; without the last, it is the account's default bus. The task fails if
    any entry does.
    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
    """

    Entries: DynamicList
    EndpointId: DynamicText | None = None

    service = "events"
    action = "putEvents"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, CALLBACK)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (events.PutEvents,),
            resources=(
                ArgumentResource(
                    "Entries[].EventBusName",
                    regional("events", "event-bus/{}"),
                    default="default",
                    ref_returns="name",
                ),
            ),
            documented_when_dynamic="arn:${AWS::Partition}:events:*:*:event-bus/*",
            reason="sends the events",
            page=_PAGE,
        ),
    )
