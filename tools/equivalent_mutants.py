"""Faults that change nothing that anyone could see."""

from __future__ import annotations

from typing import Final

EQUIVALENT: Final[dict[tuple[str, str, str], str]] = {
    (
        "cfngen.iam.evaluate",
        "if verdict > NO and statement.condition:",
        "Gt -> GtE",
    ): "there is nothing less than NO",
    (
        "cfngen.audit.excess",
        "return resource[int(index)] if index.isdecimal() and int(index) < len(resource) else entry.text",
        "Lt -> LtE",
    ): "a pointer leads to what is there",
    (
        "cfngen.template.yaml_text",
        'return f"\\\\x{code:02X}" if code < 0x100 else f"\\\\u{code:04X}" '
        'if code < 0x10000 else f"\\\\U{code:08X}"',
        "Lt -> LtE",
    ): "U+0100 and U+10000 can be printed",
    ("cfngen.iam.evaluate", "break", "break -> continue"): "there is nothing better than YES",
    (
        "cfngen.iam.tokens",
        'return len(after) == 1 and after <= {None, ":", "/"} and before <= {":", "/", "-"}',
        "LtE -> Lt",
    ): "two places have at most two characters before or after them",
    ("cfngen.asl.jsonpath", "if end < 0:", "0 -> 1"): "a bracket that opens stands before one that closes",
    ("cfngen.iam.tokens", "if close >= 0:", "0 -> 1"): "two characters stand before a closing brace",
    ("cfngen.iam.tokens", "if close >= 0:", "GtE -> Gt"): "two characters stand before a closing brace",
    (
        "cfngen.asl.jsonpath",
        "if end < 0:",
        "Lt -> LtE",
    ): "a bracket that opens stands before one that closes",
}
"""Why a mutant changes nothing: by module, line and change."""
