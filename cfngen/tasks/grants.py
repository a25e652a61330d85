"""What an integration must be allowed to do, as declarations beside its arguments."""

from __future__ import annotations

from awacs.aws import Action

from cfngen.asl.declared import Declared, frozen
from cfngen.asl.values import Pattern


def regional(service: str, resource: str) -> str:
    """Return the format of an ARN in the stack's own partition, region and account."""
    return f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"


@frozen
class Named(Declared):
    """The resource that an argument names: by its ARN, or by a name from which the ARN follows.

    ``argument`` is a path into the arguments; ``[]`` steps into a list (``List[].Name``). ``arn`` is the
    format of the ARN, with ``{}`` for the name. ``revisions`` says that a name without ``:N`` stands for
    all its revisions.
    """

    argument: str
    arn: str
    revisions: bool = False


ANYTHING = "*"
"""The resource of an action that knows none, or cannot be narrowed."""


@frozen
class Grant(Declared):
    """Actions on resources that a task needs.

    A resource is what an argument names, or the text of an ARN. ``documented`` is the resource on AWS's
    page where that is wider. ``patterns`` and ``when`` (an argument) limit the grant to the tasks that
    need it. ``managed_rule`` marks the rules that Step Functions itself keeps in EventBridge.
    """

    actions: tuple[Action, ...]
    resources: tuple[Named | str, ...]
    because: str
    page: str
    documented: str | None = None
    patterns: tuple[Pattern, ...] = tuple(Pattern)
    when: str | None = None
    managed_rule: bool = False
