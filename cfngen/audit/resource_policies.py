"""What policies of resources let a role do: in its own account that is as good as a policy of the role.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from cfngen.audit.roles import Role, existing_resources, policy_document
from cfngen.audit.values import Values
from cfngen.cfn.symbolic import ASSUMED
from cfngen.iam.matching import covers
from cfngen.iam.statements import Statement, statements

_DOCUMENTS: Final[Mapping[str, str]] = {
    "AWS::Events::EventBusPolicy": "Statement",
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
    "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
}
_ARNS: Final[Mapping[str, tuple[str, str]]] = {
    "AWS::KMS::Key": ("", "Arn"),
    "AWS::SecretsManager::ResourcePolicy": ("SecretId", ""),
}


def granted(role: Role, values: Values) -> list[Statement]:
    """Return the statements of the template's policies of resources that name the role."""
    arn = values.reference(role.logical_id, "Arn")
    granted_statements: list[Statement] = []
    for kind, name in _DOCUMENTS.items():
        for logical_id, properties in existing_resources(values, kind):
            document = values.chosen(properties.get(name))
            if name == "Statement":
                document = {"Statement": document}
            with suppress(ValueError):  # it is another policy than the role's, which is audited
                document = policy_document(document, values)
            policy_statements, _ = statements(
                document, f"/Resources/{logical_id}/Properties/{name}", values.texts
            )
            for statement in policy_statements:
                if statement.not_principals:
                    continue
                named = [
                    entry.text for principal, entry in statement.principals if principal in ("AWS", "*")
                ]
                if any(text == ("*",) or covers(text, arn) >= ASSUMED for text in named):
                    granted_statements.append(_on_itself(statement, kind, logical_id, properties, values))
    return granted_statements


def _on_itself(
    statement: Statement, kind: str, logical_id: str, properties: Mapping[str, Any], values: Values
) -> Statement:
    """Return a statement whose ``*`` is the resource itself, as in the policy of a key."""
    if kind not in _ARNS or any(entry.text != ("*",) for entry in statement.resources):
        return statement
    named, attribute = _ARNS[kind]
    own = values.text(properties.get(named)) if named else values.reference(logical_id, attribute)
    if own is None:
        return statement
    return replace(statement, resources=tuple(replace(entry, text=own) for entry in statement.resources))
