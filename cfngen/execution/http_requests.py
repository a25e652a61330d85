"""What Step Functions refuses of a request of ``http:invoke``.

https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cfngen.execution.failures import RuntimeStateError
from cfngen.execution.json_values import Json

_REFUSED: Final = re.compile(
    r"""a-im|accept-(charset|datetime|encoding)|authorization|cache-control|connection|content-(encoding|md5)
    |date|expect|forwarded|from|host|http2-settings|if-(match|modified-since|none-match|range|unmodified-since)
    |max-forwards|origin|pragma|proxy-authorization|referer|server|te|trailer|transfer-encoding|upgrade|via
    |warning|x-(forwarded|amz|amzn)-.*""",
    re.IGNORECASE | re.VERBOSE,
)


def check_headers(arguments: Json) -> None:
    """Raise ``RuntimeStateError`` for a header that a state machine may not set."""
    headers = arguments.get("Headers") if isinstance(arguments, Mapping) else None
    for name in headers if isinstance(headers, Mapping) else ():
        if _REFUSED.fullmatch(name):
            raise RuntimeStateError(f"The header '{name}' is not allowed in a request of http:invoke.")
