"""Amazon SNS.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import sns

from cfngen.asl.values import CALLBACK, REQUEST_RESPONSE, DynamicMapping, DynamicText, Pattern, PayloadValue
from cfngen.core.callers import mistake
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ALL_RESOURCES, ArgumentResource, Grant, regional
from cfngen.tasks.service import ServiceTask
from cfngen.tasks.shared import use_key

__all__ = ["Publish"]


@frozen(kw_only=True)
class Publish(ServiceTask):
    """Publishes a message to a topic, an endpoint or a phone number; one of the three is given.

    ``Message`` may be a mapping, which arrives as JSON text. ``MessageStructure="json"`` sends each
    protocol its own text. ``MessageDeduplicationId`` and ``MessageGroupId`` are for FIFO topics.
    ``resources`` may hold the ARN of the key that encrypts the topic.
    https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
    """

    Message: PayloadValue
    MessageAttributes: DynamicMapping | None = None
    MessageDeduplicationId: DynamicText | None = None
    MessageGroupId: DynamicText | None = None
    MessageStructure: DynamicText | None = None
    PhoneNumber: DynamicText | None = None
    Subject: DynamicText | None = None
    TargetArn: DynamicText | None = None
    TopicArn: DynamicText | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "sns"
    action = "publish"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, CALLBACK)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (sns.Publish,),
            resources=(
                ArgumentResource("TopicArn", regional("sns", "{}")),
                ArgumentResource("TargetArn", regional("sns", "{}")),
            ),
            documented_when_dynamic=ALL_RESOURCES,
            reason="publishes the message",
            page="https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html",
        ),
        use_key(
            service="sns",
            what="the topic",
            page="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        ),
    )

    def __post_init__(self) -> None:
        """Refuse any number of destinations but one, which SNS refuses at run time."""
        super().__post_init__()
        destinations = [name for name in _DESTINATIONS if getattr(self, name) is not None]
        if len(destinations) != 1:
            takes = " or ".join(_DESTINATIONS)
            message = f"Publish {self.Name!r} takes one of {takes}, not {destinations or 'none'}"
            raise mistake(TypeError(message))


_DESTINATIONS = ("TopicArn", "TargetArn", "PhoneNumber")
