"""The names of executions.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import re
from typing import Final

_MAX_NAME_CHARACTERS: Final = 80
_INVALID_CHARACTER: Final = re.compile(
    r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\U0010ffff]"
)


def name_problem(name: str) -> str:
    """Return why Step Functions would refuse a name, or an empty text."""
    if not name:
        return "a name must have at least one character"
    if len(name) > _MAX_NAME_CHARACTERS:
        return f"a name can have {_MAX_NAME_CHARACTERS} characters, not {len(name)}"
    if character := _INVALID_CHARACTER.search(name):
        return (
            f"a name cannot contain {character[0]!r}: spaces, brackets, wildcards, special and control "
            "characters are not allowed"
        )
    return ""
