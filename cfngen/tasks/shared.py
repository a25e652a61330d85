"""The grants that many integrations share: passing roles, and the rules that Step Functions keeps."""

from __future__ import annotations

from typing import Literal

from awacs import events
from awacs.aws import Action

from cfngen.asl.values import SYNC
from cfngen.tasks.grants import Condition, Grant, Named, regional

# spelled here, since every start would else load all actions of IAM and KMS for them
_PASS_ROLE = Action("iam", "PassRole")
_USE_KEY = (Action("kms", "Decrypt"), Action("kms", "GenerateDataKey"))

ROLE = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/{}"
"""The format of a role's ARN."""


def rule(name: str, hears_of: str, page: str, *, perhaps: str = "") -> Grant:
    """Return the grant of the rule in EventBridge that Step Functions keeps for ``.sync``.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
    """
    return Grant(
        (events.PutTargets, events.PutRule, events.DescribeRule),
        resources=(regional("events", f"rule/{name}"),),
        patterns=(SYNC,),
        managed_rule=True,
        because=f"hears of {hears_of} through a rule that Step Functions keeps; without it the "
        "state machine cannot be created",
        perhaps=perhaps,
        page=page,
    )


def passes(
    *arguments: str,
    to: str | tuple[str, ...],
    page: str,
    reference: Literal["arn", "name"] = "arn",
    operator: str = "StringEquals",
    only: Literal["least-privilege", "documented"] | None = None,
) -> Grant:
    """Return the grant of passing the roles that arguments name to the service ``to``, and to no other.

    ``only`` limits that condition to one scope. ``reference`` says whether ``Ref`` in an argument is the
    role's ARN, as where nothing but an ARN is taken, or its name.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    return Grant(
        (_PASS_ROLE,),
        resources=tuple(Named(argument, ROLE, reference=reference) for argument in arguments),
        when=arguments,
        conditions=(Condition(operator, "iam:PassedToService", to, only=only),),
        because="passes the service the role that it works with",
        page=page,
    )


def uses_key(*actions: Action, service: str, what: str, page: str) -> Grant:
    """Return the grant of using the customer's key that encrypts ``what``, through the service alone.

    No argument names the key: the author of a task does, in ``resources``.
    """
    return Grant(
        actions or _USE_KEY,
        resources=(Named("", regional("kms", "key/{}")),),
        hinted=True,
        conditions=(
            Condition("StringEquals", "kms:ViaService", f"{service}.${{AWS::Region}}.${{AWS::URLSuffix}}"),
        ),
        because=f"uses the key that encrypts {what}",
        page=page,
    )
