"""What an integration must be allowed to do, as declarations beside its arguments."""

from __future__ import annotations

from typing import Literal

from awacs.aws import Action

from cfngen.asl.values import Pattern
from cfngen.core.declared import Declared, frozen


def regional(service: str, resource: str) -> str:
    """Return the format of an ARN in the stack's own partition, region and account."""
    return f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"


@frozen
class Named(Declared):
    """The resource that an argument names: by its ARN, or by a name from which the ARN follows.

    ``argument`` is a path into the arguments; ``[]`` steps into a list (``List[].Name``), ``{}`` to the
    keys of a map. ``arn`` is the format of the ARN, with ``{}`` for the name; ``{Other}`` is another
    argument's name, ``{/Other}`` one without its leading slash, and ``{Other|default}`` has a default; what
    is only known at run time becomes ``*`` there.

    ``default`` is the name that the service takes where the argument is not given, in each entry of a list.
    ``absent`` says, where the argument is not given, why every resource of the type is meant; with an
    ``argument`` of ``""``, that is always. ``every`` says that a call that names no resource of the grant
    by any argument may touch every one of the type. ``reads`` is a pattern whose one group, or group
    ``name``, is the name in a text that holds more, such as a URL; its groups ``region`` and ``account``
    take the place of the stack's own. ``part`` is the separator and the index of the name in an argument
    that is the ARN of something else. ``revisions`` says that a name without ``:N`` stands for all its
    revisions. ``qualifier`` is an argument that follows the ARN after a colon. ``lower`` says that the
    service writes names in lower case into its ARNs. ``reference`` says what ``Ref`` of the resource is:
    its ARN, its name, a URL whose fifth part between slashes is its name, or text that only ``reads``
    understands.
    """

    argument: str
    arn: str
    revisions: bool = False
    default: str | None = None
    absent: str | None = None
    every: bool = False
    reads: str | None = None
    part: tuple[str, int] | None = None
    qualifier: str | None = None
    lower: bool = False
    reference: Literal["arn", "name", "url", "text"] = "arn"


ANYTHING = "*"
"""The resource of an action that knows none, or cannot be narrowed."""

THIS = "{this}"
"""The name of the state machine itself, in an ARN: ``Ref`` or ``GetAtt`` would go round in a circle."""


@frozen
class Condition(Declared):
    """A condition of a grant: ``Condition("StringEquals", "iam:PassedToService", "batch.amazonaws.com")``.

    A value that an argument names and that is only known at run time leaves the condition out; one that
    is known in part makes ``StringEquals`` ``StringLike``. ``only`` limits the condition to one scope, as
    where it is tighter than AWS's page.
    """

    operator: str
    key: str
    value: Named | str | tuple[Named | str, ...]
    only: Literal["least-privilege", "documented"] | None = None


@frozen
class Grant(Declared):
    """Actions on resources that a task needs.

    A resource is what an argument names, or the text of an ARN. ``documented`` is what AWS's page prints
    instead where that is wider, and ``dynamic`` what it prints where a resource is only known at run time.
    ``only`` limits the grant to one scope: what the page prints beyond need, or leaves out. ``patterns``
    and ``when`` limit the grant to the tasks that need it: ``"Tags"`` to those that pass the argument,
    ``"!Tags"`` to those that do not, ``"AuthType=IAM_ROLE"`` to those that pass this value,
    ``"Id~pattern"`` and ``"Id!~pattern"`` to those whose value begins with a match, or with none; several
    to those for which one of them holds. ``hinted`` limits it to tasks whose author names such a resource,
    which no argument does: a key, say. ``perhaps`` says on what it depends, of what the call does not tell,
    whether the grant is needed at all; where an argument could have told, only if that is ``absent``.
    ``managed_rule`` marks the rules that Step Functions itself keeps in EventBridge.
    """

    actions: tuple[Action, ...]
    resources: tuple[Named | str, ...]
    because: str
    page: str
    documented: str | tuple[Named | str, ...] | None = None
    dynamic: str | tuple[str, ...] | None = None
    patterns: tuple[Pattern, ...] = tuple(Pattern)
    when: str | tuple[str, ...] | None = None
    conditions: tuple[Condition, ...] = ()
    only: Literal["least-privilege", "documented"] | None = None
    hinted: bool = False
    perhaps: str = ""
    managed_rule: bool = False
