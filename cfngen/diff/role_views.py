"""What the policies of a role allow, action by action, and whether those of another role allow it too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from cfngen.audit.condition_assignments import ConditionAssignment
from cfngen.audit.excess import as_written
from cfngen.audit.needs import Need
from cfngen.audit.roles import Role
from cfngen.audit.template import Audit
from cfngen.audit.values import Values, resource_in_words
from cfngen.cfn.symbolic import NO, YES, Placeholder, SymbolicText, Verdict, to_sub
from cfngen.cfn.text import has_hole
from cfngen.core.values import sorted_json
from cfngen.iam.matching import covers, matches
from cfngen.iam.statements import Statement
from cfngen.machines import SourceMachine


class RoleView:
    """The role of a machine under one assignment of its template's conditions."""

    def __init__(self, audit: Audit, machine: SourceMachine, values: Values, role: Role) -> None:
        self.audit = audit
        self.machine = machine
        self.values = values
        self.role = role

    @classmethod
    def of(cls, audit: Audit, machine: SourceMachine, assignment: ConditionAssignment) -> RoleView | None:
        """Return the role of a machine, or None where the template does not hold it."""
        values, role = audit.role(machine, assignment)
        return cls(audit, machine, values, role) if isinstance(role, Role) else None

    @cached_property
    def needs(self) -> Sequence[Need]:
        """What the machine needs, of the keys of encrypted resources too."""
        return self.audit.needs(self.machine, self.values)

    def statements(self, *, allows: bool) -> list[Statement]:
        """Return the statements that allow, or those that deny."""
        return [one for one in self.role.statements if one.allows is allows]


class Allowance(NamedTuple):
    """An action on a resource that a statement is about; ``action`` and ``resource`` may hold wildcards.

    ``written`` is the resource as its author wrote it.
    """

    action: str
    resource: SymbolicText
    written: str
    statement: Statement
    tests: Mapping[str, str]

    @property
    def condition(self) -> str:
        """The tests as a sentence."""
        return " and ".join(f"{key} {value}" for key, value in self.tests.items())


def allowances(statements: Iterable[Statement], values: Values) -> Iterator[Allowance]:
    """Yield what statements are about, an action on a resource at a time."""
    for statement in statements:
        tests = tests_of(statement, values)
        for action in statement.actions:
            for resource in statement.resources:
                yield Allowance(
                    to_sub(action.text),
                    resource.text,
                    resource_in_words(as_written(statement, resource)),
                    statement,
                    tests,
                )


def tests_of(statement: Statement, values: Values) -> dict[str, str]:
    """Return the tests of a condition, each as text, the case of its key not counting."""
    tests = {}
    for operator, keys in statement.condition.items():
        if not isinstance(keys, Mapping):
            tests[str(operator)] = sorted_json(keys)
            continue
        for key, value in keys.items():
            items = value if isinstance(value, list) else [value]
            texts = [
                " | ".join(map(to_sub, resolved))
                if (resolved := values.texts(item)) is not None
                else str(item)
                for item in items
            ]
            tests[f"{operator} {str(key).lower()}"] = ", ".join(sorted(texts))
    return tests


def is_allowed(atom: Allowance, allowed: Iterable[Allowance]) -> Verdict:
    """Tell whether what an atom allows is allowed by others: surely, surely not, or perhaps."""
    best = NO
    for other in allowed:
        acts = _covers_action(other.action, atom.action)
        if acts == NO:
            continue
        touches = _covers_resource(other.resource, atom.resource)
        verdict = min(acts, touches)
        if verdict == NO:
            continue
        if not all(atom.tests.get(key) == value for key, value in other.tests.items()):
            continue  # it is allowed there under tests that do not hold here
        best = max(best, verdict)
        if best == YES:
            break
    return best


def _covers_action(pattern: str, action: str) -> Verdict:
    """Tell whether a pattern has all that another stands for; one that has but a part of it has not."""
    verdict = matches((pattern.lower(),), (action.lower(),))
    return verdict if verdict in (YES, NO) or has_hole(pattern + action) else NO


def _covers_resource(pattern: SymbolicText, resource: SymbolicText) -> Verdict:
    """Tell the same of resources: what both name by the same symbol is the same."""
    verdict = covers(pattern, resource)
    if verdict == YES:
        return YES
    if _placeholders_in(resource) <= _placeholders_in(pattern) or not _placeholders_in(pattern):
        return YES if covers(_with_distinct_words(pattern), _with_distinct_words(resource)) == YES else NO
    return verdict


def _placeholders_in(text: SymbolicText) -> set[Placeholder]:
    return {piece for piece in text if isinstance(piece, Placeholder)}


def _with_distinct_words(text: SymbolicText) -> SymbolicText:
    """Return a text with each symbol as a word that nothing else has."""
    return ("".join(piece if isinstance(piece, str) else f"\ue000{piece.name}\ue001" for piece in text),)
