"""Timestamps as Step Functions takes them: RFC 3339 with a capital ``T`` and, for UTC, a capital ``Z``.

https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
"""

from __future__ import annotations

import re
from typing import Final

_FORM: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)


def is_timestamp(text: str) -> bool:
    """Tell whether text is a timestamp whose date exists."""
    from datetime import date

    if (form := _FORM.fullmatch(text)) is None:
        return False
    year, month, day = map(int, form.groups()[:3])
    try:
        date(year or 4, month, day)  # the year 0 is a leap year, and none of Python's
    except ValueError:
        return False
    return True
