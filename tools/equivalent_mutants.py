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
    (
        "cfngen.execution.jsonata",
        "MAX_HELD: Final = 16",
        "16 -> 17",
    ): "what is kept saves time",
    (
        "cfngen.execution.jsonata_texts",
        'return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"',
        "0 -> 1",
    ): "infinity is greater than 1 too",
    (
        "cfngen.history.visits",
        "if parent.attempts and parent.attempts[-1][0].id > self.first.id:",
        "Gt -> GtE",
    ): "an event begins an attempt or a visit, not both",
    (
        "cfngen.views.layout",
        "labels[index] = Label((), 0, 0, 1, 1)  # its target is then in the row of the others",
        "0 -> 1",
    ): "the layout gives it its place",
    (
        "cfngen.views.layout",
        "return PlacedBox(box, 0, 0, width, height, caption, name)",
        "0 -> 1",
    ): "the layout gives it its place",
    (
        "cfngen.views.layout",
        "return Label(lines, 0, 0, width, len(lines) * face.height + 2 * margin[1])",
        "0 -> 1",
    ): "the layout gives it its place",
    **dict.fromkeys(
        (
            (
                "cfngen.views.labels",
                'return chr(0x2400 + ord(letter)) if ord(letter) < 32 else "\\ufffd"',
                change,
            )
            for change in ("32 -> 33", "Lt -> LtE")
        ),
        "U+0020 is no control character",
    ),
}
"""Why a mutant changes nothing: by module, line and change."""
