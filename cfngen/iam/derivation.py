"""What a grant is resolved against, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem
from cfngen.iam.merge import Permission


@frozen
class GrantContext(Declared):
    """What a grant is resolved against: who needs it, and what is passed.

    - ``state``: the name of the state; ``""`` for the state machine itself.
    - ``pointer``: the JSON pointer to what is passed.
    - ``arguments``: what is passed.
    - ``machine``: the state machine's name in an ARN, or None where it has none yet.
    - ``hints``: the ARNs that the author names for what is only known at run time.
    - ``reason``: the reason that the author gives, instead of the grant's own.
    - ``narrowing``: what to do about a permission that is too wide, if not what is usual.
    """

    state: str
    pointer: str
    arguments: Mapping[str, Any]
    machine: str | None = None
    hints: Sequence[Any] | None = None
    reason: str | None = None
    narrowing: str = ""


@frozen
class DependentActions(Declared):
    """Actions that calls may need beside their own: it depends on what they work with.

    - ``states``: the states that call, ``resource`` what they call.
    - ``actions``: as a policy spells them: ``"kms:Decrypt"``.
    """

    states: tuple[str, ...]
    resource: str
    actions: tuple[str, ...]


@frozen
class Derivation(Declared):
    """A permission, and the warnings about it: where it allows more than is needed.

    - ``permission``: None where the needs of a call are not known, and where there are only warnings.
    - ``warnings``: each with the location of what it is about.
    - ``unknown``: the ``Resource`` of a call whose needs are not known.
    - ``dependent``: actions that the call may need as well, which the reference lists with its own.
    - ``unnamed``: whether no argument of the call names the resources, so that its author alone knows them.
    """

    permission: Permission | None
    warnings: tuple[Problem, ...] = ()
    unknown: str = ""
    dependent: DependentActions | None = None
    unnamed: bool = False


SERVICE_LINKED_ROLE: Final = "iam:CreateServiceLinkedRole"
SERVICE_ROLE: Final = "ServiceLinkedRoleARN"
"""The argument that gives a role in the place of the one that the service makes for itself."""
