"""What all values have in common: they are frozen, and equal when their fields are."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field, fields, replace
from typing import Any

import pytest
from troposphere import Ref

from cfngen import (
    ALL,
    SYNC,
    Catcher,
    Fail,
    Goto,
    Pass,
    Path,
    Problem,
    RawState,
    Retrier,
    Succeed,
    Task,
    Wait,
    Workflow,
)
from cfngen.core.declared import Declared, frozen
from cfngen.tasks import batch, sns
from tests.rows import each_row

VALUES = [
    Pass("P", Result=[1, {"a": Path("$.a")}], ResultPath=None),
    Wait("W", Seconds=Path("$.s")),
    Succeed("S"),
    Fail("F", Error="E", Cause="C"),
    Goto("G"),
    Path("$.p"),
    RawState("R", {"Type": "Pass"}),
    Retrier(ErrorEquals=[ALL], BackoffRate=1.5),
    Catcher(ErrorEquals=[ALL], Next=Goto("P"), ResultPath="$.e"),
    Task("T", Resource="arn:aws:states:::sns:publish", Retry=[Retrier(ErrorEquals=[ALL])]),
    batch.SubmitJob("B", pattern=SYNC, JobName="n", JobQueue="q", JobDefinition="d"),
    sns.Publish("N", TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message="m"),
    Workflow(Pass("P") >> Succeed("S"), TimeoutSeconds=5),
    Problem("CODE", "/States/P", "is wrong", "mend it"),
]
EACH = each_row("value", VALUES, ids=lambda value: type(value).__name__)


@EACH
def test_no_field_can_be_set_or_deleted(value: object) -> None:
    for item in fields(value):  # type: ignore[arg-type]  # wrong on purpose
        before = getattr(value, item.name)
        with pytest.raises(FrozenInstanceError, match=rf"^cannot assign to field '{item.name}'$"):
            setattr(value, item.name, None)
        with pytest.raises(FrozenInstanceError, match=rf"^cannot delete field '{item.name}'$"):
            delattr(value, item.name)
        assert getattr(value, item.name) is before


@EACH
@each_row("name", ["Type", "service", "grants", "note"])
def test_nothing_else_can_be_set(value: object, name: str) -> None:
    with pytest.raises(FrozenInstanceError, match=rf"^cannot assign to field '{name}'$"):
        setattr(value, name, None)


@EACH
@each_row("duplicate", [copy.copy, copy.deepcopy, replace, lambda value: pickle.loads(pickle.dumps(value))])
def test_a_copy_is_equal_and_another(value: object, duplicate: Callable[..., Any]) -> None:
    copied = duplicate(value)
    assert copied == value
    assert copied is not value


@EACH
def test_a_value_is_equal_to_none_of_the_others(value: object) -> None:
    assert [other for other in VALUES if other == value] == [value]


@EACH
def test_a_repr_makes_an_equal_value(value: object) -> None:
    names = {
        name: globals()[name] for name in ("Catcher", "Fail", "Goto", "Pass", "Path", "Problem", "RawState")
    }
    names |= {
        kind.__name__: kind
        for kind in (Retrier, Succeed, Task, Wait, Workflow, batch.SubmitJob, sns.Publish)
    }
    text = repr(value).replace("<Pattern.SYNC: '.sync'>", "SYNC")
    assert eval(text, {**names, "SYNC": SYNC}) == value


@each_row(
    ("value", "text"),
    [
        (Pass("P"), "Pass('P')"),
        (Pass("P", Result=None, Comment="c"), "Pass('P', Comment='c', Result=None)"),
        (Path("$.a"), "Path('$.a')"),
        (Retrier(ErrorEquals=[ALL]), "Retrier(ErrorEquals=['States.ALL'])"),
        (
            Catcher(ErrorEquals=[ALL], Next=Pass("P") >> Pass("Q"), ResultPath=None),
            "Catcher(ErrorEquals=['States.ALL'], ResultPath=None, Next=Goto('P'))",
        ),
        (Pass("P") >> Wait("W", Seconds=1) >> Goto("P"), "Pass('P') >> Wait('W', Seconds=1) >> Goto('P')"),
        (Workflow(Pass("P"), Comment="c"), "Workflow(Pass('P'), Comment='c')"),
    ],
    ids=lambda value: "" if isinstance(value, str) else type(value).__name__,
)
def test_a_repr_shows_what_was_given(value: object, text: str) -> None:
    assert repr(value) == text


def test_equal_values_have_equal_hashes() -> None:
    assert hash(Pass("P", Result=1)) == hash(Pass("P", Result=1))
    assert len({Path("$.a"), Path("$.a"), Path("$.b"), Goto("$.a")}) == 3


def test_a_value_that_holds_a_list_has_no_hash_as_the_list_has_none() -> None:
    with pytest.raises(TypeError):
        hash(Pass("P", Result=[1]))


@each_row(
    ("one", "other"),
    [
        (Pass("P"), Pass("Q")),
        (Pass("P"), Pass("P", Result=None)),
        (Pass("P", Result=1), Pass("P", Result=2)),
        (Pass("P"), Succeed("P")),
        (Path("$.a"), Goto("$.a")),
        (Pass("P"), "P"),
    ],
    ids=["name", "null", "field", "class", "class of one field", "text"],
)
def test_values_that_differ_are_not_equal(one: Pass | Path, other: object) -> None:
    assert one != other
    assert other != one


def test_what_is_given_by_an_intrinsic_is_compared_as_it_compares() -> None:
    same = Ref("T")
    assert sns.Publish("N", TopicArn=same, Message="m") == sns.Publish("N", TopicArn=same, Message="m")
    assert sns.Publish("N", TopicArn=same, Message="m") != sns.Publish("N", TopicArn=Ref("U"), Message="m")


def test_a_class_shows_its_fields_as_its_signature() -> None:
    assert str(inspect.signature(Wait)).startswith(
        "(Name: 'str', *, Comment: 'Text | None' = None, QueryLanguage: "
    )
    assert inspect.signature(sns.Publish).parameters["Message"].default is inspect.Parameter.empty


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Retrier(), "Retrier.__init__() missing 1 required keyword-only argument: 'ErrorEquals'"),  # type: ignore[call-arg]  # wrong on purpose
        (lambda: Path(), "Path.__init__() missing 1 required positional argument: 'expression'"),  # type: ignore[call-arg]  # wrong on purpose
        (
            lambda: Problem("C"),  # type: ignore[call-arg]  # wrong on purpose
            "Problem.__init__() missing 2 required positional arguments: 'location' and 'message'",
        ),
        (
            lambda: Path("$.a", expression="$.b"),  # type: ignore[misc]  # wrong on purpose
            "Path.__init__() got multiple values for argument 'expression'",
        ),
        (lambda: Path("$.a", "$.b"), "Path.__init__() takes 2 positional arguments but 3 were given"),  # type: ignore[call-arg]  # wrong on purpose
        (
            lambda: Workflow(Pass("A"), _read=None),  # type: ignore[call-arg]  # wrong on purpose
            "Workflow has no field '_read'; it has flow, Comment, TimeoutSeconds, Version, QueryLanguage, order",
        ),
    ],
)
def test_arguments_that_do_not_fit_are_refused_in_the_words_of_python(
    make: Callable[..., Any], said: str
) -> None:
    with pytest.raises(TypeError) as refused:
        make()
    assert str(refused.value) == said


def test_a_field_that_is_set_later_is_not_there_before() -> None:
    @frozen
    class Measured(Declared):
        text: str
        length: int = field(init=False)
        unit: str = field(init=False, default="characters")

    assert vars(Measured("abc")) == {"text": "abc", "unit": "characters"}
    with pytest.raises(TypeError):
        Measured("abc", length=3)  # type: ignore[call-arg]
