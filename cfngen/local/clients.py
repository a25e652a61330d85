"""Clients of botocore for one emulator, which read no configuration and no environment."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

CREDENTIALS: Final = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
"""Clients sign with them; the emulator does not check them."""


class Clients:
    """Creates clients of botocore for one address; they read no configuration and no environment."""

    def __init__(self, url: str, region: str, before_call: Callable[[], object] = lambda: None) -> None:
        self._url = url
        self._region = region
        self._session = isolated_session()
        self._session.register("before-send", lambda **_: (before_call(), None)[1])

    def client(self, service: str, region: str | None = None, **settings: Any) -> Any:
        """Return a client, for another region too; ``settings`` are those of ``botocore.config.Config``."""
        from botocore.config import Config

        return self._session.create_client(
            service,
            region_name=region or self._region,
            endpoint_url=self._url,
            config=Config(**{"proxies": {}, "inject_host_prefix": False, **settings}),
            **CREDENTIALS,
        )


def isolated_session() -> Any:
    """Return a session of botocore without the user's profiles, keys and endpoints."""
    from botocore.session import Session

    return Session(
        {
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
            "ca_bundle": (None, None, None, None),
            "use_fips_endpoint": (None, None, None, None),
            "use_dualstack_endpoint": (None, None, None, None),
            "defaults_mode": (None, None, "legacy", None),
            "retry_mode": (None, None, "standard", None),
        }
    )
