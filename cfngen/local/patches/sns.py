"""Amazon SNS: messages that would leave this machine, or fail those who publish them."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import urlsplit

from moto.sns.models import Subscription

from cfngen.local.patches.patch import Patch, replaces

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Deliveries(Patch):
    name = "deliveries"
    defect = (
        "messages of a topic are posted to the subscribed addresses, wherever they are; one that cannot be "
        "delivered fails the call that publishes it"
    )

    @classmethod
    def probe(cls) -> bool:
        """Return whether a subscription that is none of the emulator's can fail a call."""
        topic: Any = SimpleNamespace(arn="")
        try:
            Subscription("", topic, "", "lambda").publish("", "")
        except (AssertionError, IndexError):
            return True
        return False

    @replaces(Subscription, "publish")
    def publish(original: Any, self: Subscription, *message: Any, **fields: Any) -> None:
        """Post to addresses on this machine alone, and pass over what cannot be delivered.

        Amazon SNS answers before it delivers.
        """
        if self.protocol in ("http", "https") and urlsplit(self.endpoint).hostname not in _LOOPBACK:
            return
        with suppress(Exception):
            original(self, *message, **fields)
