"""The state machines of a stack, as far as they are known before it is deployed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cfngen.aws.discovery import MACHINE
from cfngen.cfn.evaluation import Evaluation, EvaluationError
from cfngen.cfn.text import hole
from cfngen.core.declared import Declared, frozen
from cfngen.documents.source import parse


@frozen(kw_only=True)
class PlannedMachine(Declared):
    """A state machine with its definition, in which names stand for what is not there yet."""

    logical_id: str
    arn: str
    name: str
    type: str
    definition: Mapping[str, Any]


@frozen(kw_only=True)
class StackContents(Declared):
    """A stack as it is or is planned: its machines, the ids and types of its resources, and its outputs."""

    machines: Mapping[str, PlannedMachine]
    resources: Mapping[str, str]
    types: Mapping[str, str]
    outputs: Mapping[str, str]


def planned(
    template: str, parameters: Mapping[str, str], *, stack: str, region: str, account: str
) -> StackContents | None:
    """Return the plan of a stack; None where it has no state machine, or only a deployment can tell."""
    document = json.loads(template) if template.lstrip().startswith("{") else parse(template).data
    try:
        evaluation = Evaluation(document, parameters, stack=stack, region=region, account=account)
        resources = evaluation.resources
        machines = {
            logical_id: _planned_machine(evaluation, logical_id, resource.get("Properties", {}))
            for logical_id, resource in resources.items()
            if resource.get("Type") == MACHINE
        }
    except (EvaluationError, ValueError):
        return None
    if not machines:
        return None
    return StackContents(
        machines=machines,
        resources=_ids(evaluation),
        types={logical_id: str(resource.get("Type")) for logical_id, resource in resources.items()},
        outputs=_evaluated_outputs(evaluation),
    )


def _planned_machine(
    evaluation: Evaluation, logical_id: str, properties: Mapping[str, Any]
) -> PlannedMachine:
    definition_value = properties.get("DefinitionString", properties.get("Definition"))
    definition = evaluation.value(definition_value)
    text = definition if isinstance(definition, str) else json.dumps(definition)
    for name, value in evaluation.value(properties.get("DefinitionSubstitutions", {})).items():
        text = text.replace(hole(name), value if isinstance(value, str) else json.dumps(value))
    parsed = json.loads(text)
    if not isinstance(parsed, Mapping) or not isinstance(parsed.get("States"), Mapping):
        raise EvaluationError("a definition that stands elsewhere")
    arn = evaluation.ref(logical_id)
    return PlannedMachine(
        logical_id=logical_id,
        arn=arn,
        name=arn.rpartition(":")[2],
        type=str(evaluation.value(properties.get("StateMachineType", "STANDARD"))),
        definition=parsed,
    )


def _ids(evaluation: Evaluation) -> dict[str, str]:
    ids: dict[str, str] = {}
    for logical_id in evaluation.resources:
        try:
            ids[logical_id] = evaluation.ref(logical_id)
        except EvaluationError:
            continue
    return ids


def _evaluated_outputs(evaluation: Evaluation) -> dict[str, str]:
    try:
        return evaluation.outputs()
    except EvaluationError:
        return {}
