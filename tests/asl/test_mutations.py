"""One change to a valid definition: the checker never fails over it, and a broken transition is found."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfngen import Workflow
from cfngen.documents.source import ReadError
from tests.asl.test_nested_properties import workflows
from tests.rings import examples

VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "x", "$.a[?(@.b)]", "States.Format(", "{% $ %}", [], [None], {}, {"a": {}}]
)
NOWHERE = "no state has this name"


def places(value: Any, pointer: str = "") -> Iterator[tuple[Any, Any, str]]:
    """Every mapping or list of a document with each of its keys, and the pointer to what is there."""
    if isinstance(value, (dict, list)):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key, f"{pointer}/{key}"
            yield from places(value[key], f"{pointer}/{key}")


def transitions(scope: dict[str, Any], pointer: str = "") -> Iterator[tuple[Any, str, str]]:
    """Every field that names a state, by what the specification says, and not by our own graph."""
    yield scope, "StartAt", f"{pointer}/StartAt"
    for name, state in scope["States"].items():
        at = f"{pointer}/States/{name}"
        for key in ("Next", "Default"):
            if key in state:
                yield state, key, f"{at}/{key}"
        for key in ("Catch", "Choices"):
            for index, entry in enumerate(state.get(key, [])):
                yield entry, "Next", f"{at}/{key}/{index}/Next"
        for index, branch in enumerate(state.get("Branches", [])):
            yield from transitions(branch, f"{at}/Branches/{index}")
        if "ItemProcessor" in state:
            yield from transitions(state["ItemProcessor"], f"{at}/ItemProcessor")


def copied(workflow: Workflow) -> dict[str, Any]:
    return copy.deepcopy(workflow.to_asl())


@examples(40)
@given(workflows(), st.data())
@pytest.mark.slow
def test_a_transition_that_leads_nowhere_is_found_in_its_place(
    workflow: Workflow, data: st.DataObject
) -> None:
    document = copied(workflow)
    holder, key, pointer = data.draw(st.sampled_from(list(transitions(document))))
    holder[key] = NOWHERE
    found = [(problem.code, problem.location) for problem in Workflow.read(document).check()]
    assert ("MISSING_TRANSITION_TARGET", pointer) in found


@examples(40)
@given(workflows(), st.data())
@pytest.mark.slow
def test_a_state_that_is_taken_away_is_missed(workflow: Workflow, data: st.DataObject) -> None:
    document = copied(workflow)
    name = data.draw(st.sampled_from(list(document["States"])))
    leads = [holder for holder, key, _ in transitions(document) if holder[key] == name]
    del document["States"][name]
    problems = Workflow.read(document).check() if document["States"] else []
    assert not document["States"] or not leads or any(it.severity == "error" for it in problems)


@examples(100)
@given(workflows(), VALUES, st.sampled_from(["delete", "replace", "rename", "move"]), st.data())
@pytest.mark.slow
def test_no_change_is_too_much_for_the_checker(
    workflow: Workflow, value: Any, change: str, data: st.DataObject
) -> None:
    document = copied(workflow)
    holder, key, _ = data.draw(st.sampled_from(list(places(document))))
    if change == "replace":
        holder[key] = value
    else:
        taken = holder.pop(key)
        if change == "rename" and isinstance(holder, dict):
            holder[f"{key}x"] = taken
        elif change == "move" and isinstance(holder, dict):
            other, _, _ = data.draw(st.sampled_from(list(places(document)) or [(document, "", "")]))
            if isinstance(other, dict):
                other[key] = taken
    try:
        read = Workflow.read(document)
    except ReadError:
        return
    read.check()
    str(read)
    if not any(problem.severity == "error" for problem in read.check()):
        assert read.to_asl() == document
