"""The keys of encrypted resources: whoever uses such a resource uses its key.

The calls name the resource alone. That a customer's key encrypts it stands in the template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from awacs.aws import Action

from cfngen.audit.needs import Need
from cfngen.audit.resources import REF
from cfngen.audit.roles import resources
from cfngen.audit.values import Values
from cfngen.cfn.pseudo_parameters import REGION
from cfngen.cfn.symbolic import ASSUMED, SymbolicText, literal, symbolic_text
from cfngen.cfn.text import hole
from cfngen.iam.derivation import GrantContext
from cfngen.iam.derive import LEAST_PRIVILEGE
from cfngen.iam.granting import derivation
from cfngen.iam.matching import covers
from cfngen.tasks.grants import ArgumentResource, Condition, Grant, regional

_DECRYPT: Final = Action("kms", "Decrypt")
_GENERATE: Final = Action("kms", "GenerateDataKey")


class _Encrypted(NamedTuple):
    """A type of resource that a key may encrypt.

    - ``service``: the name by which the service uses the key: ``"sns"``.
    - ``key``: the path of the key in the resource's properties.
    - ``arn``: the attribute that is its ARN.
    - ``below``: what follows the ARN in what actions are done on: ``"/*"`` for the objects of a bucket.
    - ``uses``: what the actions need of the key.
    - ``page``: the page that says so.
    """

    service: str
    key: tuple[str | int, ...]
    arn: str
    below: str
    uses: Mapping[str, tuple[Action, ...]]
    page: str


_TYPES: Final[Mapping[str, _Encrypted]] = {
    "AWS::SNS::Topic": _Encrypted(
        "sns",
        ("KmsMasterKeyId",),
        REF,
        "",
        {"sns:Publish": (_GENERATE, _DECRYPT)},
        "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
    ),
    "AWS::SQS::Queue": _Encrypted(
        "sqs",
        ("KmsMasterKeyId",),
        "Arn",
        "",
        {"sqs:SendMessage": (_GENERATE, _DECRYPT), "sqs:ReceiveMessage": (_DECRYPT,)},
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    ),
    "AWS::S3::Bucket": _Encrypted(
        "s3",
        (
            "BucketEncryption",
            "ServerSideEncryptionConfiguration",
            0,
            "ServerSideEncryptionByDefault",
            "KMSMasterKeyID",
        ),
        "Arn",
        "/*",
        {"s3:GetObject": (_DECRYPT,), "s3:PutObject": (_GENERATE, _DECRYPT)},
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
    ),
    "AWS::SecretsManager::Secret": _Encrypted(
        "secretsmanager",
        ("KmsKeyId",),
        REF,
        "",
        {
            "secretsmanager:GetSecretValue": (_DECRYPT,),
            "secretsmanager:PutSecretValue": (_GENERATE, _DECRYPT),
        },
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    ),
}


def needs_of_keys(needs: Sequence[Need], values: Values) -> list[Need]:
    """Return what the needs of a machine need of the keys that encrypt what they are about."""
    encrypted = [
        (kind, (*values.reference(logical_id, kind.arn), kind.below), key)
        for name, kind in _TYPES.items()
        for logical_id, properties in resources(values, name)
        if (key := _key(values, properties, kind.key)) is not None
    ]
    key_needs: dict[tuple[str, str], Need] = {}
    for need in needs:
        for kind, arn, key in encrypted:
            if need.action in kind.uses and _is_about(need, arn, values):
                for one in _of_key(need, kind, key):
                    key_needs.setdefault((one.action, str(one.resource)), one)
    return list(key_needs.values())


def _key(values: Values, properties: Mapping[str, Any], path: Sequence[str | int]) -> Any:
    """Return the customer's key that properties name, as CloudFormation spells it."""
    value: Any = properties
    for step in path:
        value = values.chosen(value)
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    value = values.chosen(value)
    known = literal(values.text(value) or ("alias/",))
    return None if value is None or (known is not None and "alias/" in known) else value


def _is_about(need: Need, arn: SymbolicText, values: Values) -> bool:
    return any(covers(symbolic_text(*arn), one) >= ASSUMED for one in values.texts(need.resource) or [])


def _of_key(need: Need, kind: _Encrypted, key: Any) -> Iterator[Need]:
    service = f"{kind.service}.{hole(REGION)}.amazonaws.com"
    grant = Grant(
        kind.uses[need.action],
        resources=(ArgumentResource("Key", regional("kms", "key/{}"), ref_returns="name"),),
        conditions=(Condition("StringEquals", "kms:ViaService", service),),
        reason=f"uses the key that encrypts what {need.action} is done on",
        page=kind.page,
    )
    for state in dict.fromkeys(reason.state for reason in need.permission.reasons):
        permission = derivation(grant, GrantContext(state, "", {"Key": key}), LEAST_PRIVILEGE).permission
        assert permission is not None
        [resource] = permission.resources
        for action in permission.actions:
            yield replace(
                need,
                action=action.JSONrepr(),
                resource=resource,
                permission=permission,
                advised=replace(permission, actions=(action,)),
            )
