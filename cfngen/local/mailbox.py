"""Who listens to a topic: a queue that is subscribed to it, and the messages that have arrived there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cfngen.core.declared import Declared, frozen

if TYPE_CHECKING:
    from cfngen.local.running import Running


@frozen
class Message(Declared):
    """What arrived: the text, and the subject where there was one."""

    text: str
    subject: str = ""


class Mailbox:
    """A queue of its own for one topic; what is published from now on arrives in it."""

    def __init__(self, running: Running, topic_arn: str) -> None:
        """Make the queue, and subscribe it."""
        self._queues = running.client("sqs")
        self._topics = running.client("sns")
        name = f"mailbox-of-{topic_arn.rsplit(':', 1)[-1]}"[:80]
        self._url = self._queues.create_queue(QueueName=name)["QueueUrl"]
        wanted = ["QueueArn"]
        found = self._queues.get_queue_attributes(QueueUrl=self._url, AttributeNames=wanted)
        arn = found["Attributes"]["QueueArn"]
        subscribed = self._topics.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn)
        self._subscription = subscribed["SubscriptionArn"]

    def messages(self) -> list[Message]:
        """Take out what has arrived, in order."""
        taken: list[Message] = []
        while True:
            received = self._queues.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
            found = received.get("Messages", [])
            if not found:
                return taken
            for message in found:
                told = json.loads(message["Body"])
                taken.append(Message(told["Message"], told.get("Subject") or ""))
                self._queues.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])

    def close(self) -> None:
        """Cancel the subscription, and delete the queue."""
        self._topics.unsubscribe(SubscriptionArn=self._subscription)
        self._queues.delete_queue(QueueUrl=self._url)
