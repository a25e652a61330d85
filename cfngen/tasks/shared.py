"""The grants that many integrations share: passing roles, and the rules that Step Functions keeps."""

from __future__ import annotations

from typing import Literal

from awacs import events
from awacs.aws import Action

from cfngen.asl.values import SYNC
from cfngen.tasks.grants import ArgumentResource, Condition, Grant, HasArgument, Scope, regional

__all__ = ["ROLE", "managed_rule", "pass_role", "use_key"]

# spelled here, since every start would else load all actions of IAM and KMS for them
_PASS_ROLE = Action("iam", "PassRole")
_USE_KEY = (Action("kms", "Decrypt"), Action("kms", "GenerateDataKey"))

ROLE = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/{}"
"""The format of a role's ARN."""


def managed_rule(name: str, hears_of: str, page: str, *, conditional_on: str = "") -> Grant:
    """Return the grant of the rule in EventBridge that Step Functions keeps for ``.sync``.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
    """
    return Grant(
        (events.PutTargets, events.PutRule, events.DescribeRule),
        resources=(regional("events", f"rule/{name}"),),
        patterns=(SYNC,),
        managed_rule=True,
        reason=f"hears of {hears_of} through a rule that Step Functions keeps; without it the "
        "state machine cannot be created",
        conditional_on=conditional_on,
        page=page,
    )


def pass_role(
    *arguments: str,
    to: str | tuple[str, ...],
    page: str,
    ref_returns: Literal["arn", "name"] = "arn",
    operator: str = "StringEquals",
    only_in_scope: Scope | None = None,
) -> Grant:
    """Return the grant of passing the roles that arguments name to the service ``to``, and to no other.

    ``only_in_scope`` limits that condition to one scope. ``ref_returns`` says whether ``Ref`` in an
    argument is the role's ARN, as where nothing but an ARN is taken, or its name.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    return Grant(
        (_PASS_ROLE,),
        resources=tuple(
            ArgumentResource(argument, ROLE, ref_returns=ref_returns) for argument in arguments
        ),
        when=tuple(map(HasArgument, arguments)),
        conditions=(Condition(operator, "iam:PassedToService", to, only_in_scope=only_in_scope),),
        reason="passes the service the role that it works with",
        page=page,
    )


def use_key(*actions: Action, service: str, what: str, page: str) -> Grant:
    """Return the grant of using the customer's key that encrypts ``what``, through the service alone.

    No argument names the key: the author of a task does, in ``resources``. The name of the service ends in
    ``amazonaws.com`` in every partition, also in China:
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    return Grant(
        actions or _USE_KEY,
        resources=(ArgumentResource("", regional("kms", "key/{}")),),
        from_resource_hints=True,
        conditions=(
            Condition("StringEquals", "kms:ViaService", f"{service}.${{AWS::Region}}.amazonaws.com"),
        ),
        reason=f"uses the key that encrypts {what}",
        page=page,
    )
