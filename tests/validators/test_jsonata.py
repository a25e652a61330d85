"""JSONata agrees with its reference implementation, in values, codes and words.

Not asked: ``$eval``, which Step Functions lacks; the functions that it adds; base64 beyond ASCII, where the reference
depends on what runs it; dates and digits out of range, which are text for "not a date" there; indexes past the end
in an array of them, which leave a hole in the reference's answer.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any, Final

from cfngen.execution import run
from tests import npm

HERE: Final = Path(__file__).parent
DRAWN: Final = 1_200
GRAMMAR: Final[dict[str, Any]] = json.loads((HERE / "jsonata.json").read_text(encoding="utf-8"))
KINDS: Final = re.compile(r"\b(text|number|array|object|any)\b")


def drawn(chance: random.Random, kind: str = "any", depth: int = 0) -> str:
    """Return an expression, mostly of a kind; its calls have arguments of the kinds that they name."""
    if depth == 0 or chance.random() < 0.5 / depth:
        return KINDS.sub(lambda it: drawn(chance, it[1], depth + 1), chance.choice(GRAMMAR["calls"]))
    values = GRAMMAR["values"]
    return str(
        chance.choice(
            values[kind if kind in values and chance.random() < 0.9 else chance.choice([*values])]
        )
    )


def ours(expression: str) -> dict[str, Any]:
    state = {"Type": "Pass", "Output": f"{{% {expression} %}}", "End": True}
    execution = run({"StartAt": "A", "QueryLanguage": "JSONata", "States": {"A": state}}, GRAMMAR["input"])
    if execution.status == "SUCCEEDED":
        value = execution.output
        return {"value": None if value in ("NaN", "Infinity", "-Infinity") else value}
    return {"error": (execution.cause or "").partition("' specified for the field 'Output' ")[2]}


def agree(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether we answer as the reference, which may break without an error of its own."""
    if "broken" in one:
        return True
    if "value" in one or "value" in other:
        return one == other
    return str(one["error"]) in str(other["error"])


def test_expressions_agree_with_the_reference(npm_packages: Path) -> None:
    chance = random.Random(206)
    expressions = sorted({drawn(chance) for _ in range(DRAWN)})
    question = {"expressions": expressions, "input": GRAMMAR["input"]}
    answers = npm.ask(HERE / "jsonata.js", npm_packages, question)
    said = [(it, answer, ours(it)) for it, answer in zip(expressions, answers, strict=True)]
    assert [it for it in said if not agree(it[1], it[2])] == []
    assert sum("value" in answer for answer in answers) > 400
    assert sum(bool(answer.get("error")) for answer in answers) > 150
