"""An account of AWS, or an emulator that somebody has started: the credentials and the address."""

from __future__ import annotations

import re
from typing import Any, Final

from cfngen.core.installation import install_command
from cfngen.local.errors import UNUSABLE, ServiceError, translate_client_error

_MAX_RESPONSE_SECONDS: Final = 310
"""The response to StartSyncExecution comes when the execution ends, which may take five minutes."""

_URL: Final = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")


class Account:
    """Credentials and a region; botocore finds those that are not given."""

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
