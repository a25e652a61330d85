"""Clients of botocore: for an account of AWS, and for one emulator."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any, Final

from cfngen.aws.errors import UNUSABLE, ServiceError, translate_client_error
from cfngen.core.installation import install_command

CREDENTIALS: Final = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
"""Clients sign with them; the emulator does not check them."""

_MAX_RESPONSE_SECONDS: Final = 310
"""The response to StartSyncExecution comes when the execution ends, which may take five minutes."""

_URL: Final = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")


class Account:
    """An account of AWS, or an emulator that somebody has started; botocore finds what is not given."""

    def __init__(
        self, profile: str | None = None, region: str | None = None, endpoint_url: str | None = None
    ) -> None:
        """Use a ``profile`` of the user's configuration; ``endpoint_url`` is called instead of AWS."""
        self.region = region
        self.endpoint_url = endpoint_url
        self._profile = profile
        self._session: Any = None

    def client(self, service: str) -> Any:
        """Return a client of botocore. Raises ``ServiceError``."""
        try:
            from botocore.config import Config
            from botocore.session import Session
        except ImportError:
            raise ServiceError(f"calls to AWS need botocore: {install_command('aws')}", UNUSABLE) from None
        url = self.endpoint_url
        if url is not None and not _URL.fullmatch(url):
            raise ServiceError(
                f"--endpoint-url must be http://HOST:PORT or https://..., not {url!r}", UNUSABLE
            )
        config = Config(
            retries={"mode": "standard"},
            connect_timeout=10,
            read_timeout=_MAX_RESPONSE_SECONDS,
            inject_host_prefix=url is None,
            user_agent_extra="cfngen",
        )
        with translate_client_error(f"cannot call {service}"):
            if self._session is None:
                self._session = Session(profile=self._profile)
            return self._session.create_client(
                service, region_name=self.region, endpoint_url=url, config=config
            )


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
