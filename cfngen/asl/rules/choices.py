"""Rules about what a Choice decides by.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, cast

from cfngen.asl.graph import Graph, Node
from cfngen.asl.holes import jsonata_of, text_of
from cfngen.asl.rules.fields import (
    brief,
    check_text,
    check_timestamp,
    in_quotes,
    is_filled_in,
    marks,
    schema_problem,
)
from cfngen.asl.rules.paths import check_jsonata, path_field
from cfngen.asl.rules.payloads import check_payload
from cfngen.asl.values import JSONATA, OMIT, Jsonata, Path
from cfngen.cfn.functions import is_intrinsic
from cfngen.core import wording
from cfngen.core.problems import Problem

if TYPE_CHECKING:
    from cfngen.asl.branches import Choice
    from cfngen.asl.conditions import ChoiceRule, DataTest


def choices_are_sound(node: Node, graph: Graph) -> Iterator[Problem]:
    """``Choices`` MUST be a non-empty array of Choice Rules, each with exactly one operator."""
    if node.state.Type != "Choice":
        return
    state = cast("Choice", node.state)
    if not state.Choices:
        yield schema_problem(f"{node.location}/Choices", "a Choice needs at least one rule")
    for index, rule in enumerate(state.Choices):
        yield from _rule_problems(f"{node.location}/Choices/{index}", rule, node)
    if state.Default is None and not _cover_all(state.Choices):
        yield Problem(
            "NO_DEFAULT",
            node.location,
            "the workflow fails with States.NoChoiceMatched when no rule matches",
            "add a Default",
            "warning",
            "asl-choice-has-a-default",
        )


def _cover_all(rules: Sequence[ChoiceRule]) -> bool:
    """Tell whether one of the rules always holds: one of them does, or two are each other's negation."""
    conditions: set[str] = set()
    tests: list[tuple[object, str, object]] = []
    for rule in rules:
        if rule.Condition is True:
            return True
        if isinstance(rule.Condition, Jsonata):
            condition = " ".join((text_of(rule.Condition.expression) or "").split())
            if condition == "true" or condition in conditions:
                return True
            negated = _NEGATION.fullmatch(condition)
            conditions.add(negated[1] if negated else f"$not({condition})")
        elif len(operators := rule.operators()) == 1 and operators[0] not in ("And", "Or"):
            negates = rule.Not is not None
            test: DataTest = rule if rule.Not is None else rule.Not
            if len(inner := test.operators()) != 1 or inner[0] in ("And", "Or", "Not"):
                continue
            value = getattr(test, inner[0])
            if inner[0].startswith("Is") and isinstance(value, bool):
                value, negates = True, negates == value
            if (test.Variable, inner[0], (value, not negates)) in tests:
                return True
            tests.append((test.Variable, inner[0], (value, negates)))
    return False


_NEGATION: Final = re.compile(r"\$not\((.*)\)")


def _rule_problems(place: str, rule: ChoiceRule, node: Node) -> Iterator[Problem]:
    yield from check_text(f"{place}/Comment", rule.Comment)
    yield from check_payload(f"{place}/Assign", rule.Assign, node.language)
    if node.language != JSONATA:
        if rule.Condition is not None:
            hint = f"set {wording.field_text('QueryLanguage', JSONATA)} on the state or on the workflow"
            yield schema_problem(f"{place}/Condition", "'Condition' is a field of JSONata", hint)
        else:
            yield from _test_problems(place, rule)
        if rule.Output is not OMIT:
            yield schema_problem(f"{place}/Output", "'Output' is a field of JSONata")
        return
    yield from check_payload(f"{place}/Output", rule.Output, node.language)
    if rule.Variable is not None or rule.operators():
        hint = wording.either('Condition=Jsonata("$x > 1")', '"Condition": "{% $x > 1 %}"')
        yield schema_problem(place, "a rule in JSONata has only a 'Condition'", hint)
    elif isinstance(rule.Condition, Jsonata):
        yield from check_jsonata(f"{place}/Condition", rule.Condition, node.language)
    elif is_intrinsic(rule.Condition):
        if (expression := jsonata_of(rule.Condition)) is not None:
            yield from check_jsonata(f"{place}/Condition", expression, node.language)
    elif not isinstance(rule.Condition, bool):
        condition: object = rule.Condition
        hint = (
            f"write {wording.jsonata_text(_without_marks(condition))}" if isinstance(condition, str) else ""
        )
        kind = wording.either("a Jsonata", "an expression of JSONata")
        message = f"'Condition' takes {kind}, true or false, not {brief(condition)}"
        yield schema_problem(
            f"{place}/Condition", message if condition else "a rule in JSONata needs a 'Condition'", hint
        )


def _without_marks(text: str) -> str:
    return text.strip().removeprefix("{%").removesuffix("%}").strip()


def _test_problems(place: str, rule: DataTest) -> Iterator[Problem]:
    tests: list[tuple[str, DataTest]] = [(place, rule)]
    while tests:
        at, test = tests.pop()
        operators = test.operators()
        if at != place:
            yield from check_text(f"{at}/Comment", test.Comment)
        if at != place and hasattr(test, "Next"):
            yield schema_problem(
                at,
                "a ChoiceRule is inside another ChoiceRule",
                "only the outermost rule has a 'Next': use a DataTest inside it",
            )
        elif not operators:
            yield schema_problem(at, "a test needs exactly one operator; this one has none")
        elif len(operators) > 1:
            yield schema_problem(
                at,
                f"a test needs exactly one operator; this one has {' and '.join(operators)}",
                "join tests with And or Or",
            )
        elif operators[0] in ("And", "Or"):
            inner = getattr(test, operators[0])
            if not inner:
                yield schema_problem(f"{at}/{operators[0]}", f"{operators[0]!r} needs at least one test")
            tests += reversed(
                [(f"{at}/{operators[0]}/{number}", item) for number, item in enumerate(inner)]
            )
        elif operators[0] == "Not":
            tests.append((f"{at}/Not", cast("DataTest", test.Not)))
        else:
            yield from _data_test(at, test, operators[0])


def _data_test(at: str, test: DataTest, operator: str) -> Iterator[Problem]:
    if test.Variable is None:
        yield schema_problem(at, f"{operator!r} needs a 'Variable' to test")
    else:
        yield from path_field(f"{at}/Variable", test.Variable)
    operand = getattr(test, operator)
    place = f"{at}/{operator}"
    if operator.endswith("Path"):
        yield from path_field(place, operand)
    elif operator.startswith(("Is", "Boolean")):
        if not isinstance(operand, bool) and not is_filled_in(operand):
            hint = _path_form(operator, operand) or in_quotes(operand)
            yield schema_problem(place, f"{operator!r} takes true or false, not {brief(operand)}", hint)
    elif operator.startswith("Numeric"):
        if isinstance(operand, (int, float)) and not isinstance(operand, bool):
            is_number = isinstance(operand, int) or math.isfinite(operand)
        else:
            is_number = is_filled_in(operand)
        if not is_number:
            message = f"{operator!r} takes a number, not {brief(operand)}"
            yield schema_problem(place, message, _path_form(operator, operand) or in_quotes(operand))
    elif not isinstance(operand, str) and not is_intrinsic(operand):
        hint = _path_form(operator, operand)
        yield schema_problem(place, f"{operator!r} takes text, not {brief(operand)}", hint)
    elif operator.startswith("Timestamp"):
        yield from check_timestamp(place, operand)
    elif isinstance(operand, str):
        yield from marks(place, operand)


def _path_form(operator: str, operand: object) -> str:
    from cfngen.asl.conditions import OPERATORS

    if isinstance(operand, Path) and f"{operator}Path" in OPERATORS:
        return f"write {wording.field_text(f'{operator}Path', operand.expression)}"
    return ""
