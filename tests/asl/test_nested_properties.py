"""Whatever is nested in whatever, in either query language: statelint accepts it, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statelint.config import Config
from statelint.linter import Linter
from statelint.problem import ProblemType

from cfngen import (
    ALL,
    JSONATA,
    TIMEOUT,
    Catcher,
    Choice,
    ChoiceRule,
    DataTest,
    Fail,
    Goto,
    Jsonata,
    Map,
    Parallel,
    Pass,
    Path,
    ProcessorConfig,
    Retrier,
    Succeed,
    Task,
    Wait,
    Workflow,
    chain,
    renamed,
)
from cfngen.asl.conditions import OPERATORS
from cfngen.asl.flow import Flow
from cfngen.asl.states import State
from cfngen.asl.values import Language
from tests.rings import examples

# it takes 'arn:aws:states:::sns:publish' for no URI and 2 for no float
LENIENT = Config({ProblemType.URI, ProblemType.FLOAT})
ARN = "arn:aws:states:::aws-sdk:batch:listJobs"
PATHS = st.sampled_from(["$", "$.a", "$.a.b", "$['a']", "$.a[0]"])
EXPRESSIONS = st.builds(Jsonata, st.sampled_from(["$states.input", "$states.input.a", "1 + 2", "'text'"]))
NUMBERS = st.integers(1, 1000)
TEXTS = st.text("abc $.{}", max_size=6).filter(lambda text: not text.startswith(("$", "States.", "{%")))
MOMENTS = st.just("2030-01-01T00:00:00Z")
STATES = st.sampled_from(["Task", "Pass", "Wait", "Parallel", "Map"])
LASTS = st.sampled_from(["Choice", "Succeed", "Fail", "none"])


def payloads(language: str | None) -> st.SearchStrategy[Any]:
    dynamic = EXPRESSIONS if language == JSONATA else st.builds(Path, PATHS)
    plain = st.none() | st.booleans() | st.integers() | TEXTS
    return st.recursive(
        st.dictionaries(st.sampled_from("abc"), plain | dynamic, max_size=3),
        lambda inner: st.dictionaries(
            st.sampled_from("abc"), inner | st.lists(inner | plain, max_size=2), max_size=2
        ),
        max_leaves=3,
    )


@st.composite
def data_tests(draw: st.DrawFn, depth: int = 0) -> dict[str, Any]:
    operand: Any
    operator = draw(st.sampled_from(OPERATORS if depth < 3 else OPERATORS[3:]))
    if operator in ("And", "Or"):
        return {operator: [DataTest(**draw(data_tests(depth + 1))) for _ in range(draw(st.integers(1, 2)))]}
    if operator == "Not":
        return {"Not": DataTest(**draw(data_tests(depth + 1)))}
    if operator.endswith("Path"):
        operand = draw(PATHS)
    elif operator.startswith(("Is", "Boolean")):
        operand = draw(st.booleans())
    elif operator.startswith("Numeric"):
        operand = draw(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
    else:
        operand = draw(MOMENTS if operator.startswith("Timestamp") else TEXTS)
    return {"Variable": draw(PATHS), operator: operand}


class Flows:
    """Draws flows; every state gets a number for its name, so that no two are the same."""

    def __init__(self, draw: st.DrawFn, language: Language | None) -> None:
        self.draw = draw
        self.language = language
        self.count = 0

    def name(self) -> str:
        self.count += 1
        return f"{self.count} {self.draw(st.text('aä작🚀/ ', max_size=4))}"

    def flow(self, depth: int) -> Flow:
        states = [self.state(depth) for _ in range(self.draw(st.integers(0, 2)))]
        match self.draw(LASTS):
            case "Choice" if depth < 4:
                return chain(*states, self.choice(depth, states))
            case "Succeed":
                output: dict[str, Any] = (
                    {"Output": self.payload()}
                    if self.language == JSONATA
                    else {"OutputPath": self.draw(PATHS)}
                )
                return chain(*states, Succeed(self.name(), **output))
            case "Fail":
                cause = self.dynamic() if self.draw(st.booleans()) else "C"
                return chain(*states, Fail(self.name(), Error="E", Cause=cause))
            case _:
                return chain(*states, Pass(self.name()))

    def state(self, depth: int) -> State:
        kind = self.draw(STATES) if depth < 3 else "Pass"
        fields: dict[str, Any] = {"Comment": "c"} if self.draw(st.booleans()) else {}
        if self.draw(st.booleans()):
            fields["Assign"] = {
                f"v{self.count}_{depth}": self.payload()
            }  # inner scopes cannot reuse a name
        if self.language == JSONATA and self.draw(st.booleans()):
            fields["Output"] = self.payload()
        if kind == "Pass":
            return Pass(
                self.name(),
                **fields,
                **({} if self.language == JSONATA else {"Parameters": self.payload()}),
            )
        if kind == "Wait":
            when: list[dict[str, Any]] = [{"Seconds": 1}, {"Timestamp": "2030-01-01T00:00:00Z"}]
            return Wait(self.name(), **self.draw(st.sampled_from(when)), **fields)
        if self.language != JSONATA:
            fields["ResultPath"] = self.draw(st.none() | PATHS)
        fields |= self.handlers(depth)
        if kind == "Task":
            passed = "Arguments" if self.language == JSONATA else "Parameters"
            return Task(self.name(), Resource=ARN, **{passed: self.payload()}, **fields)
        if kind == "Parallel":
            branches = [self.flow(depth + 1) for _ in range(self.draw(st.integers(1, 2)))]
            return Parallel(self.name(), Branches=branches, **fields)
        items: dict[str, Any] = (
            {"Items": self.draw(EXPRESSIONS)}
            if self.language == JSONATA
            else {"ItemsPath": self.draw(PATHS)}
        )
        config = ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD")
        return Map(
            self.name(),
            ItemProcessor=self.flow(depth + 1),
            ProcessorConfig=self.draw(st.sampled_from([None, ProcessorConfig(Mode="INLINE"), config])),
            MaxConcurrency=self.draw(st.none() | st.integers(0, 9)),
            ItemSelector=self.payload(),
            **items,
            **fields,
        )

    def handlers(self, depth: int) -> dict[str, Any]:
        if self.draw(st.booleans()):
            return {}
        handler = self.flow(depth + 1)
        retry = Retrier(ErrorEquals=[TIMEOUT], MaxAttempts=self.draw(NUMBERS))
        catch = [Catcher(ErrorEquals=[TIMEOUT], Next=handler), Catcher(ErrorEquals=[ALL], Next=handler)]
        return {"Retry": [retry], "Catch": catch}

    def choice(self, depth: int, before: Sequence[State]) -> Choice:
        targets = [self.flow(depth + 1), *(Goto(state.Name) for state in before)]
        rules = [
            self.rule(self.draw(st.sampled_from(targets))) for _ in range(self.draw(st.integers(1, 3)))
        ]
        return Choice(self.name(), Choices=rules, Default=targets[0])

    def rule(self, target: Flow) -> ChoiceRule:
        if self.language == JSONATA:
            return ChoiceRule(Condition=self.draw(EXPRESSIONS), Next=target, Output=self.payload())
        return ChoiceRule(**self.draw(data_tests()), Next=target)

    def payload(self) -> Any:
        return self.draw(payloads(self.language))

    def dynamic(self) -> Any:
        return self.draw(EXPRESSIONS if self.language == JSONATA else st.builds(Path, PATHS))


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    language: Language | None = draw(st.sampled_from([None, "JSONPath", "JSONata"]))
    return Workflow(Flows(draw, language).flow(0), QueryLanguage=language)


def every_state(definition: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    pending = [definition]
    while pending:
        scope = pending.pop()
        for name, state in scope["States"].items():
            yield name, state
            pending += state.get("Branches", [])
            if "ItemProcessor" in state:
                pending.append(state["ItemProcessor"])


def unknown_to_statelint(said: str) -> bool:
    """It knows no variables in a Wait and in the rules of a Choice, which AWS's page on them shows."""
    return said.startswith('Field "Assign" not allowed')


@examples(60)
@given(workflows())
@pytest.mark.slow
def test_statelint_accepts_what_is_nested(workflow: Workflow) -> None:
    text = json.dumps(workflow.to_asl(), allow_nan=False)
    said = Linter.validate(json.loads(text), LENIENT)
    assert [problem for problem in said if not unknown_to_statelint(str(problem))] == []


@examples(40)
@given(workflows())
def test_every_scope_holds_all_that_its_states_lead_to(workflow: Workflow) -> None:
    pending = [workflow.to_asl()]
    while pending:
        scope = pending.pop()
        assert scope["StartAt"] in scope["States"]
        for state in scope["States"].values():
            entries = [*state.get("Catch", []), *state.get("Choices", []), state]
            names = [entry[key] for entry in entries for key in ("Next", "Default") if key in entry]
            assert set(names) <= set(scope["States"])
            pending += state.get("Branches", [])
            if "ItemProcessor" in state:
                pending.append(state["ItemProcessor"])


@pytest.mark.slow
@examples(40)
@given(workflows())
def test_every_state_has_its_line_in_the_outline(workflow: Workflow) -> None:
    count = len(list(every_state(workflow.to_asl())))
    assert len(str(workflow).splitlines()) == count


@examples(40)
@given(workflows())
@pytest.mark.slow
def test_renaming_changes_the_names_alone(workflow: Workflow) -> None:
    def shown(flow: Flow) -> dict[str, Any]:
        return Workflow(flow, QueryLanguage=workflow.QueryLanguage).to_asl()

    assert shown(renamed(workflow.flow, "")) == workflow.to_asl()
    assert [name for name, _ in every_state(shown(renamed(workflow.flow, "x ")))] == [
        f"x {name}" for name, _ in every_state(workflow.to_asl())
    ]
