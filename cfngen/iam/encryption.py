"""The keys of encrypted resources: whoever uses such a resource uses its key.

The calls name the resource alone. That a customer's key encrypts it stands in the template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final, NamedTuple

from awacs.aws import Action

from cfngen.cfn.arns import BEGINNING
from cfngen.cfn.functions import IF, function_call, plain, ref_name
from cfngen.cfn.pseudo_parameters import REGION
from cfngen.cfn.template import uses
from cfngen.cfn.text import as_sub_text, hole
from cfngen.core.values import mapping
from cfngen.iam.derivation import Derivation, GrantContext
from cfngen.iam.granting import derivation
from cfngen.tasks.grants import ArgumentResource, Condition, Grant, Scope, regional

_DECRYPT: Final = Action("kms", "Decrypt")
_GENERATE: Final = Action("kms", "GenerateDataKey")
_OF_ITEMS: Final = (
    "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem",
)  # fmt: skip
_ALIAS: Final = re.compile(rf"(?:{BEGINNING}.*:)?(alias/.+)", re.DOTALL)
_KEY: Final = ArgumentResource(
    "Key",
    regional("kms", "key/{}"),
    ref_returns="name",
    when_missing="a condition of the template decides which key encrypts it",
)


class Encrypted(NamedTuple):
    """A type of resource that a key may encrypt.

    - ``service``: the name by which the service uses the key: ``"sns"``.
    - ``key``: the path of the key in the resource's properties.
    - ``arn``: the attribute that is its ARN, empty where ``Ref`` is.
    - ``below``: what follows the ARN in what actions are done on: ``"/*"`` for the objects of a bucket.
    - ``uses``: what the actions need of the key. AWS's own tool for policies has the same of the calls that
      a service makes for its caller (awslabs/iam-policy-autopilot, ``operation-fas-maps``).
    - ``page``: the page that says so.
    """

    service: str
    key: tuple[str | int, ...]
    arn: str
    below: str
    uses: Mapping[str, tuple[Action, ...]]
    page: str


ENCRYPTED: Final[Mapping[str, Encrypted]] = {
    "AWS::SNS::Topic": Encrypted(
        "sns",
        ("KmsMasterKeyId",),
        "",
        "",
        {"sns:Publish": (_GENERATE, _DECRYPT)},
        "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
    ),
    "AWS::SQS::Queue": Encrypted(
        "sqs",
        ("KmsMasterKeyId",),
        "Arn",
        "",
        {"sqs:SendMessage": (_GENERATE, _DECRYPT), "sqs:ReceiveMessage": (_DECRYPT,)},
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    ),
    "AWS::S3::Bucket": Encrypted(
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
    "AWS::SecretsManager::Secret": Encrypted(
        "secretsmanager",
        ("KmsKeyId",),
        "",
        "",
        {
            "secretsmanager:GetSecretValue": (_DECRYPT,),
            "secretsmanager:PutSecretValue": (_GENERATE, _DECRYPT),
        },
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    ),
    "AWS::DynamoDB::Table": Encrypted(
        "dynamodb",
        ("SSESpecification", "KMSMasterKeyId"),
        "Arn",
        "",
        {f"dynamodb:{name}": (_DECRYPT,) for name in _OF_ITEMS},
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html",
    ),
    "AWS::Kinesis::Stream": Encrypted(
        "kinesis",
        ("StreamEncryption", "KeyId"),
        "Arn",
        "",
        {
            "kinesis:PutRecord": (_GENERATE,),
            "kinesis:PutRecords": (_GENERATE,),
            "kinesis:GetRecords": (_DECRYPT,),
        },
        "https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html",
    ),
}
"""The types of resources that a customer's key may encrypt, with what their users need of the key."""


def derivations_of_keys(
    derived: Derivation, resources: Mapping[str, Any], scope: Scope
) -> Iterator[Derivation]:
    """Yield what a permission needs of the keys that encrypt the resources of a template which it names."""
    permission = derived.permission
    if permission is None:
        return
    names = dict.fromkeys(use.name for resource in permission.resources for use in uses(resource))
    actions = [action.JSONrepr() for action in permission.actions]
    for name in names:
        resource = mapping(resources.get(name))
        kind = ENCRYPTED.get(str(resource.get("Type")))
        if kind is None or (key := _key_at(mapping(resource.get("Properties")), kind.key)) is None:
            continue
        states = dict.fromkeys(reason.state for reason in permission.reasons)
        for action, state in product((it for it in actions if it in kind.uses), states):
            if of_key := key_derivation(kind, action, key, resources, state, scope):
                yield of_key


def key_derivation(
    kind: Encrypted, action: str, key: Any, resources: Mapping[str, Any], state: str, scope: Scope
) -> Derivation | None:
    """Return what an action needs of a key, None for a key that AWS manages, which asks for nothing."""
    # AWS's pages, 290 values in its managed policies and its own tool for policies have no other name.
    # None of them speaks of China, and no refusal that people published there does.
    service = f"{kind.service}.{hole(REGION)}.amazonaws.com"
    conditions = [Condition("StringEquals", "kms:ViaService", service)]
    declared: ArgumentResource | str = _KEY
    if alias := _ALIAS.fullmatch(str(as_sub_text(plain(_key_or_alias_name(key, resources))))):
        if alias[1].startswith("alias/aws/"):
            return None
        declared = regional("kms", "key/*")
        conditions.append(Condition("ForAnyValue:StringEquals", "kms:ResourceAliases", alias[1]))
    grant = Grant(
        kind.uses[action],
        resources=(declared,),
        conditions=tuple(conditions),
        reason=f"uses the key that encrypts what {action} is done on",
        page=kind.page,
    )
    is_decided = (function_call(key) or ("", ""))[0] != IF
    return derivation(grant, GrantContext(state, "", {"Key": key} if is_decided else {}), scope)


def _key_or_alias_name(key: Any, resources: Mapping[str, Any]) -> Any:
    """Return a key as it is, and the name of an alias of the template for a reference to it."""
    resource = mapping(resources.get(ref_name(key) or ""))
    if resource.get("Type") != "AWS::KMS::Alias":
        return key
    return mapping(resource.get("Properties")).get("AliasName")


def _key_at(properties: Any, path: Sequence[str | int]) -> Any:
    """Return the key that properties name; a function on the way to it stands for it."""
    value = properties
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str) and function_call(value) is None:
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step] if len(value) > step else None
    return value
