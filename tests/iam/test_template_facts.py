"""What a call needs because of the resources that stand beside it in the template."""

from __future__ import annotations

import json
from typing import Any

import pytest
from troposphere import Ref, Template
from troposphere.kms import Key
from troposphere.sns import Topic

from cfngen import Workflow
from cfngen.documents.source import parse
from cfngen.inputs.auditing import audit_source
from cfngen.inputs.machines import machines_of
from cfngen.inputs.policies import of_machine
from cfngen.stacks import StateMachine
from cfngen.tasks import sns

KEY = {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${Key}"}
ALL_KEYS = {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"}
S3_ENCRYPTION = {
    "ServerSideEncryptionConfiguration": [
        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Ref": "Key"}}}
    ]
}


def source(resource: str, arguments: dict[str, Any], **resources: Any) -> Any:
    state = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{resource}",
        "Parameters": arguments,
        "End": True,
    }
    definition = {"StartAt": "Call", "States": {"Call": state}}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, "Definition": definition},
    }
    return parse(
        json.dumps({"Resources": {**resources, "Role": role, "Machine": machine}}), "template.json"
    )


def statements(*call: Any, **resources: Any) -> list[dict[str, Any]]:
    [machine], _ = machines_of(source(*call, **resources))
    document: dict[str, Any] = json.loads(json.dumps(of_machine(machine, "").document()))
    found: list[dict[str, Any]] = document["Statement"]
    return found


def allowed(prefix: str, found: list[dict[str, Any]]) -> list[tuple[list[str], list[Any], Any]]:
    return [
        (it["Action"], it["Resource"], it.get("Condition"))
        for it in found
        if it["Action"][0].startswith(prefix)
    ]


ENCRYPTED: dict[str, tuple[str, dict[str, Any], str, dict[str, Any], list[str]]] = {
    "sns": (
        "sns:publish",
        {"TopicArn": {"Ref": "It"}, "Message": "x"},
        "AWS::SNS::Topic",
        {"KmsMasterKeyId": {"Ref": "Key"}},
        ["kms:GenerateDataKey", "kms:Decrypt"],
    ),
    "sqs": (
        "sqs:sendMessage",
        {"QueueUrl": {"Ref": "It"}, "MessageBody": "x"},
        "AWS::SQS::Queue",
        {"KmsMasterKeyId": {"Ref": "Key"}},
        ["kms:GenerateDataKey", "kms:Decrypt"],
    ),
    "s3": (
        "aws-sdk:s3:getObject",
        {"Bucket": {"Ref": "It"}, "Key": "x"},
        "AWS::S3::Bucket",
        {"BucketEncryption": S3_ENCRYPTION},
        ["kms:Decrypt"],
    ),
    "secretsmanager": (
        "aws-sdk:secretsmanager:getSecretValue",
        {"SecretId": {"Ref": "It"}},
        "AWS::SecretsManager::Secret",
        {"KmsKeyId": {"Ref": "Key"}},
        ["kms:Decrypt"],
    ),
    "dynamodb": (
        "dynamodb:putItem",
        {"TableName": {"Ref": "It"}, "Item": {}},
        "AWS::DynamoDB::Table",
        {"SSESpecification": {"SSEEnabled": True, "KMSMasterKeyId": {"Ref": "Key"}}},
        ["kms:Decrypt"],
    ),
    "kinesis": (
        "aws-sdk:kinesis:putRecord",
        {"StreamName": {"Ref": "It"}, "Data": "x", "PartitionKey": "x"},
        "AWS::Kinesis::Stream",
        {"StreamEncryption": {"EncryptionType": "KMS", "KeyId": {"Ref": "Key"}}},
        ["kms:GenerateDataKey"],
    ),
}


@pytest.mark.parametrize("service", ENCRYPTED)
def test_the_key_of_an_encrypted_resource_is_allowed_through_its_service(service: str) -> None:
    resource, arguments, kind, properties, actions = ENCRYPTED[service]
    it = {"Type": kind, "Properties": properties}
    found = statements(resource, arguments, It=it, Key={"Type": "AWS::KMS::Key"})
    via = {"StringEquals": {"kms:ViaService": {"Fn::Sub": f"{service}.${{AWS::Region}}.amazonaws.com"}}}
    assert allowed("kms:", found) == [(actions, [KEY], via)]


PUBLISH = ENCRYPTED["sns"][:2]


@pytest.mark.parametrize(
    "key", ["alias/ours", "arn:aws:kms:eu-west-1:111111111111:alias/ours", {"Ref": "Name"}]
)
def test_an_alias_is_a_condition_on_the_key(key: Any) -> None:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": key}}
    alias = {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/ours", "TargetKeyId": "x"}}
    [(_, resources, condition)] = allowed("kms:", statements(*PUBLISH, It=topic, Name=alias))
    assert resources == [ALL_KEYS]
    assert condition["ForAnyValue:StringEquals"] == {"kms:ResourceAliases": "alias/ours"}


@pytest.mark.parametrize("properties", [{}, {"KmsMasterKeyId": "alias/aws/sns"}])
def test_a_key_of_aws_asks_for_nothing(properties: dict[str, Any]) -> None:
    found = statements(*PUBLISH, It={"Type": "AWS::SNS::Topic", "Properties": properties})
    assert allowed("kms:", found) == []


def test_a_key_that_a_condition_decides_may_be_any_that_the_service_uses() -> None:
    key = {"Fn::If": ["Production", {"Ref": "Key"}, {"Ref": "AWS::NoValue"}]}
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": key}}
    [machine], _ = machines_of(source(*PUBLISH, It=topic))
    policy = of_machine(machine, "")
    assert [it.resources for it in policy.derived.permissions][1:] == [(ALL_KEYS,)]
    assert "a condition of the template decides which key encrypts it" in str(policy.derived.warnings)


def test_a_stack_allows_the_key_of_a_topic_that_was_added_before() -> None:
    template = Template()
    template.add_resource(Key("Key", KeyPolicy={"Statement": []}))
    template.add_resource(Topic("Topic", KmsMasterKeyId=Ref("Key")))
    task = sns.Publish("Tell", TopicArn=Ref("Topic"), Message="done")
    StateMachine(Workflow(task), logical_id="Machine").add_to(template)
    findings = audit_source(parse(template.to_json(), "template.json"), strict=True)
    assert [str(it.problem) for it in findings] == []


# --- where Athena puts a result ------------------------------------------------------------------

BUCKET = "arn:${AWS::Partition}:s3:::"


def workgroup(**configuration: Any) -> dict[str, Any]:
    settings = {"ResultConfiguration": {"OutputLocation": "s3://theirs/all/"}, **configuration}
    return {
        "Type": "AWS::Athena::WorkGroup",
        "Properties": {"Name": "g", "WorkGroupConfiguration": settings},
    }


@pytest.mark.parametrize(
    ("arguments", "group", "written"),
    [
        ({}, workgroup(), "*/*"),
        ({"ResultConfiguration": {"OutputLocation": "s3://ours"}}, workgroup(), "ours/*"),
        ({"ResultConfiguration": {"OutputLocation": "s3://ours/a/"}}, workgroup(), "ours/a/*"),
        ({"WorkGroup": "g"}, workgroup(), "theirs/all/*"),
        ({"WorkGroup": {"Ref": "Group"}}, workgroup(), "theirs/all/*"),
        ({"WorkGroup": "other"}, workgroup(), "*/*"),
        (
            {"WorkGroup": "g", "ResultConfiguration": {"OutputLocation": "s3://ours"}},
            workgroup(),
            "theirs/all/*",
        ),
        (
            {"WorkGroup": "g", "ResultConfiguration": {"OutputLocation": "s3://ours"}},
            workgroup(EnforceWorkGroupConfiguration=False),
            "ours/*",
        ),
    ],
)
@pytest.mark.parametrize("call", ["athena:startQueryExecution.sync", "aws-sdk:athena:startQueryExecution"])
def test_a_query_that_reads_writes_where_its_result_is_put(
    call: str, arguments: dict[str, Any], group: dict[str, Any], written: str
) -> None:
    found = statements(call, {"QueryString": "SELECT 1", **arguments}, Group=group)
    [where] = [it["Resource"] for it in found if "s3:PutObject" in it["Action"]]
    assert where == [{"Fn::Sub": f"{BUCKET}{written}"}]


def test_a_query_that_changes_tables_writes_their_objects_too() -> None:
    arguments = {
        "QueryString": "INSERT INTO a SELECT 1",
        "ResultConfiguration": {"OutputLocation": "s3://o"},
    }
    found = statements("athena:startQueryExecution.sync", arguments)
    [where] = [it["Resource"] for it in found if "s3:PutObject" in it["Action"]]
    assert where == [{"Fn::Sub": f"{BUCKET}*/*"}, {"Fn::Sub": f"{BUCKET}o/*"}]
