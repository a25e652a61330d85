"""Amazon SQS.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import sqs

from cfngen.asl.values import (
    CALLBACK,
    REQUEST_RESPONSE,
    DynamicMapping,
    DynamicText,
    Integer,
    Pattern,
    PayloadValue,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ALL_RESOURCES, QUEUE_URL, ArgumentResource, Grant, regional
from cfngen.tasks.service import ServiceTask
from cfngen.tasks.shared import use_key

__all__ = ["SendMessage"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html"


@frozen(kw_only=True)
class SendMessage(ServiceTask):
    """Sends a message to a queue.

    ``MessageBody`` may be a mapping, which arrives as JSON text. ``QueueUrl`` is the queue's URL, which is
    also what ``Ref`` of a queue is. ``MessageDeduplicationId`` and ``MessageGroupId`` are for FIFO queues.
    ``resources`` may hold the ARN of the key that encrypts the queue.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    """

    QueueUrl: DynamicText
    MessageBody: PayloadValue
    DelaySeconds: Integer | None = None
    MessageAttributes: DynamicMapping | None = None
    MessageDeduplicationId: DynamicText | None = None
    MessageGroupId: DynamicText | None = None
    MessageSystemAttributes: DynamicMapping | None = None

    service = "sqs"
    action = "sendMessage"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, CALLBACK)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (sqs.SendMessage,),
            resources=(
                ArgumentResource(
                    "QueueUrl",
                    regional("sqs", "{}"),
                    name_regex=QUEUE_URL,
                    ref_returns="url",
                ),
            ),
            documented_when_dynamic=ALL_RESOURCES,
            reason="sends the message",
            page=_PAGE,
        ),
        use_key(
            service="sqs",
            what="the queue",
            page="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
        ),
    )
