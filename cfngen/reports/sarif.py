"""SARIF logs: findings as code scanning services and editors read them.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class SarifResult(NamedTuple):
    """One finding; lines and columns count from 1, and are left out where they are not known."""

    rule: str
    level: str
    message: str
    filename: str
    line: int | None
    column: int | None
    end_line: int | None = None
    end_column: int | None = None


def log(
    tool: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any]], results: Sequence[SarifResult]
) -> str:
    """Render a SARIF 2.1.0 log of one run of ``tool``; ``rules`` describes each rule by its id."""
    indices = {rule: index for index, rule in enumerate(rules)}
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        **tool,
                        "rules": [{"id": rule, **described} for rule, described in rules.items()],
                    }
                },
                "originalUriBaseIds": {
                    "EXECUTIONROOT": {
                        "description": {"text": f"The directory in which {tool['name']} was run."}
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(result, indices[result.rule]) for result in results],
            }
        ],
    }
    return json.dumps(document, indent=2)


def _result(result: SarifResult, rule_index: int) -> dict[str, Any]:
    region = {
        "startLine": result.line,
        "startColumn": result.column,
        "endLine": result.end_line,
        "endColumn": result.end_column,
    }
    known = {name: number for name, number in region.items() if number is not None}
    place: dict[str, Any] = {"artifactLocation": _artifact(result.filename)}
    return {
        "ruleId": result.rule,
        "ruleIndex": rule_index,
        "level": result.level,
        "message": {"text": result.message},
        "locations": [{"physicalLocation": place | ({"region": known} if known else {})}],
    }


def _artifact(filename: str) -> dict[str, str]:
    """Return a file as a URI: a space would break a path, a colon would make a scheme of what precedes."""
    from pathlib import Path
    from urllib.parse import quote

    path = Path(filename)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(path.as_posix()), "uriBaseId": "EXECUTIONROOT"}
