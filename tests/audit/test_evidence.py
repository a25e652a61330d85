"""How surely something is needed decides whether its lack is an error, a warning, or a note."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from cfngen import Workflow
from cfngen.audit import catalogs
from cfngen.stacks import StateMachine
from cfngen.template import to_json
from tests.audit.templates import DESCRIBE, SUB, TERMINATE, Changed, audited, found

OWN = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:"
ITEMS = "arn:${AWS::Partition}:s3:::in-bucket"
RESULTS = "arn:${AWS::Partition}:s3:::out-bucket/results/*"

# https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
PRINTED_FOR_A_MAP = [
    {"Action": "states:StartExecution", "Resource": {SUB: f"{OWN}stateMachine:nightly"}},
    {"Action": "states:DescribeExecution", "Resource": {SUB: f"{OWN}execution:nightly:*"}},
    {"Action": "states:RedriveExecution", "Resource": {SUB: f"{OWN}execution:nightly/Each:*"}},
    {
        "Action": "s3:ListBucket",
        "Resource": {SUB: ITEMS},
        "Condition": {"StringLike": {"s3:prefix": ["jobs/", "jobs/*"]}},
    },
    {
        "Action": [
            "s3:PutObject",
            "s3:GetObject",
            "s3:ListMultipartUploadParts",
            "s3:AbortMultipartUpload",
        ],
        "Resource": {SUB: RESULTS},
    },
]
MAP = {
    "Type": "Map",
    "Label": "Each",
    "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Go",
        "States": {"Go": {"Type": "Pass", "End": True}},
    },
    "ItemReader": {
        "Resource": "arn:aws:states:::s3:listObjectsV2",
        "Parameters": {"Bucket": "in-bucket", "Prefix": "jobs/"},
    },
    "ResultWriter": {
        "Resource": "arn:aws:states:::s3:putObject",
        "Parameters": {"Bucket": "out-bucket", "Prefix": "results"},
    },
    "End": True,
}


def severities(template: dict[str, Any]) -> set[tuple[str, str]]:
    return {(code, severity) for code, severity, _ in found(template)}


def test_what_aws_prints_for_a_distributed_map_lacks_nothing_that_it_asks_for() -> None:
    it = Changed()
    it.machine["StateMachineName"] = "nightly"
    it.machine["Definition"] = {"StartAt": "Each", "States": {"Each": copy.deepcopy(MAP)}}
    it.statements[:] = [{"Effect": "Allow", **statement} for statement in PRINTED_FOR_A_MAP]
    assert severities(it.template) == {("MISSING_PERMISSION", "note"), ("RESOURCE_TOO_NARROW", "note")}


def test_a_role_as_aws_cdk_makes_it_for_batch_is_warned_of() -> None:
    it = Changed()
    for index in sorted((DESCRIBE, TERMINATE), reverse=True):
        del it.statements[index]
    assert severities(it.template) == {("MISSING_PERMISSION", "warning")}
    told = audited(it.template).stdout
    assert "the status of what 'Run' has started may stay unknown" in told
    assert "when the execution is stopped, what 'Run' has started goes on" in told


def test_a_definition_without_revision_is_asked_for_by_its_name_and_may_be_in_its_revisions() -> None:
    it = Changed()
    it.states["Run"]["Parameters"]["JobDefinition"] = "nightly"
    bare = {SUB: "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:job-definition/nightly"}
    it.statements[0]["Resource"][1] = bare
    assert severities(it.template) == {("RESOURCE_TOO_NARROW", "note")}
    it.statements[0]["Resource"][1] = {SUB: f"{bare[SUB]}:*"}
    assert severities(it.template) == {("RESOURCE_TOO_NARROW", "error")}


@pytest.mark.parametrize(
    ("action", "needed"),
    [("dynamodb:*", "dynamodb:GetItem"), ("dynamodb:Put*", "dynamodb:PutItem")],
    ids=["of which one is needed", "which the page alone prints"],
)
def test_what_is_wider_is_told_what_is_enough(action: str, needed: str) -> None:
    it = Changed()
    it.states["Tell"]["Resource"] = "arn:aws:states:::dynamodb:getItem"
    it.states["Tell"]["Parameters"] = {"TableName": "orders", "Key": {}}
    it.add(action, "*")
    said = audited(it.template).stdout
    assert f"{action} allows more than {needed}, which is all that is needed" in said


@pytest.mark.parametrize(
    ("count", "told"),
    [(3, "sqs:A0, sqs:A1, sqs:A2"), (4, "sqs:A0, sqs:A1, sqs:A2 and 1 more")],
)
def test_three_actions_of_a_policy_that_is_too_wide_are_told_and_the_others_counted(
    count: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions = ["sns:Publish", *(f"sqs:A{number}" for number in range(count))]
    policies = {
        "Ours": {"Document": {"Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}}
    }
    monkeypatch.setattr(catalogs, "_managed_policies", lambda: policies)
    it = Changed()
    it.role["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/Ours"]
    assert f"all that is needed of it: {told} [EXCESS_POLICY]" in audited(it.template).stdout


# --- keys of encrypted resources -----------------------------------------------------------------

KEY = {"Fn::GetAtt": ["Key", "Arn"]}
USE = {"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": KEY}
VIA = {"StringEquals": {"kms:ViaService": {SUB: "sns.${AWS::Region}.amazonaws.com"}}}


def encrypted(key: Any, *statements: dict[str, Any]) -> dict[str, Any]:
    """The template with a topic that a key encrypts, and more statements in its role."""
    it = Changed()
    it.resources["Key"] = {"Type": "AWS::KMS::Key", "Properties": {}}
    it.resources["Topic"]["Properties"] = {"KmsMasterKeyId": key}
    it.statements.extend(copy.deepcopy(list(statements)))
    return it.template


@pytest.mark.parametrize("key", [{"Ref": "Key"}, KEY], ids=str)
def test_whoever_publishes_to_an_encrypted_topic_needs_its_key(key: Any) -> None:
    assert severities(encrypted(key)) == {("MISSING_PERMISSION", "error")}


@pytest.mark.parametrize("statement", [USE, {**USE, "Condition": VIA}], ids=["at all", "through SNS"])
def test_the_key_of_an_encrypted_topic_is_no_excess(statement: dict[str, Any]) -> None:
    assert severities(encrypted({"Ref": "Key"}, statement)) == set()


@pytest.mark.parametrize("statements", [[], [USE]], ids=["which it lacks", "which it has"])
def test_the_policy_instead_allows_the_key(statements: list[dict[str, Any]]) -> None:
    template = encrypted({"Ref": "Key"}, *statements)
    policy = json.loads(audited(template, "--fix").stdout)
    document = policy.get("Role", policy)
    role = template["Resources"]["Role"]["Properties"]
    role["Policies"] = [{"PolicyName": "Own", "PolicyDocument": document}]
    assert severities(template) == set()


def test_a_role_may_be_passed_to_ec2_by_the_name_that_it_has_outside_china() -> None:
    it = Changed()
    it.states["Tell"]["Resource"] = "arn:aws:states:::aws-sdk:ec2:associateIamInstanceProfile"
    it.states["Tell"]["Parameters"] = {"InstanceId": "i-1", "IamInstanceProfile": {"Name": "worker"}}
    it.add("ec2:AssociateIamInstanceProfile", "*")
    it.add("iam:PassRole", "arn:aws:iam::*:role/worker")
    it.statements[-1]["Condition"] = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    assert "MISSING_PERMISSION" not in {code for code, _ in severities(it.template)}


def test_a_key_of_aws_asks_for_nothing() -> None:
    assert severities(encrypted("alias/aws/sns")) == set()


def test_a_bucket_s_key_is_needed_for_its_objects() -> None:
    it = Changed()
    rule: dict[str, Any] = {
        "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    }
    it.resources["Key"] = {"Type": "AWS::KMS::Key", "Properties": {}}
    it.resources["Bucket"] = {
        "Type": "AWS::S3::Bucket",
        "Properties": {"BucketEncryption": {"ServerSideEncryptionConfiguration": [rule]}},
    }
    it.states["Tell"] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
        "Parameters": {"Bucket": {"Ref": "Bucket"}, "Key": "a"},
        "End": True,
    }
    it.statements[-1] = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": {SUB: "${Bucket.Arn}/a"},
    }
    result = audited(it.template)
    assert "does not allow kms:Decrypt on" in result.stdout
    assert result.exit_code == 1


# --- the machine's own name ----------------------------------------------------------------------


@pytest.mark.parametrize("name", [None, "nightly"])
def test_cfngen_s_own_template_of_a_map_has_no_finding(name: str | None) -> None:
    workflow = Workflow.read({"StartAt": "Each", "States": {"Each": MAP}})
    template = json.loads(to_json(StateMachine(workflow, name=name).template()))
    assert severities(template) == set()
    assert found(template, "--strict") == []


def test_the_policy_instead_does_not_refer_to_the_machine() -> None:
    it = Changed()
    it.machine["Definition"] = {"StartAt": "Each", "States": {"Each": copy.deepcopy(MAP)}}
    del it.statements[:]
    it.add("s3:GetObject", "arn:aws:s3:::unused")
    text = audited(it.template, "--fix").stdout
    assert "stateMachine:Machine-*" in text
    assert "${Machine" not in text
    it.document["Statement"] = json.loads(text)["Statement"]
    assert severities(it.template) == set()
    assert json.loads(audited(it.template, "--fix").stdout)["Statement"] == it.document["Statement"]


# --- actions that the reference lists with another -------------------------------------------------

RESTORE: dict[str, Any] = {
    "Type": "Task",
    "Resource": {SUB: "arn:${AWS::Partition}:states:::aws-sdk:dynamodb:restoreTableFromBackup"},
    "Parameters": {
        "TargetTableName": "t",
        "BackupArn": "arn:aws:dynamodb:us-east-1:123456789012:table/t/backup/1",
    },
    "End": True,
}
WRITE_ITEMS = {
    "Effect": "Allow",
    "Action": ["dynamodb:PutItem", "dynamodb:BatchWriteItem"],
    "Resource": "*",
}


def restoring(*statements: dict[str, Any]) -> dict[str, Any]:
    """The template with a call that may need more than its own action, and more statements in its role."""
    it = Changed()
    it.machine["Definition"] = {"StartAt": "Restore", "States": {"Restore": RESTORE}}
    own = {
        "Effect": "Allow",
        "Action": "dynamodb:RestoreTableFromBackup",
        "Resource": [
            RESTORE["Parameters"]["BackupArn"],
            {SUB: "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/t"},
        ],
    }
    it.statements[:] = [own, *statements]
    return it.template


# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
def test_what_the_reference_lists_with_an_action_is_neither_missing_nor_excess() -> None:
    assert severities(restoring()) == set()
    assert severities(restoring(WRITE_ITEMS)) == set()


def test_what_the_reference_does_not_list_with_it_is_excess() -> None:
    other = {"Effect": "Allow", "Action": ["dynamodb:DeleteTable"], "Resource": "*"}
    assert severities(restoring(WRITE_ITEMS, other)) == {("EXCESS_ACTION", "warning")}


# --- a key that a call names -----------------------------------------------------------------------

NAMED_KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd"


def calling(call: str, parameters: dict[str, Any], *statements: dict[str, Any]) -> dict[str, Any]:
    """The template with a call, and the statements of its role."""
    it = Changed()
    state = {
        "Type": "Task",
        "Resource": {SUB: f"arn:${{AWS::Partition}}:states:::aws-sdk:{call}"},
        "Parameters": parameters,
        "End": True,
    }
    it.machine["Definition"] = {"StartAt": "Call", "States": {"Call": state}}
    it.statements[:] = statements
    return it.template


def test_a_key_that_a_call_names_is_asked_for() -> None:
    put = {"Bucket": "b", "Key": "k", "SsekmsKeyId": NAMED_KEY}
    own = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": {SUB: "arn:${AWS::Partition}:s3:::b/k"}}
    of_key = {"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": NAMED_KEY}
    template = calling("s3:putObject", put, own)
    assert severities(template) == {("MISSING_PERMISSION", "warning")}
    assert "the execution may fail in 'Call' [MISSING_PERMISSION]" in audited(template).stdout
    assert severities(calling("s3:putObject", put, own, of_key)) == set()


def test_a_key_of_which_nothing_tells_is_neither_missing_nor_excess() -> None:
    create = {"AvailabilityZone": "us-east-1a", "Size": 1, "KmsKeyId": NAMED_KEY}
    volume = {SUB: "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:volume/*"}
    own = {"Effect": "Allow", "Action": "ec2:CreateVolume", "Resource": volume}
    of_key = {"Effect": "Allow", "Action": ["kms:CreateGrant", "kms:Decrypt"], "Resource": NAMED_KEY}
    assert severities(calling("ec2:createVolume", create, own)) == set()
    assert severities(calling("ec2:createVolume", create, own, of_key)) == set()
