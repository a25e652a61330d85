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

from cfngen import Workflow
from cfngen.execution import run
from tests import npm

HERE: Final = Path(__file__).parent
DRAWN: Final = 1_200
TORN: Final = 800
AFTER_ORDER: Final = re.compile(r"\^\(.*/")
"""Not asked: the reference takes a division after an order for a regular expression."""
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


def torn(chance: random.Random) -> str:
    """Return an expression with a character more or less in one or two places."""
    text = drawn(chance)
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.randrange(len(text) + 1)
        kept = text[at + 1 :] if chance.random() < 0.4 else f"{chance.choice(GRAMMAR['pieces'])}{text[at:]}"
        text = text[:at] + kept
    return text


def ours(expression: str) -> dict[str, Any]:
    state = {"Type": "Pass", "Output": f"{{% {expression} %}}", "End": True}
    execution = run({"StartAt": "A", "QueryLanguage": "JSONata", "States": {"A": state}}, GRAMMAR["input"])
    if execution.status == "SUCCEEDED":
        value = execution.output
        return {"value": None if value in ("NaN", "Infinity", "-Infinity") else value}
    return {"error": (execution.cause or "").partition("' specified for the field 'Output' ")[2]}


def codes(expression: str) -> set[str]:
    state = {"Type": "Pass", "Output": f"{{% {expression} %}}", "End": True}
    text = json.dumps({"StartAt": "A", "QueryLanguage": "JSONata", "States": {"A": state}})
    return {problem.code for problem in Workflow.read(text).check()}


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


def test_what_the_reference_cannot_read_is_an_error(npm_packages: Path) -> None:
    chance = random.Random(207)
    drawn = {torn(chance) for _ in range(TORN)}
    # nor names that hold a quote, which the reference reads
    expressions = sorted(it for it in drawn if not AFTER_ORDER.search(it) and it.count("'") % 2 == 0)
    question = {"expressions": expressions, "input": GRAMMAR["input"]}
    answers = npm.ask(HERE / "jsonata.js", npm_packages, question)
    unreadable = {
        it for it, said in zip(expressions, answers, strict=True) if said.get("error", "")[:1] == "S"
    }
    assert {it for it in expressions if "INVALID_JSONATA_EXPRESSION" in codes(it)} ^ unreadable == set()
    assert 200 < len(unreadable) < 600
