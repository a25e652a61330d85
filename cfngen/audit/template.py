"""The audit of the state machines of one template, under every assignment of its conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from cfngen.audit import excess, fix, missing, order, trust
from cfngen.audit.condition_assignments import ConditionAssignment, enumerate_assignments
from cfngen.audit.encryption import needs_of_keys
from cfngen.audit.needs import (
    Need,
    Needs,
    customary,
    in_own_words,
    machine_partition,
    needs_of,
    on_all_revisions,
)
from cfngen.audit.resource_policies import granted
from cfngen.audit.role_consumers import role_consumers
from cfngen.audit.roles import NoRole, Role, RolePolicy, named_partitions, role_of
from cfngen.audit.sam import Expanded, expanded
from cfngen.audit.values import Values
from cfngen.cfn.symbolic import PARTITION
from cfngen.core.problems import Problem
from cfngen.documents.source import Source
from cfngen.machines import SourceMachine

UNKNOWN_ROLE = "UNKNOWN_ROLE"
INVALID_ROLE = "INVALID_ROLE"
UNKNOWN_POLICY = "UNKNOWN_POLICY"
INVALID_POLICY = "INVALID_POLICY"
SHARED_ROLE = "SHARED_ROLE"
UNKNOWN_NEED = "UNKNOWN_NEED"
NOT_ALL = "NOT_ALL_CONDITIONS"

SharedRole: TypeAlias = "list[tuple[SourceMachine, Role, Values]]"
"""Machines that share a role."""


class Audit:
    """The audit of the machines of one template."""

    def __init__(self, source: Source, machines: Sequence[SourceMachine], strict: bool = False) -> None:
        self.machines = machines
        self.strict = strict
        self.expanded: Expanded = expanded(source.data, [machine.name for machine in machines])
        self.template: Mapping[str, Any] = self.expanded.template
        self._partitions = {machine.name: machine_partition(machine) for machine in machines}
        self._needs_by_name: dict[str, Needs] = {}

    def assignments(self) -> tuple[list[ConditionAssignment], bool]:
        """Return the assignments of the conditions that matter here, and whether those are all."""
        used = [
            resource
            for name, resource in self.template["Resources"].items()
            if name in self._partitions
            or (isinstance(resource, Mapping) and str(resource.get("Type")).startswith("AWS::IAM::"))
        ]
        return enumerate_assignments(self.template, used)

    def problems(self) -> list[tuple[str, Problem]]:
        """Return each problem with the machine that it is about, in the order of the template."""
        assignments_of: dict[tuple[str, Problem], list[ConditionAssignment]] = {}
        if not self.machines:
            return []
        assignments, complete = self.assignments()
        for assignment in assignments:
            for name, problem in self.under(assignment):
                assignments_of.setdefault((name, problem), []).append(assignment)
        problems = [
            (name, _limited(problem, where, assignments))
            for (name, problem), where in assignments_of.items()
        ]
        if not complete:
            for machine in self.machines:
                note = "the template has so many conditions that not all of them were tried together"
                problems.append((machine.name, Problem(NOT_ALL, "/Conditions", note, "", "note")))
        return [(name, self.expanded.placed(problem)) for name, problem in problems]

    def under(self, assignment: ConditionAssignment) -> Iterator[tuple[str, Problem]]:
        """Yield the problems under an assignment."""
        groups, alone = self._groups(assignment)
        for without, why in alone:
            yield without.name, self._no_role(without, why)
        for group in groups:
            for machine, role, values in group:
                for problem in self._of_machine(machine, role, values):
                    yield machine.name, problem
            for problem in self._of_role(group):
                yield group[0][0].name, problem

    def fixed(self) -> dict[str, Mapping[str, Any]]:
        """Return the policy that each role should have, by its logical id.

        Where conditions of the template make several of one, each says by its name when it is due.
        """
        role_documents: dict[str, list[tuple[ConditionAssignment, Values, Mapping[str, Any]]]] = {}
        assignments, _ = self.assignments()
        for assignment in assignments:
            for group in self._groups(assignment)[0]:
                role_documents.setdefault(group[0][1].logical_id, []).append(
                    (assignment, group[0][2], self._fixed(group))
                )
        named: dict[str, Mapping[str, Any]] = {}
        for name, documents in role_documents.items():
            if all(document == documents[0][2] for _, _, document in documents):
                named[name] = documents[0][2]
                continue
            different: list[tuple[Mapping[str, Any], list[ConditionAssignment]]] = []
            for assignment, values, document in documents:
                decided = values.decided(document)
                same = next((where for one, where in different if one == decided), None)
                if same is None:
                    different.append((decided, [assignment]))
                else:
                    same.append(assignment)
            for document, where in different:
                named[f"{name}{'' if len(different) == 1 else _in_assignments(where, assignments)}"] = (
                    document
                )
        return named

    def left_out(self) -> list[str]:
        """Return what policies of the roles hold that is not known, so that those of ``fixed`` lack it."""
        sentences: dict[str, None] = {}
        for assignment in self.assignments()[0]:
            for group in self._groups(assignment)[0]:
                role = group[0][1]
                faults = [(it.pointer, it.message) for policy in role.policies for it in policy.faults]
                unknown = [(place, f"what {name} allows is not known") for name, place in role.unknown]
                sentences |= {f"{at}: {said}, and is left out": None for at, said in (*faults, *unknown)}
        return list(sentences)

    def _fixed(self, group: SharedRole) -> Mapping[str, Any]:
        lacking = [
            lack
            for machine, role, values in group
            for lack in missing.find_missing(
                self.needs(machine, values), role, granted(role, values), values
            )
        ]
        return fix.fixed(group[0][1], lacking, self._limits(group), certain=self._is_certain(group))

    def role(self, machine: SourceMachine, assignment: ConditionAssignment) -> tuple[Values, Role | NoRole]:
        """Return the role of a machine, in the partition in which it fits best where none is written."""
        known = dict(assignment.known)
        if (partition := self._partitions[machine.name]) is not None:
            known.setdefault(PARTITION, partition)
        values = Values(self.template, assignment.truths, known)
        role_arn = self._role_arn(machine)
        role = NoRole(*role_arn) if isinstance(role_arn, tuple) else role_of(values, role_arn)
        if not isinstance(role, Role) or PARTITION in known:
            return values, role
        partitions_written = named_partitions(role)
        if len(partitions_written) < 2:
            return values, role
        tried = []
        for partition in partitions_written:
            one = Values(self.template, assignment.truths, {**known, PARTITION: partition})
            role_or_none = role_of(one, role_arn)
            if isinstance(role_or_none, Role):
                findings_of_role = [
                    it
                    for it in missing.find_missing(self._needs_of(machine).needs, role_or_none, (), one)
                    if it.code != missing.UNDECIDED
                ]
                tried.append((len(findings_of_role), one, role_or_none))
        _, values, role = min(tried, key=lambda one: one[0])
        return values, role

    def _role_arn(self, machine: SourceMachine) -> Any:
        if machine.name in self.expanded.failed:
            return (self.expanded.failed[machine.name],)
        resource = self.template["Resources"][machine.name]
        properties = resource.get("Properties", {})
        return properties.get("RoleArn", properties.get("Role"))

    def _no_role(self, machine: SourceMachine, role: NoRole) -> Problem:
        sam = machine.name in self.expanded.failed
        name = "Policies" if sam else "Role" if "Role" in machine.properties else "RoleArn"
        place = f"/Resources/{machine.name}/Properties/{name}"
        if role.wrong:
            return Problem(INVALID_ROLE, place, role.message, "give it the ARN of a role")
        return Problem(UNKNOWN_ROLE, place, f"{role.message}, and what it allows is not known", "", "note")

    def _of_machine(self, machine: SourceMachine, role: Role, values: Values) -> Iterator[Problem]:
        needs = self._needs_of(machine)
        yield from trust.problems(role, machine.name, values)
        let_in = granted(role, values)
        all_needs = self.needs(machine, values)
        yield from missing.problems(missing.find_missing(all_needs, role, let_in, values), role)
        yield from order.problems(machine.name, needs.needs, role, values)
        for problem in needs.unknown:
            place = f"/Resources/{machine.name}"
            yield Problem(UNKNOWN_NEED, place, f"{problem.location}: {problem.message}", "", "note")

    def _of_role(self, group: SharedRole) -> Iterator[Problem]:
        role = group[0][1]
        every: list[RolePolicy] = [*role.policies, *(one for one in (role.trust, role.boundary) if one)]
        for policy in every:
            for fault in policy.faults:
                yield Problem(INVALID_POLICY, fault.pointer, fault.message)
        for name, place in role.unknown:
            yield Problem(UNKNOWN_POLICY, place, f"what {name} allows is not known", "", "note")
        others = self._others(group)
        if others:
            shared = f"{missing.listed(dict.fromkeys(others))} may take the role too"
            sentence = f"{shared}: what it allows beyond need is not judged"
            yield Problem(SHARED_ROLE, role.pointer, sentence, "", "note")
        certain = self._is_certain(group)
        yield from excess.excess(role, self._limits(group), self.expanded.policy_source, certain=certain)

    def _needs_of(self, machine: SourceMachine) -> Needs:
        if machine.name not in self._needs_by_name:
            self._needs_by_name[machine.name] = needs_of(machine)
        return self._needs_by_name[machine.name]

    def needs(self, machine: SourceMachine, values: Values) -> list[Need]:
        """Return what a machine needs, and what that needs of the keys of encrypted resources."""
        needs = self._needs_of(machine).needs
        return [*needs, *needs_of_keys(needs, values)]

    def _others(self, group: SharedRole) -> list[str]:
        _, role, values = group[0]
        return [*trust.others(role), *role_consumers(values, role, [one.name for one, *_ in group])]

    def _is_certain(self, group: SharedRole) -> bool:
        """Tell whether all that the role is needed for is known."""
        return not self._others(group) and not any(self._needs_of(one).unknown for one, *_ in group)

    def _limits(self, group: SharedRole) -> excess.StatementLimits:
        needs = [need for one, _, values in group for need in self.needs(one, values)]
        printed: list[Need] = [in_own_words(need) for need in needs]
        printed += (need for one, *_ in group for need in self._needs_of(one).dependent)
        printed += [kept for need in needs if (kept := on_all_revisions(need, self.template)) is not None]
        if not self.strict:
            printed += (need for one, *_ in group for need in self._needs_of(one).printed)
            printed += [also for need in needs for also in customary(need)]
        return excess.limits(needs, printed, group[0][2])

    def _groups(
        self, assignment: ConditionAssignment
    ) -> tuple[list[SharedRole], list[tuple[SourceMachine, NoRole]]]:
        """Return the machines by the roles that they share, and those without one."""
        shared: dict[str, list[tuple[SourceMachine, Role, Values]]] = {}
        alone = []
        for machine in self.machines:
            if not assignment.truths.get(
                str(self.template["Resources"][machine.name].get("Condition")), True
            ):
                continue  # which is not there then
            values, role = self.role(machine, assignment)
            if isinstance(role, Role):
                shared.setdefault(role.logical_id, []).append((machine, role, values))
            else:
                alone.append((machine, role))
        return list(shared.values()), alone


def _limited(
    problem: Problem, where: Sequence[ConditionAssignment], assignments: Sequence[ConditionAssignment]
) -> Problem:
    """Return a problem with the conditions under which it is one."""
    if len(where) == len(assignments):
        return problem
    when = _in_assignments(where, assignments)
    return replace(problem, message=f"{problem.message}{when}") if when else problem


def _in_assignments(
    where: Sequence[ConditionAssignment], assignments: Sequence[ConditionAssignment]
) -> str:
    """Return the conditions that the assignments have in common, and others do not, for people."""
    shared = {
        name: truth
        for name, truth in where[0].truths.items()
        if all(assignment.truths[name] == truth for assignment in where)
        and any(assignment.truths[name] != truth for assignment in assignments)
    }
    if not shared:
        return ""
    sentence = missing.listed(f"{name} is {'true' if truth else 'false'}" for name, truth in shared.items())
    return f" (where {sentence})"
