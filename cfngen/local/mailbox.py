"""A mailbox for a topic: a queue that is subscribed to it, and the messages in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cfngen.core.declared import Declared, frozen

if TYPE_CHECKING:
    from cfngen.local.running import Running


@frozen
class Message(Declared):
    """A message: its text, and its subject where it has one."""

    text: str
    subject: str = ""


class Mailbox:
    """A queue for one topic; it receives what is published from now on."""

    def __init__(self, running: Running, topic_arn: str) -> None:
        """Create the queue, and subscribe it."""
        self._queues = running.client("sqs")
        self._topics = running.client("sns")
        name = f"mailbox-of-{topic_arn.rsplit(':', 1)[-1]}"[:80]
        self._url = self._queues.create_queue(QueueName=name)["QueueUrl"]
        queue = self._queues.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        arn = queue["Attributes"]["QueueArn"]
        subscription = self._topics.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn)
        self._subscription = subscription["SubscriptionArn"]

    def messages(self) -> list[Message]:
        """Remove all messages from the queue, and return them in order."""
        messages: list[Message] = []
        while True:
            response = self._queues.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
            received = response.get("Messages", [])
            if not received:
                return messages
            for message in received:
                fields = json.loads(message["Body"])
                messages.append(Message(fields["Message"], fields.get("Subject") or ""))
                self._queues.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])

    def close(self) -> None:
        """Cancel the subscription, and delete the queue."""
        self._topics.unsubscribe(SubscriptionArn=self._subscription)
        self._queues.delete_queue(QueueUrl=self._url)
