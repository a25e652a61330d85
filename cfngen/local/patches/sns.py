"""Amazon SNS: messages that would leave this machine."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import urlsplit

from moto.sns import models

from cfngen.local.patches.patch import Patch

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class HttpSubscriptions(Patch):
    name = "http-subscriptions"
    defect = "messages of a topic are posted to the subscribed addresses, wherever they are"

    @staticmethod
    def probe() -> bool:
        """Return whether a topic can post."""
        return hasattr(getattr(models, "requests", None), "post")

    @staticmethod
    def apply() -> None:
        """Post to addresses on this machine alone."""
        original = models.requests.post

        def post(url: str, **fields: Any) -> None:
            if urlsplit(url).hostname in _LOOPBACK:
                original(url, **fields)

        setattr(models, "requests", SimpleNamespace(post=post))  # noqa: B010
