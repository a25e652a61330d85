"""Every optimized integration with its case: arguments, and the statements that AWS publishes for them.

A case is a file, ``tests/cases/integrations/SERVICE.ACTION.json``, from the page that the class's module names:

- ``call``: the smallest call that the page shows.
- ``arguments``: those of a call with the resources of one account.
- ``published``: the statements that the page prints for these arguments, by the ending of the pattern.
- ``dynamic``: the statements that it prints for resources that are only known at run time.
- ``differs``: what cfngen adds to the statements of some patterns, and what it lacks, each with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cfngen import Path as JsonPath
from cfngen import Workflow
from cfngen.asl.flow import Flow
from cfngen.asl.values import Pattern
from cfngen.iam.derive import DerivedPolicy, Scope, derive
from cfngen.tasks import integration
from cfngen.tasks.grants import ArgumentResource
from cfngen.tasks.service import ServiceTask
from tests.iam.intrinsics import resolved

FOLDER = Path(__file__).parent.parent / "cases" / "integrations"
OWN = {*dir(ServiceTask), *(field.name for field in fields(ServiceTask))}
MACHINE = "StateMachine"

Triple = tuple[str, str, str]
"""An action, a resource, and the condition as JSON."""


@dataclass(frozen=True)
class Case:
    """One integration in one pattern; ``dynamic`` if what its grants name is only known at run time."""

    service: str
    action: str
    suffix: str
    facts: Mapping[str, Any]
    dynamic: bool = False

    def __str__(self) -> str:
        return f"{self.service}:{self.action}{self.suffix}{' (dynamic)' if self.dynamic else ''}"

    @property
    def task(self) -> type[ServiceTask]:
        found = integration(self.service, self.action)
        assert found is not None, str(self)
        return found

    @property
    def arguments(self) -> Mapping[str, Any]:
        """The arguments; of a dynamic case those that a grant names are paths."""
        arguments = dict(self.facts["arguments"])
        if self.dynamic:
            named = {it.argument.partition(".")[0] for it in named_by(self.task)}
            for name in arguments.keys() & {name.removesuffix("[]") for name in named}:
                arguments[name] = JsonPath(f"$.{name}")
        return arguments

    def typed(self, **more: Any) -> ServiceTask:
        fields_of_class = {
            f"{name}_" if name in OWN else name: value for name, value in {**self.arguments, **more}.items()
        }
        return self.task("Call", pattern=Pattern(self.suffix), **fields_of_class)

    def raw(self) -> Workflow:
        """The same call in a definition as it stands in a file."""
        definition = {
            "StartAt": "Call",
            "States": {
                "Call": {
                    "Type": "Task",
                    "Resource": f"arn:aws:states:::{self.service}:{self.action}{self.suffix}",
                    "Parameters": {
                        f"{name}.$" if isinstance(value, JsonPath) else name: value.expression
                        if isinstance(value, JsonPath)
                        else value
                        for name, value in self.arguments.items()
                    },
                    "End": True,
                }
            },
        }
        return Workflow.read(definition)

    def published(self) -> set[Triple]:
        return triples(self.facts["dynamic" if self.dynamic else "published"][self.suffix])

    def differences(self, kind: str) -> set[Triple]:
        """What cfngen ``adds`` to the published statements, or ``lacks``."""
        return {
            triple
            for it in self.facts.get("differs", [])
            if self.suffix in it["patterns"] and it.get("dynamic", False) == self.dynamic
            for triple in triples(it.get(kind, []))
        }


def files() -> Iterator[tuple[str, Any]]:
    """Yield what the file of each integration holds, by the name of the integration."""
    for path in sorted(FOLDER.glob("*.json")):
        yield path.stem.replace(".", ":"), json.loads(path.read_text(encoding="utf-8"))


def cases() -> Iterator[Case]:
    for name, facts in files():
        service, action = name.split(":")
        for suffix in facts["published"]:
            yield Case(service, action, suffix, facts)
        for suffix in facts.get("dynamic", {}):
            yield Case(service, action, suffix, facts, dynamic=True)


def calls() -> dict[str, Any]:
    """The smallest call of each integration."""
    return {name: dotted(facts["call"]) for name, facts in files()}


def dotted(value: Any) -> Any:
    """A value of a file in which ``"Key.$"`` is a path."""
    if isinstance(value, dict):
        return {
            key.removesuffix(".$"): JsonPath(it) if key.endswith(".$") else dotted(it)
            for key, it in value.items()
        }
    return [dotted(it) for it in value] if isinstance(value, list) else value


def named_by(task: type[ServiceTask]) -> Iterator[ArgumentResource]:
    """Yield what the grants of a task name among its arguments."""
    for grant in task.grants:
        for it in grant.resources:
            if isinstance(it, ArgumentResource) and it.argument:
                yield it


def derived(flow: Flow | Workflow, scope: Scope) -> DerivedPolicy:
    workflow = flow if isinstance(flow, Workflow) else Workflow(flow)
    return derive(workflow.linked, scope, machine=MACHINE)


def statements(
    flow: Flow | Workflow, scope: Scope, references: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The statements of a flow's policy in one account and region."""
    document = json.loads(derived(flow, scope).document().to_json(sort_keys=False))
    statements: list[dict[str, Any]] = resolved(document, references or {})["Statement"]
    return statements


def triples(several: list[dict[str, Any]]) -> set[Triple]:
    """Take statements apart, so that it does not matter how they are grouped."""
    return {
        (action, resource, json.dumps(listed(it.get("Condition", {})), sort_keys=True))
        for it in several
        for action in it["Action"]
        for resource in it["Resource"]
    }


def listed(condition: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        operator: {key: value if isinstance(value, list) else [value] for key, value in keys.items()}
        for operator, keys in condition.items()
    }
