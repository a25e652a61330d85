"""The policies of every integration and sample, as the simulator iam-simulate from npm judges them.

Both scopes allow what the tight one is required to allow, so that it is within the page's, and a resource that is
spelled otherwise is denied, unless a warning said that more is allowed. One process of node is asked of all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from troposphere import encode_to_dict

from cfngen import LEAST_PRIVILEGE, Workflow
from cfngen.iam.derive import Derivation, Scope, derivations, merge_derivations
from cfngen.inputs.machines import load
from cfngen.tasks.grants import Evidence
from tests import npm
from tests.iam.integrations import MACHINE, cases
from tests.iam.intrinsics import PSEUDO_PARAMETERS, resolved

HERE = Path(__file__).parent


def settled(value: Any) -> Any:
    """What CloudFormation makes of a value, whatever its references are called."""
    text = json.dumps(value)
    names = {*re.findall(r"\$\{([^!}]+)\}", text), *re.findall(r'"Ref": "([^"]+)"', text)}
    names |= {".".join(pair) for pair in re.findall(r'"Fn::GetAtt": \["([^"]+)", "([^"]+)"\]', text)}
    arn = "arn:aws:any:us-west-2:123456789012:"
    return resolved(
        value, {name: f"{arn}{name}" if "Arn" in name else name for name in names - {*PSEUDO_PARAMETERS}}
    )


@dataclass(frozen=True)
class Question:
    """A request to the policy of a workflow in a scope, and what is expected of the answer."""

    name: str
    scope: Scope
    policy: Mapping[str, Any]
    action: str
    resource: str
    context: Mapping[str, str | list[str]]
    expected: str

    def asked(self) -> dict[str, Any]:
        """The question as the script takes it."""
        request = {"policy": self.policy, "action": self.action, "resource": self.resource}
        return {**request, "context": self.context}


def workflows() -> Iterator[tuple[str, Workflow, Mapping[str, Any]]]:
    """Every integration in its patterns, and the machines of the templates that people deploy."""
    for case in cases():
        yield str(case), Workflow(case.typed()), {}
    for path in sorted((HERE.parent.parent / "templates").glob("*.yaml")):
        for machine in load(path):
            yield path.stem, machine.workflow, machine.resources


def questions() -> Iterator[Question]:
    for name, workflow, resources in workflows():
        of_scope = {
            scope: list(derivations(workflow.linked, scope, (), MACHINE, resources)) for scope in Scope
        }
        documents = {scope: document(each) for scope, each in of_scope.items()}
        general = {key: value for each in of_scope.values() for key, value in contexts(each)}
        for derived in of_scope[LEAST_PRIVILEGE]:
            permission = derived.permission
            if permission is None or permission.reasons[0].evidence is not Evidence.REQUIRED:
                continue
            context = {**general, **dict(contexts([derived]))}
            alone = document([derived])
            for action in (it.JSONrepr() for it in permission.actions):
                for pattern in settled(list(permission.resources)):
                    for scope, policy in documents.items():
                        yield Question(name, scope, policy, action, one(pattern), context, "Allowed")
                    if pattern.startswith("arn:") and not derived.warnings:
                        other = respelled(pattern)
                        yield Question(
                            name, LEAST_PRIVILEGE, alone, action, other, context, "ImplicitlyDenied"
                        )


def document(several: Iterable[Derivation]) -> Mapping[str, Any]:
    """The policy in one account and region."""
    policy: Mapping[str, Any] = settled(encode_to_dict(merge_derivations(several).document()))
    return policy


def contexts(several: Iterable[Derivation]) -> Iterator[tuple[str, str | list[str]]]:
    """A context in which the conditions hold."""
    for derived in several:
        for operator, key, values in derived.permission.conditions if derived.permission else ():
            value = one(settled(list(values))[0])
            yield key, [value] if ":" in operator or key == "aws:TagKeys" else value


def one(pattern: str) -> str:
    """One of the texts that a pattern of IAM matches."""
    return re.sub(r"(?<!\$\{)[*?]", "x", pattern).replace("${*}", "*").replace("${?}", "?")


def respelled(pattern: str) -> str:
    """An ARN that a pattern does not match, in the last letter that it has before a wildcard."""
    known = re.split(r"(?<!\$\{)[*?]", pattern)[0]
    last = max(index for index, letter in enumerate(known) if letter.isalnum())
    return one(f"{pattern[:last]}{'y' if pattern[last] != 'y' else 'z'}{pattern[last + 1 :]}")


@pytest.fixture(scope="session")
def judged(npm_packages: Path) -> list[tuple[Question, str]]:
    """Each question with what the simulator decides; one process is asked of all of them."""
    several = list(questions())
    said = npm.ask(HERE / "simulation.js", npm_packages, [it.asked() for it in several])
    return list(zip(several, said, strict=True))


@pytest.mark.parametrize("scope", Scope, ids=lambda scope: scope.value)
def test_both_scopes_allow_what_is_required(judged: list[tuple[Question, str]], scope: Scope) -> None:
    asked = [(it, said) for it, said in judged if it.scope is scope and it.expected == "Allowed"]
    assert len({it.name for it, _ in asked}) > 100
    assert [shown(it, said) for it, said in asked if said != it.expected] == []


def test_a_resource_that_is_spelled_otherwise_is_denied(judged: list[tuple[Question, str]]) -> None:
    asked = [(it, said) for it, said in judged if it.expected != "Allowed"]
    assert len(asked) > 200
    assert [shown(it, said) for it, said in asked if said != it.expected] == []


def shown(question: Question, said: str) -> str:
    policy = json.dumps(question.policy)
    return f"{question.name}: {question.action} on {question.resource} is {said} by {policy}"
