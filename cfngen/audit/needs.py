"""What a state machine of a template needs, one action on one resource at a time."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from awacs.aws import Action

from cfngen.audit.values import Values
from cfngen.cfn.arns import all_revisions, partitions
from cfngen.cfn.functions import ref_name, sub
from cfngen.cfn.symbolic import SymbolicText
from cfngen.cfn.template import section
from cfngen.cfn.text import hole
from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem
from cfngen.core.values import mapping
from cfngen.iam.arns import without_revisions
from cfngen.iam.derive import DOCUMENTED, LEAST_PRIVILEGE, Derivation, Permission, Scope, derivations
from cfngen.iam.evaluate import Request
from cfngen.iam.explain import ITSELF
from cfngen.iam.self_reference import features_of, name_in_arn
from cfngen.machines import SourceMachine
from cfngen.tasks.grants import ALL_RESOURCES, Evidence

ANY_TEXT: Final[SymbolicText] = ("*",)
_ALWAYS: Final[Mapping[str, Sequence[SymbolicText]]] = {"aws:securetransport": [("true",)]}
"""Step Functions calls over TLS alone."""

_CREATING: Final = "creating the state machine fails, because its role "
_REDRIVE: Final = "states:RedriveExecution"
_NOT_MISSED: Final = ("logs:CreateLogStream", "logs:PutLogEvents")
"""AWS CDK has never granted them to machines that log, and those do."""
_STOPS: Final = re.compile(r"(Stop|Terminate|Cancel|Abort|Delete)[A-Z]")


@frozen
class Need(Declared):
    """An action on a resource that a permission of a machine stands for.

    - ``action``, ``resource``: as a policy would spell them, the machine's own name as a reference.
    - ``advised``: the permission as a role can hold it, which must not refer to its machine: that would be
      a circular dependency.
    - ``evidence``: how sure the need is.
    - ``doubt``: why it may not be needed, where there is a reason.
    - ``open``: whether the resource is only known at run time.
    - ``unnamed``: whether no argument of the call names it at all.
    - ``secondary``: whether the state calls another action first.
    - ``customary``: whether AWS's page asks for it, although everything is known to work without it.
    """

    action: str
    resource: Any
    permission: Permission
    advised: Permission
    machine: str
    evidence: Evidence = Evidence.REQUIRED
    doubt: str = ""
    open: bool = False
    unnamed: bool = False
    secondary: bool = False
    customary: bool = False

    def requests(self, values: Values) -> list[Request]:
        """Return the requests that are made."""
        context: dict[str, Sequence[SymbolicText]] = dict(_ALWAYS)
        for _, key, tested in self.permission.conditions:
            texts = [one for value in tested for one in values.texts(value) or []]
            if texts:
                context[key.lower()] = texts
        return [Request(self.action, one, context) for one in values.texts(self.resource) or []]

    @property
    def states(self) -> list[str]:
        """Return who needs it, for people."""
        return [repr(state) if state else ITSELF for state, *_ in self.permission.reasons] or [ITSELF]

    @property
    def why(self) -> str:
        """Return why it is needed, for people."""
        return next((why for _, why, *_ in self.permission.reasons), "")

    @property
    def at_creation(self) -> bool:
        """Tell whether Step Functions looks for it when the state machine is created."""
        itself = not any(state for state, *_ in self.permission.reasons)
        return self.permission.managed_rule or (itself and self.action.startswith("logs:"))

    def consequence(self, states: str, actions: str) -> str:
        """Return what goes wrong without it in ``states``, and without ``actions`` that go with it."""
        itself = not any(state for state, *_ in self.permission.reasons)
        service, _, name = self.action.partition(":")
        if self.permission.managed_rule:
            return f"{_CREATING}'is not authorized to create managed-rule'"
        if itself and service == "logs":
            return f"{_CREATING}'is not authorized to access the Log Destination'"
        if itself and service == "xray":
            return "executions run, but X-Ray gets no traces of them"
        if itself and service == "kms":
            return "executions fail, because the key cannot be used"
        if service == "sts":
            return f"the execution fails in {states}, because the other role cannot be taken"
        if self.action == _REDRIVE:
            return f"a redrive of the execution fails in {states}"
        if self.secondary and _STOPS.match(name):
            return f"when the execution is stopped, what {states} has started goes on"
        if self.evidence < Evidence.REQUIRED and (service == "kms" or not self.secondary):
            return f"the execution may fail in {states}"
        if self.evidence < Evidence.REQUIRED:
            return f"the status of what {states} has started may stay unknown"
        return f"the execution fails in {states}: 'is not authorized to perform: {actions}'"


def in_own_words(need: Need) -> Need:
    """Return a need of the machine itself as its role can spell it."""
    return replace(need, resource=need.advised.resources[0])


def customary(need: Need) -> Iterator[Need]:
    """Yield what goes with a need in many a role: all versions of a function that is called without one."""
    if need.action == "lambda:InvokeFunction":
        yield replace(need, resource=sub(f"{hole('Function')}:*", {"Function": need.resource}))


@frozen
class Needs(Declared):
    """The needs of a machine, and what AWS's pages print for them.

    ``dependent`` are those that calls may have beside their own; ``unknown`` tells of calls of which
    nothing is known.
    """

    needs: tuple[Need, ...]
    printed: tuple[Need, ...] = ()
    dependent: tuple[Need, ...] = ()
    unknown: tuple[Problem, ...] = ()


def needs_of(machine: SourceMachine) -> Needs:
    """Return what a machine needs, its own name taken from the template."""
    unknown: list[Problem] = []
    least_privilege = list(_derivations_of_machine(machine, LEAST_PRIVILEGE))
    printed = tuple(_needs(machine, _derivations_of_machine(machine, DOCUMENTED), [], None))
    actions = frozenset(need.action for need in printed)
    needs = tuple(_needs(machine, least_privilege, unknown, actions))
    dependent = tuple(_dependent(machine, least_privilege))
    return Needs(needs, printed, dependent, tuple(unknown))


def _derivations_of_machine(machine: SourceMachine, scope: Scope) -> Iterator[Derivation]:
    features = features_of(machine.properties)
    return derivations(machine.workflow.linked, scope, features, _own_name(machine), machine.resources)


def _own_name(machine: SourceMachine) -> str | None:
    """Return the name of a machine as a reference to it in its template."""
    return hole(f"{machine.name}.Name") if machine.name else None


def _dependent(machine: SourceMachine, calls: Iterable[Derivation]) -> Iterator[Need]:
    """Yield the actions that calls may need beside their own, on whatever they work with."""
    for derived in calls:
        for name in () if derived.dependent is None else derived.dependent.actions:
            permission = Permission((Action(*name.split(":")),), (ALL_RESOURCES,), ())
            yield Need(
                name, ALL_RESOURCES, permission, permission, machine.name, Evidence.POSSIBLE, open=True
            )


def _needs(
    machine: SourceMachine,
    calls: Iterable[Derivation],
    unknown: list[Problem],
    printed: Collection[str] | None,
) -> Iterator[Need]:
    """Yield the needs of calls; add to ``unknown`` what is not known. ``printed`` are AWS's actions."""
    own = _own_name(machine)
    written_name = machine.properties.get("StateMachineName", machine.properties.get("Name"))
    name_of_own = name_in_arn(written_name, machine.name or "") or "*"
    first: set[str] = set()
    for derived in calls:
        permission, warnings = derived.permission, derived.warnings
        if permission is None:
            if derived.dependent is not None:
                continue
            unknown += [_unknown_need(problem, derived.unknown) for problem in warnings]
            continue
        unverified = [problem for problem in warnings if problem.code == "UNVERIFIED_ACTION"]
        unknown += unverified
        is_open = any(problem.code == "WIDENED_RESOURCE" for problem in warnings)
        state = next((state for state, *_ in permission.reasons), "")
        secondary = state in first
        doubt = "no list of IAM's actions has this one" if unverified else permission.conditional_on
        evidence = Evidence.POSSIBLE if unverified else permission.reasons[0].evidence
        first.add(state)
        with_name = partial(_with_own_name, own or "", name_of_own)
        for action in permission.actions:
            is_printed = printed is None or action.JSONrepr() in printed
            for resource in permission.resources:
                is_more = evidence is Evidence.DOCUMENTED and not is_printed
                is_more |= without_revisions(resource) in permission.resources
                advised = replace(
                    permission,
                    actions=(action,),
                    resources=(with_name(resource),),
                    conditions=tuple(with_name(it) for it in permission.conditions),
                )
                yield Need(
                    action.JSONrepr(),
                    resource,
                    permission,
                    advised,
                    machine.name,
                    evidence=Evidence.POSSIBLE if is_more else evidence,
                    doubt=doubt,
                    open=is_open,
                    unnamed=derived.unnamed,
                    secondary=secondary,
                    customary=not state and action.JSONrepr() in _NOT_MISSED,
                )


def _with_own_name(own: str, name: str, value: Any) -> Any:
    """Return a value of a policy with the machine's name for the reference to it."""
    if isinstance(value, str):
        named = value.replace(own, name) if own else value
        return named.replace("**", "*")
    if isinstance(value, Mapping):
        return {key: _with_own_name(own, name, it) for key, it in value.items()}
    return (
        type(value)(_with_own_name(own, name, it) for it in value)
        if isinstance(value, (list, tuple))
        else value
    )


def _unknown_need(problem: Problem, resource: str) -> Problem:
    if not resource:
        return problem
    message = f"what {resource!r} needs is not known, and what seems excess may be for it"
    return replace(problem, message=message)


def machine_partition(machine: SourceMachine) -> str | None:
    """Return the partition that the definition is written for, if it names one."""
    named = partitions(machine.document)
    return named.pop() if len(named) == 1 else None


def on_all_revisions(need: Need, template: Mapping[str, Any]) -> Need | None:
    """Return the need on all revisions of a job definition that keeps those of executions under way.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-batch-jobdefinition-resourceretentionpolicy.html
    """
    name = ref_name(need.resource)
    resource = mapping(section(template, "Resources").get(name or ""))
    properties = mapping(resource.get("Properties"))
    if mapping(properties.get("ResourceRetentionPolicy")).get("SkipDeregisterOnUpdate") is not True:
        return None
    return replace(need, resource=all_revisions(str(name)))
