"""Merge: fewer statements that allow exactly the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeAlias

from awacs.aws import Action

from cfngen.cfn.functions import SUB, substitution
from cfngen.core.declared import Declared, frozen
from cfngen.iam.arns import Resource
from cfngen.tasks.grants import ALL_RESOURCES, Evidence

ConditionTest: TypeAlias = "tuple[str, str, tuple[Resource, ...]]"
"""The operator of a condition, its key, and the values of which one must match."""


class Reason(NamedTuple):
    """Who needs a permission, and why.

    - ``state``: the name of the state; ``""`` for the state machine itself.
    - ``text``: why, as a sentence without its subject: ``"submits the job"``.
    - ``page``: the page that says so.
    - ``resources_from``: where the resources come from: ``"from JobQueue"``.
    - ``evidence``: how sure the need is.
    - ``actions``: the actions that are needed, of those of a merged permission: ``("batch:SubmitJob",)``.
    """

    state: str
    text: str
    page: str
    resources_from: str
    evidence: Evidence = Evidence.REQUIRED
    actions: tuple[str, ...] = ()


@frozen
class Permission(Declared):
    """Actions on resources under conditions that must all hold, and the reasons.

    ``conditional_on`` says what decides whether it is needed at all; it is empty for a permission that is
    needed in any case, and for one that is merged with such a permission.
    """

    actions: tuple[Action, ...]
    resources: tuple[Resource, ...]
    reasons: tuple[Reason, ...] = ()
    managed_rule: bool = False
    conditions: tuple[ConditionTest, ...] = ()
    conditional_on: str = ""


def merge(permissions: Iterable[Permission]) -> list[Permission]:
    """Return the permissions as few statements, without allowing anything that none of them allows.

    What has the same resources is joined by its actions, then what has the same actions is joined by its
    resources, until nothing can be joined: each step alone is exact, and never are both joined at once.
    What has other conditions is never joined.
    Statements on named resources come first, those on ``*`` next, the rules that Step Functions keeps
    last; each in the order in which they are first needed.
    """
    merged = list(permissions)
    before = None
    while before != len(merged):
        before = len(merged)
        merged = _joined_permissions(
            merged, lambda permission: _same_items(permission.resources), _add_actions
        )
        merged = _joined_permissions(
            merged, lambda permission: _same_items(permission.actions), _with_all_resources
        )
    return sorted(merged, key=_rank)


def _joined_permissions(
    permissions: Iterable[Permission],
    key: Callable[[Permission], object],
    join: Callable[[list[Permission]], Permission],
) -> list[Permission]:
    groups: dict[object, list[Permission]] = {}
    for permission in permissions:
        conditions = json.dumps(permission.conditions, sort_keys=True) if permission.conditions else ""
        groups.setdefault((key(permission), permission.managed_rule, conditions), []).append(permission)
    return [join(group) for group in groups.values()]


def _add_actions(group: list[Permission]) -> Permission:
    return replace(group[0], actions=_union(p.actions for p in group), **_together(group))


def _with_all_resources(group: list[Permission]) -> Permission:
    return replace(group[0], resources=_union(p.resources for p in group), **_together(group))


def _together(group: list[Permission]) -> dict[str, Any]:
    reasons = dict.fromkeys(reason for permission in group for reason in permission.reasons)
    conditions = dict.fromkeys(permission.conditional_on for permission in group)
    return {
        "reasons": tuple(reasons),
        "conditional_on": "" if "" in conditions else "; ".join(conditions),
    }


def _union(several: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple({_identity_text(item): item for items in several for item in items}.values())


def _same_items(items: tuple[Any, ...]) -> frozenset[str]:
    return frozenset(map(_identity_text, items))


def _identity_text(item: Any) -> str:
    """Return what makes an action or a resource the same as another."""
    if isinstance(item, str):
        return item
    if isinstance(item, Action):
        return f"{item.prefix}:{item.action}"
    if (substituted := substitution(item)) is not None and not substituted[1]:
        return f"{SUB} {substituted[0]}"
    return json.dumps(item, sort_keys=True)


def _rank(permission: Permission) -> int:
    if permission.managed_rule:
        return _MANAGED
    return _WIDE if ALL_RESOURCES in permission.resources else _NAMED


_NAMED: Final = 0
_WIDE: Final = 1
_MANAGED: Final = 2
