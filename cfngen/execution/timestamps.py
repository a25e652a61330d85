"""Times in the profile of ISO 8601 that the language takes: ``2026-11-28T04:22:04.123Z``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Final

_TIMESTAMP: Final = re.compile(
    # as Java reads its extended offset date-time, which AWS's recorded messages name: in either case
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d\d):(\d\d))"
)


def nanoseconds(text: object) -> int | None:
    """Return the nanoseconds since 1970 of a timestamp, or None for what is none."""
    matched = _TIMESTAMP.fullmatch(text) if isinstance(text, str) and text.isascii() else None
    if not matched:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in matched.groups()[:6])
    offset = timedelta(0)
    if matched[8]:
        offset = timedelta(hours=int(matched[9]), minutes=int(matched[10]))
        if offset > timedelta(hours=18):
            return None
        offset = -offset if matched[8] == "-" else offset
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
    except ValueError:
        return None
    since = moment - datetime(1970, 1, 1, tzinfo=timezone.utc) - offset
    seconds = since.days * 86_400 + since.seconds
    return seconds * 1_000_000_000 + int((matched[7] or "").ljust(9, "0") or 0)
