"""Who may take a role."""

from __future__ import annotations

from awacs import sts
from awacs.aws import (
    Allow,
    ArnLike,
    Condition,
    PolicyDocument,
    Principal,
    SourceAccount,
    SourceArn,
    Statement,
    StringEquals,
)

from cfngen.cfn.arns import regional
from cfngen.cfn.functions import ref
from cfngen.cfn.pseudo_parameters import ACCOUNT_ID
from cfngen.cfn.text import to_value


def trust(service: str, *, source: tuple[str, str] | None = None) -> PolicyDocument:
    """Return the trust policy of a role for a service, such as ``states.amazonaws.com``.

    ``source`` is the service and the resource, ``("states", "stateMachine:*")``, on whose behalf the
    role may be taken, in the stack's own account and region: the guard against a confused deputy.
    https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
    """
    statement = Statement(
        Effect=Allow, Principal=Principal("Service", to_value(service)), Action=[sts.AssumeRole]
    )
    if source is not None:
        statement.Condition = Condition(
            [
                StringEquals(SourceAccount, ref(ACCOUNT_ID)),
                ArnLike(SourceArn, to_value(regional(*source))),
            ]
        )
    return PolicyDocument(Version="2012-10-17", Statement=[statement])
