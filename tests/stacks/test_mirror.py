"""The default stack beside the stack of AWS's sample, and the known ways in which such a stack fails.

https://docs.aws.amazon.com/step-functions/latest/dg/batch-job-notification.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from cfngen import LEAST_PRIVILEGE
from cfngen.stacks import BatchJobNotification
from cfngen.template import document
from tests.rows import each_row

# the resources of AWS's stack; its role for Batch itself is left out, since Batch has one of its own
AWS_RESOURCES = {
    "BatchJobNotificationStateMachine": "AWS::StepFunctions::StateMachine",
    "BatchJobNotificationExecutionRole": "AWS::IAM::Role",
    "SNSTopic": "AWS::SNS::Topic",
    "BatchVPC": "AWS::EC2::VPC",
    "BatchSubnet": "AWS::EC2::Subnet",
    "BatchInternetGateway": "AWS::EC2::InternetGateway",
    "BatchVPCGatewayAttachment": "AWS::EC2::VPCGatewayAttachment",
    "PublicRouteTable": "AWS::EC2::RouteTable",
    "PublicRoute": "AWS::EC2::Route",
    "BatchSubnetRouteTableAssociation": "AWS::EC2::SubnetRouteTableAssociation",
    "BatchSecurityGroup": "AWS::EC2::SecurityGroup",
    "BatchAWSBatchServiceRole": "AWS::IAM::Role",
    "BatchEcsInstanceRole": "AWS::IAM::Role",
    "BatchIamInstanceProfile": "AWS::IAM::InstanceProfile",
    "BatchJobDefinition": "AWS::Batch::JobDefinition",
    "BatchComputeEnvironment": "AWS::Batch::ComputeEnvironment",
    "BatchJobQueue": "AWS::Batch::JobQueue",
}

# the definition of AWS's sample, with the references of its template
AWS_DEFINITION = {
    "Comment": "An example of the Amazon States Language for notification on an AWS Batch job completion",
    "StartAt": "Submit Batch Job",
    "TimeoutSeconds": 3600,
    "States": {
        "Submit Batch Job": {
            "Type": "Task",
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:states:::batch:submitJob.sync"},
            "Parameters": {
                "JobName": "BatchJobNotification",
                "JobQueue": {"Ref": "BatchJobQueue"},
                "JobDefinition": {"Ref": "BatchJobDefinition"},
            },
            "Next": "Notify Success",
            "Retry": [
                {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 30, "MaxAttempts": 2, "BackoffRate": 1.5}
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Notify Failure"}],
        },
        "Notify Success": {
            "Type": "Task",
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:states:::sns:publish"},
            "Parameters": {
                "Message": "Batch job submitted through Step Functions succeeded",
                "TopicArn": {"Ref": "SNSTopic"},
            },
            "End": True,
        },
        "Notify Failure": {
            "Type": "Task",
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:states:::sns:publish"},
            "Parameters": {
                "Message": "Batch job submitted through Step Functions failed",
                "TopicArn": {"Ref": "SNSTopic"},
            },
            "End": True,
        },
    },
}

COMPUTES = ["EC2", "SPOT", "FARGATE", "FARGATE_SPOT"]
FARGATE = ["FARGATE", "FARGATE_SPOT"]


def template(**options: Any) -> Any:
    return document(BatchJobNotification(**options).template())


def properties(name: str, **options: Any) -> Any:
    return template(**options)["Resources"][name]["Properties"]


def test_the_resources_are_those_of_aws_without_the_role_of_batch() -> None:
    expected = {name: kind for name, kind in AWS_RESOURCES.items() if name != "BatchAWSBatchServiceRole"}
    resources = template(availability_zones=1)["Resources"]
    assert {name: it["Type"] for name, it in resources.items()} == expected


def test_the_outputs_of_aws_are_there() -> None:
    outputs = template()["Outputs"]
    assert {name: outputs[name] for name in ("StateMachineArn", "ExecutionInput")} == {
        "StateMachineArn": {
            "Description": "The state machine.",
            "Value": {"Ref": "BatchJobNotificationStateMachine"},
        },
        "ExecutionInput": {"Description": "Sample input to StartExecution.", "Value": "{}"},
    }


def test_there_are_no_parameters() -> None:
    assert "Parameters" not in template()


def test_the_definition_is_that_of_aws() -> None:
    definition = properties("BatchJobNotificationStateMachine")["Definition"]
    assert json.dumps(definition, sort_keys=True) == json.dumps(AWS_DEFINITION, sort_keys=True)


def test_the_network_is_that_of_aws() -> None:
    resources = template(availability_zones=1)["Resources"]
    assert resources["BatchVPC"]["Properties"] == {"CidrBlock": "10.0.0.0/16"}
    assert resources["BatchSubnet"]["Properties"] == {
        "VpcId": {"Ref": "BatchVPC"},
        "CidrBlock": "10.0.0.0/24",
        "AvailabilityZone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]},  # which AWS leaves to chance
        "MapPublicIpOnLaunch": True,
    }


def test_nothing_reaches_jobs_and_they_reach_https_alone() -> None:
    group = properties("BatchSecurityGroup")
    assert "SecurityGroupIngress" not in group
    assert [(it["IpProtocol"], it["FromPort"], it["ToPort"]) for it in group["SecurityGroupEgress"]] == [
        ("tcp", 443, 443)
    ]


def test_the_job_is_that_of_aws_in_the_words_of_today() -> None:
    job = properties("BatchJobDefinition")
    assert job["RetryStrategy"] == {"Attempts": 1}
    assert job["ContainerProperties"]["Command"] == ["echo", "Hello world"]
    assert job["ContainerProperties"]["ResourceRequirements"] == [
        {"Type": "VCPU", "Value": "2"},
        {"Type": "MEMORY", "Value": "2000"},
    ]


def test_jobs_run_where_aws_runs_them() -> None:
    resources = properties("BatchComputeEnvironment")["ComputeResources"]
    assert {key: resources[key] for key in ("Type", "MinvCpus", "MaxvCpus", "InstanceTypes")} == {
        "Type": "EC2",
        "MinvCpus": 0,
        "MaxvCpus": 64,
        "InstanceTypes": ["optimal"],
    }


@pytest.mark.parametrize("zones", [1, 3])
def test_instances_keep_their_route_for_as_long_as_they_live(zones: int) -> None:
    environment = template(availability_zones=zones)["Resources"]["BatchComputeEnvironment"]
    numbers = ["", *map(str, range(2, zones + 1))]
    associations = [f"BatchSubnetRouteTableAssociation{number}" for number in numbers]
    assert environment["DependsOn"] == ["PublicRoute", *associations]


def test_the_route_waits_for_the_gateway_to_be_attached() -> None:
    assert template()["Resources"]["PublicRoute"]["DependsOn"] == "BatchVPCGatewayAttachment"


def test_every_zone_has_a_subnet_of_its_own_with_a_route() -> None:
    resources = template(availability_zones=3)["Resources"]
    subnets = ["BatchSubnet", "BatchSubnet2", "BatchSubnet3"]
    assert [resources[name]["Properties"]["AvailabilityZone"] for name in subnets] == [
        {"Fn::Select": [index, {"Fn::GetAZs": ""}]} for index in range(3)
    ]
    assert len({resources[name]["Properties"]["CidrBlock"] for name in subnets}) == 3
    assert [
        it["Properties"]["SubnetId"]["Ref"]
        for it in resources.values()
        if it["Type"] == "AWS::EC2::SubnetRouteTableAssociation"
    ] == subnets


@each_row("compute", COMPUTES)
def test_batch_moves_the_desired_capacity_so_the_template_does_not_name_it(compute: str) -> None:
    assert "DesiredvCpus" not in properties("BatchComputeEnvironment", compute=compute)["ComputeResources"]


@each_row("compute", COMPUTES)
def test_batch_takes_its_own_role(compute: str) -> None:
    environment = properties("BatchComputeEnvironment", compute=compute)
    assert "ServiceRole" not in environment
    assert "SpotIamFleetRole" not in environment["ComputeResources"]


@each_row("scope", [None, LEAST_PRIVILEGE], ids=["documented", "least privilege"])
@each_row("action", ["batch:TerminateJob", "events:PutTargets", "events:PutRule", "events:DescribeRule"])
def test_the_machine_may_be_created_and_may_end_its_jobs(scope: Any, action: str) -> None:
    options = {} if scope is None else {"scope": scope}
    [policy] = properties("BatchJobNotificationExecutionRole", **options)["Policies"]
    assert action in [it for one in policy["PolicyDocument"]["Statement"] for it in one["Action"]]


@each_row("compute", COMPUTES)
def test_only_instances_have_a_profile(compute: str) -> None:
    resources = template(compute=compute)["Resources"]
    assert ("BatchIamInstanceProfile" in resources) == (compute not in FARGATE)
    assert ("BatchEcsInstanceRole" in resources) == (compute not in FARGATE)


@pytest.mark.parametrize("compute", FARGATE)
def test_fargate_is_told_of_no_instances(compute: str) -> None:
    resources = properties("BatchComputeEnvironment", compute=compute)["ComputeResources"]
    assert set(resources) == {"Type", "MaxvCpus", "Subnets", "SecurityGroupIds"}


@pytest.mark.parametrize("compute", FARGATE)
def test_a_job_on_fargate_reaches_its_image(compute: str) -> None:
    container = properties("BatchJobDefinition", compute=compute)["ContainerProperties"]
    assert container["NetworkConfiguration"] == {"AssignPublicIp": "ENABLED"}
    assert container["ExecutionRoleArn"] == {"Fn::GetAtt": ["BatchExecutionRole", "Arn"]}


@each_row("compute", COMPUTES)
def test_a_job_runs_on_what_its_environment_has(compute: str) -> None:
    capability = "FARGATE" if compute in FARGATE else "EC2"
    assert properties("BatchJobDefinition", compute=compute)["PlatformCapabilities"] == [capability]


def test_a_job_on_ec2_needs_no_execution_role() -> None:
    assert "BatchExecutionRole" not in template()["Resources"]
    assert "NetworkConfiguration" not in properties("BatchJobDefinition")["ContainerProperties"]


@each_row("compute", COMPUTES)
def test_policies_are_inline_so_that_they_exist_before_what_needs_them(compute: str) -> None:
    types = [it["Type"] for it in template(compute=compute, log_level="ALL")["Resources"].values()]
    assert "AWS::IAM::Policy" not in types


@each_row("compute", COMPUTES)
@each_row("partition", ["arn:aws:", "arn:aws-cn:", "arn:aws-us-gov:"])
def test_no_partition_is_written_down(compute: str, partition: str) -> None:
    text = json.dumps(template(compute=compute, log_level="ALL", tracing=True, topic_key="create"))
    assert partition not in text


def test_a_job_on_arm_says_so_to_fargate_alone() -> None:
    on_fargate = properties("BatchJobDefinition", compute="FARGATE", architecture="ARM64")
    assert on_fargate["ContainerProperties"]["RuntimePlatform"] == {
        "CpuArchitecture": "ARM64",
        "OperatingSystemFamily": "LINUX",
    }
    on_ec2 = properties("BatchJobDefinition", architecture="ARM64")
    assert "RuntimePlatform" not in on_ec2["ContainerProperties"]


def test_instances_have_the_architecture_of_the_image() -> None:
    resources = properties("BatchComputeEnvironment", architecture="ARM64")["ComputeResources"]
    assert resources["InstanceTypes"] == ["default_arm64"]


SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"
PARAMETER = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/"


@each_row(
    ("secret", "action", "resource"),
    [
        (SECRET, "secretsmanager:GetSecretValue", SECRET),
        (f"{SECRET}:password::", "secretsmanager:GetSecretValue", SECRET),
        (f"{SECRET}:password:AWSCURRENT:", "secretsmanager:GetSecretValue", SECRET),
        ("/prod/db", "ssm:GetParameters", {"Fn::Sub": f"{PARAMETER}prod/db"}),
        ("db", "ssm:GetParameters", {"Fn::Sub": f"{PARAMETER}db"}),
        (
            "arn:aws:ssm:us-east-1:123456789012:parameter/db",
            "ssm:GetParameters",
            "arn:aws:ssm:us-east-1:123456789012:parameter/db",
        ),
    ],
)
def test_a_job_may_read_its_secrets_and_no_others(secret: str, action: str, resource: Any) -> None:
    [policy] = properties("BatchExecutionRole", secrets={"PASSWORD": secret})["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Action": [action], "Resource": [resource]}
    ]


@pytest.mark.parametrize(
    ("spelled", "resource"),
    [("${Secret}", {"Fn::Sub": "${Secret}"}), ("${Secret}:password::", {"Fn::Sub": "${Secret}"})],
)
def test_a_key_of_a_secret_that_a_template_makes_is_read_from_the_secret(
    spelled: str, resource: Any
) -> None:
    from troposphere import Sub

    [policy] = properties("BatchExecutionRole", secrets={"PASSWORD": Sub(spelled)})["Policies"]
    assert policy["PolicyDocument"]["Statement"][0]["Resource"] == [resource]


@each_row(
    ("key", "statements"),
    [
        (None, []),
        ("alias/aws/sns", []),
        (
            "arn:aws:kms:us-east-1:123456789012:key/k",
            [("arn:aws:kms:us-east-1:123456789012:key/k", None)],
        ),
        ("create", [({"Fn::GetAtt": ["SNSTopicKey", "Arn"]}, None)]),
        (
            "alias/own",
            [
                (
                    {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"},
                    "alias/own",
                )
            ],
        ),
    ],
    ids=str,
)
def test_the_machine_may_use_the_key_of_its_topic(key: Any, statements: list[Any]) -> None:
    [policy] = properties("BatchJobNotificationExecutionRole", topic_key=key)["Policies"]
    found = [it for it in policy["PolicyDocument"]["Statement"] if "kms:Decrypt" in it["Action"]]
    assert [
        (it["Resource"][0], it["Condition"].get("ForAnyValue:StringEquals", {}).get("kms:ResourceAliases"))
        for it in found
    ] == statements
    assert all(it["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"] for it in found)
    assert all(
        it["Condition"]["StringEquals"]
        == {"kms:ViaService": {"Fn::Sub": "sns.${AWS::Region}.amazonaws.com"}}
        for it in found
    )


def test_logs_are_deleted_with_the_stack_unless_they_are_kept() -> None:
    name = "BatchJobNotificationStateMachineLogGroup"
    for keep, policy in ((False, "Delete"), (True, "Retain")):
        group = template(log_level="ALL", keep_logs=keep)["Resources"][name]
        assert (group["DeletionPolicy"], group["UpdateReplacePolicy"]) == (policy, policy)


def test_no_subscription_is_made_when_the_address_is_left_empty() -> None:
    document = template(email="parameter")
    assert document["Resources"]["SNSTopicSubscription"]["Condition"] == "HasNotificationEmail"
    assert document["Conditions"] == {
        "HasNotificationEmail": {"Fn::Not": [{"Fn::Equals": [{"Ref": "NotificationEmail"}, ""]}]}
    }


def test_an_existing_network_is_taken_as_it_is() -> None:
    resources = template(vpc="vpc-0a1b2c3d", subnets=["subnet-0a1b2c3d"])["Resources"]
    assert [it["Type"] for it in resources.values() if it["Type"].startswith("AWS::EC2")] == [
        "AWS::EC2::SecurityGroup"
    ]
    assert resources["BatchComputeEnvironment"]["Properties"]["ComputeResources"]["Subnets"] == [
        "subnet-0a1b2c3d"
    ]


def test_an_existing_topic_is_taken_as_it_is() -> None:
    document = template(topic="arn:aws:sns:us-east-1:123456789012:alarms")
    assert "SNSTopic" not in document["Resources"]
    assert "TopicArn" not in document["Outputs"]
