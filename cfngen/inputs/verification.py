"""What to ask AWS about a state machine, and where its answers differ from those of cfngen.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from cfngen.asl.unquoted import numbers_of_definition
from cfngen.audit.needs import Need, needs_of
from cfngen.audit.values import Values
from cfngen.cfn.arns import AWS, Arn, is_arn
from cfngen.cfn.functions import is_function, plain
from cfngen.cfn.symbolic import ACCOUNT, PARTITION, REGION, Placeholder, SymbolicText
from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem, errors
from cfngen.core.walk import Keys
from cfngen.documents.source import Source, read_file
from cfngen.iam.evaluate import Request
from cfngen.inputs.machines import UnreadableMachine, is_template, machines_of, read_text
from cfngen.inputs.policies import of_machine
from cfngen.inputs.targets import load, source_of
from cfngen.machines import SourceMachine
from cfngen.tasks.grants import Evidence
from cfngen.template.json_text import compact

__all__ = ["Simulation", "Verification", "verifications"]

_PLACE: Final = ("us-east-1", "123456789012")
"""Where what has no place in a template is taken to be."""

MAX_DIAGNOSTICS: Final = 100
"""As many as ValidateStateMachineDefinition tells at most."""

_NO_NAME: Final = re.compile(r"[^A-Za-z0-9]+")


class Simulation(NamedTuple):
    """Actions on one resource that the policy must allow, and who needs each.

    ``resource`` is None for all resources. ``is_assumed`` where a name stands for one that only the
    deployment gives.
    """

    needed_by: Mapping[str, tuple[str, ...]]
    resource: str | None
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()
    is_assumed: bool = False

    def request(self) -> dict[str, Any]:
        """Return the arguments of both calls of IAM."""
        arguments: dict[str, Any] = {"ActionNames": list(self.needed_by)}
        if self.resource is not None:
            arguments["ResourceArns"] = [self.resource]
        if self.context:
            arguments["ContextEntries"] = [
                {
                    "ContextKeyName": key,
                    "ContextKeyValues": list(values),
                    "ContextKeyType": "boolean" if set(values) <= {"true", "false"} else "string",
                }
                for key, values in self.context
            ]
        return arguments

    def denied(self, results: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        """Yield each action that IAM does not allow, with its decision and who needs it."""
        decisions = {str(one.get("EvalActionName", "")).lower(): one.get("EvalDecision") for one in results}
        for action, states in self.needed_by.items():
            decision = decisions.get(action.lower(), "no decision")
            if decision != "allowed":
                yield (
                    f"{action} on {self.resource or '*'}: {decision} at AWS, needed by {', '.join(states)}"
                )


@frozen(kw_only=True)
class Verification(Declared):
    """A state machine as AWS is asked about it; what CloudFormation fills in has likely values.

    ``policy`` is the one that cfngen derives, None for a definition with errors.
    """

    title: str
    type: str
    definition: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
    policy: Mapping[str, Any] | None = None
    simulations: tuple[Simulation, ...] = ()

    def validation(self) -> dict[str, Any]:
        """Return the arguments of ValidateStateMachineDefinition."""
        return {
            "definition": compact(self.definition),
            "type": self.type,
            "severity": "WARNING",
            "maxResults": MAX_DIAGNOSTICS,
        }

    def differences(self, reply: Mapping[str, Any]) -> Iterator[str]:
        """Yield what AWS alone says of the definition, and which errors cfngen alone finds.

        Warnings of cfngen are no difference: AWS has few of them.
        """
        said = reply.get("diagnostics") or ()
        here = {(problem.location, problem.code) for problem in self.problems}
        for one in said:
            if (one.get("location") or "", one.get("code")) not in here:
                severity = str(one.get("severity", "")).lower()
                yield f"{severity} at AWS alone: {_diagnostic_line(one.get('location'), one)}"
        if reply.get("truncated"):
            return
        result = "FAIL" if errors(self.problems) else "OK"
        if not said and result == "OK" != reply.get("result"):
            yield f"{reply.get('result')} at AWS, {result} here"
        there = {(one.get("location") or "", one.get("code")) for one in said}
        for problem in errors(self.problems):
            if (problem.location, problem.code) not in there:
                one = {"code": problem.code, "message": problem.message}
                yield f"error here alone: {_diagnostic_line(problem.location, one)}"


def verifications(
    target: str,
    settings: Sequence[tuple[str, str]] = (),
    *,
    region: str = _PLACE[0],
    account: str = _PLACE[1],
) -> list[Verification]:
    """Return what to ask of each state machine of a file or a target.

    Raises ``ReadError``, ``OSError``, ``TargetError``, and ``StackError`` for settings.
    """
    source, machines, unreadable = _source_and_machines(target, settings)
    if unreadable:
        raise unreadable[0].error
    template = source.data if is_template(source) else {}
    known = {PARTITION: "aws", REGION: region, ACCOUNT: account}
    return [
        _verification_of(machine, target, _StandIns(Values(template, known=known))) for machine in machines
    ]


def _source_and_machines(
    target: str, settings: Sequence[tuple[str, str]]
) -> tuple[Source, list[SourceMachine], list[UnreadableMachine]]:
    if os.path.isfile(target) and not target.endswith(".py"):
        return read_text(read_file(target), target)
    source = source_of(load(target, settings), target)
    return source, *machines_of(source)


def _verification_of(machine: SourceMachine, target: str, stand_ins: _StandIns) -> Verification:
    problems = tuple(machine.workflow.check(machine.type))
    definition = stand_ins.definition(machine.document)
    title = f"{target}:{machine.name}" if machine.name else target
    if errors(problems):
        return Verification(title=title, type=machine.type, definition=definition, problems=problems)
    needs = [need for need in needs_of(machine).needs if need.evidence > Evidence.POSSIBLE]
    simulations = tuple(stand_ins.simulations(needs))  # which says what the policy's resources are called
    policy = stand_ins.value(of_machine(machine, title).document())
    return Verification(
        title=title,
        type=machine.type,
        definition=definition,
        problems=problems,
        policy=policy,
        simulations=simulations,
    )


class _StandIns:
    """Texts for what CloudFormation fills in, the same wherever the same is filled in."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._arns: dict[Placeholder, str] = {}

    def definition(self, definition: Mapping[str, Any]) -> dict[str, Any]:
        """Return a definition in which everything is filled in."""
        filled_in = {place.keys: place.value for place in numbers_of_definition(definition)}
        result: dict[str, Any] = {}
        pending: list[tuple[Keys, Any, Any]] = [
            ((), definition, result)
        ]  # it may be nested too deep to recurse
        while pending:
            keys, whole, copy = pending.pop()
            for key, part in whole.items() if isinstance(whole, Mapping) else enumerate(whole):
                at = (*keys, key)
                new: Any
                if at in filled_in:
                    new = self._number(str(key), filled_in[at])
                elif isinstance(part, (Mapping, list, tuple)) and not is_function(part):
                    new = {} if isinstance(part, Mapping) else []
                    pending.append((at, part, new))
                else:
                    new = self._piece(key, part)
                if isinstance(copy, list):
                    copy.append(new)
                else:
                    copy[key] = new
        return result

    def _piece(self, key: object, value: Any) -> Any:
        text = self.value(plain(value))
        is_name = key == "Resource" and not is_arn(str(text))
        return str(Arn(AWS, "lambda", *_PLACE, f"function:{text}")) if is_name else text

    def _number(self, field: str, value: Any) -> Any:
        if field.startswith(("Boolean", "Is")):
            return True
        text = self._values.text(plain(getattr(value, "value", value))) or ()
        likely = self._text(text)
        return int(likely) if likely.isdecimal() else 1

    def value(self, value: Any) -> Any:
        """Return a value of a template in which everything is filled in."""
        if is_function(value):
            return self._text(self._values.text(value) or ())
        if isinstance(value, Mapping):
            return {key: self.value(inner) for key, inner in value.items()}
        return [self.value(inner) for inner in value] if isinstance(value, (list, tuple)) else value

    def simulations(self, needs: Iterable[Need]) -> Iterator[Simulation]:
        """Yield what IAM is asked, actions on one resource together."""
        groups: dict[tuple[Any, ...], dict[str, tuple[str, ...]]] = {}
        for need in needs:
            for request in need.requests(self._values):
                key = (*self._resource(request), self._context(request))
                needed_by = groups.setdefault(key, {})
                states = dict.fromkeys((*needed_by.get(need.action, ()), *need.states))
                needed_by[need.action] = tuple(states)
        for (resource, is_assumed, context), needed_by in groups.items():
            yield Simulation(needed_by, resource, context, is_assumed)

    def _resource(self, request: Request) -> tuple[str | None, bool]:
        resource = request.resource
        if resource == ("*",):
            return None, False
        if len(resource) == 1 and isinstance(resource[0], Placeholder):
            service = request.action.partition(":")[0]
            name = str(Arn(AWS, service, *_PLACE, _name(resource[0])))
            self._arns.setdefault(resource[0], name)
        is_assumed = any(isinstance(piece, Placeholder) for piece in resource)
        text = self._text(resource)
        return text.replace("*", "any"), is_assumed or "*" in text

    def _context(self, request: Request) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple(
            (key, tuple(self._text(text).replace("*", "any") for text in texts))
            for key, texts in request.context.items()
        )

    def _text(self, text: SymbolicText) -> str:
        return "".join(piece if isinstance(piece, str) else self._filled(piece) for piece in text)

    def _filled(self, placeholder: Placeholder) -> str:
        return self._arns.get(placeholder) or placeholder.default or _name(placeholder)


def _name(placeholder: Placeholder) -> str:
    return _NO_NAME.sub("-", placeholder.name).strip("-") or "any"


def _diagnostic_line(location: Any, fields: Mapping[str, Any]) -> str:
    return f"{location or '/'}: {fields.get('message', '')} [{fields.get('code', '')}]"
