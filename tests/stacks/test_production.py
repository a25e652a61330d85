"""What runs for years: networks, updates, jobs that never start, failures, logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from cfngen import LEAST_PRIVILEGE
from cfngen.cfn.evaluation import Evaluation
from cfngen.stacks import BatchJobNotification, StackError
from cfngen.template import document
from tests.rows import each_row
from tests.stacks.choices import CHOICES, ECR, Settings

Golden = Callable[[str, str], None]


def resources(**options: Any) -> Any:
    return document(BatchJobNotification(**options).template())["Resources"]


def properties(name: str, **options: Any) -> Any:
    return resources(**options)[name]["Properties"]


def states(**options: Any) -> Any:
    return properties("BatchJobNotificationStateMachine", **options)["Definition"]["States"]


# --- the network ----------------------------------------------------------------------------------


# not every zone has every instance type: https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html
def test_jobs_can_run_in_two_zones() -> None:
    stack = resources()
    zones = [
        stack[name]["Properties"]["AvailabilityZone"]["Fn::Select"]
        for name in ("BatchSubnet", "BatchSubnet2")
    ]
    assert zones == [[0, {"Fn::GetAZs": ""}], [1, {"Fn::GetAZs": ""}]]


def test_private_subnets_have_a_route_to_a_nat_gateway_alone() -> None:
    stack = resources(nat_gateway=True)
    for number in ("", "2"):
        association = stack[f"BatchPrivateSubnetRouteTableAssociation{number}"]["Properties"]
        assert association["RouteTableId"] == {"Ref": "BatchPrivateRouteTable"}
        assert "MapPublicIpOnLaunch" not in stack[f"BatchPrivateSubnet{number}"]["Properties"]
    routes = [it["Properties"] for it in stack.values() if it["Type"] == "AWS::EC2::Route"]
    assert [it for it in routes if it["RouteTableId"] == {"Ref": "BatchPrivateRouteTable"}] == [
        {
            "RouteTableId": {"Ref": "BatchPrivateRouteTable"},
            "DestinationCidrBlock": "0.0.0.0/0",
            "NatGatewayId": {"Ref": "BatchNatGateway"},
        }
    ]
    assert stack["BatchNatGateway"]["Properties"]["SubnetId"] == {"Ref": "BatchSubnet"}


def test_instances_keep_the_way_through_the_nat_gateway_for_as_long_as_they_live() -> None:
    environment = resources(nat_gateway=True)["BatchComputeEnvironment"]
    assert environment["DependsOn"] == [
        "PublicRoute",
        "BatchSubnetRouteTableAssociation",
        "BatchSubnetRouteTableAssociation2",
        "BatchPrivateRoute",
        "BatchPrivateSubnetRouteTableAssociation",
        "BatchPrivateSubnetRouteTableAssociation2",
    ]
    assert environment["Properties"]["ComputeResources"]["Subnets"] == [
        {"Ref": "BatchPrivateSubnet"},
        {"Ref": "BatchPrivateSubnet2"},
    ]


# https://docs.aws.amazon.com/batch/latest/userguide/vpc-endpoint-considerations.html: Fargate needs none of Amazon
# ECS; https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html: layers of images are in Amazon S3
@pytest.mark.parametrize(
    ("options", "services"),
    [
        ({"compute": "FARGATE"}, ["s3", "ecr.api", "ecr.dkr", "logs"]),
        ({}, ["s3", "ecr.api", "ecr.dkr", "logs", "ecs", "ecs-agent", "ecs-telemetry"]),
        (
            {
                "compute": "FARGATE",
                "endpoint_services": ["dynamodb", "logs"],
                "secrets": {"A": "/a", "B": "/b"},
            },
            ["s3", "ecr.api", "ecr.dkr", "logs", "dynamodb", "ssm"],
        ),
    ],
)
def test_jobs_without_the_internet_reach_what_batch_needs_by_endpoints(
    options: Settings, services: list[str]
) -> None:
    stack = document(BatchJobNotification(vpc_endpoints=True, image=ECR, **options).template())
    resources: Any = stack["Resources"]
    endpoints = {
        name: it["Properties"] for name, it in resources.items() if it["Type"] == "AWS::EC2::VPCEndpoint"
    }
    deployed = Evaluation(stack, {}, stack="jobs", region="here-1", account="123456789012", partition="aws")
    names = [deployed.value(it["ServiceName"]) for it in endpoints.values()]
    assert names == [f"com.amazonaws.here-1.{service}" for service in services]
    for name, it in endpoints.items():
        if it["VpcEndpointType"] == "Gateway":
            assert it["RouteTableIds"] == [{"Ref": "BatchPrivateRouteTable"}]
        else:
            assert it["PrivateDnsEnabled"] is True
            assert it["SubnetIds"] == [{"Ref": "BatchPrivateSubnet"}, {"Ref": "BatchPrivateSubnet2"}]
            assert it["SecurityGroupIds"] == [{"Ref": "BatchEndpointSecurityGroup"}]
        assert name in resources["BatchComputeEnvironment"]["DependsOn"]
    [rule] = resources["BatchEndpointSecurityGroup"]["Properties"]["SecurityGroupIngress"]
    assert (rule["FromPort"], rule["ToPort"]) == (443, 443)
    assert rule["SourceSecurityGroupId"] == {"Ref": "BatchSecurityGroup"}
    assert resources["BatchVPC"]["Properties"]["EnableDnsHostnames"] is True
    assert "AWS::EC2::InternetGateway" not in {it["Type"] for it in resources.values()}


# as ``aws ec2 describe-vpc-endpoint-services`` lists them there, by the table of the AWS CDK
def test_the_registry_s_endpoints_have_another_name_in_china() -> None:
    stack = document(BatchJobNotification(vpc_endpoints=True, image=ECR, compute="FARGATE").template())
    deployed = Evaluation(
        stack, {}, stack="jobs", region="cn-north-1", account="123456789012", partition="aws-cn"
    )
    resources: Any = stack["Resources"]
    assert {
        name: deployed.value(it["Properties"]["ServiceName"])
        for name, it in resources.items()
        if it["Type"] == "AWS::EC2::VPCEndpoint"
    } == {
        "BatchS3Endpoint": "com.amazonaws.cn-north-1.s3",
        "BatchEcrApiEndpoint": "cn.com.amazonaws.cn-north-1.ecr.api",
        "BatchEcrDkrEndpoint": "cn.com.amazonaws.cn-north-1.ecr.dkr",
        "BatchLogsEndpoint": "com.amazonaws.cn-north-1.logs",
    }


def test_endpoints_may_stand_beside_a_nat_gateway() -> None:
    stack = resources(vpc_endpoints=True, nat_gateway=True)
    assert {"BatchNatGateway", "BatchInternetGateway", "BatchS3Endpoint"} <= stack.keys()


@pytest.mark.parametrize(("options", "expected"), [({}, "ENABLED"), ({"nat_gateway": True}, "DISABLED")])
def test_a_job_has_a_public_address_only_in_a_public_subnet(options: Settings, expected: str) -> None:
    container = properties("BatchJobDefinition", compute="FARGATE", **options)["ContainerProperties"]
    assert container["NetworkConfiguration"] == {"AssignPublicIp": expected}


# --- updates --------------------------------------------------------------------------------------


# https://docs.aws.amazon.com/batch/latest/userguide/infrastructure-updates.html
@pytest.mark.parametrize(
    ("compute", "strategy"), [("EC2", "BEST_FIT_PROGRESSIVE"), ("SPOT", "SPOT_PRICE_CAPACITY_OPTIMIZED")]
)
def test_an_environment_with_instances_is_updated_in_place(compute: str, strategy: str) -> None:
    environment = properties("BatchComputeEnvironment", compute=compute)
    assert environment["ReplaceComputeEnvironment"] is False
    assert environment["ComputeResources"]["AllocationStrategy"] == strategy
    assert environment["ComputeResources"]["UpdateToLatestImageVersion"] is True


def test_an_environment_on_fargate_has_nothing_of_instances() -> None:
    environment = properties("BatchComputeEnvironment", compute="FARGATE")
    assert "ReplaceComputeEnvironment" not in environment
    assert set(environment["ComputeResources"]) == {"Type", "MaxvCpus", "Subnets", "SecurityGroupIds"}


def test_instances_take_their_settings_from_a_version_of_a_launch_template() -> None:
    stack = resources(require_imdsv2=True, volume_size=100)
    assert stack["BatchComputeEnvironment"]["Properties"]["ComputeResources"]["LaunchTemplate"] == {
        "LaunchTemplateId": {"Ref": "BatchLaunchTemplate"},
        "Version": {"Fn::GetAtt": ["BatchLaunchTemplate", "LatestVersionNumber"]},
    }
    assert stack["BatchLaunchTemplate"]["Properties"]["LaunchTemplateData"] == {
        "BlockDeviceMappings": [
            {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 100, "VolumeType": "gp3", "Encrypted": True}}
        ],
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
    }


# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-batch-jobdefinition-resourceretentionpolicy.html
def test_an_update_leaves_the_revision_that_running_executions_name() -> None:
    assert properties("BatchJobDefinition")["ResourceRetentionPolicy"] == {"SkipDeregisterOnUpdate": True}


def test_the_role_may_submit_every_revision_of_its_job_and_no_other_job() -> None:
    role = properties("BatchJobNotificationExecutionRole", scope=LEAST_PRIVILEGE)
    statements = role["Policies"][0]["PolicyDocument"]["Statement"]
    may_submit = [it["Resource"] for it in statements if "batch:SubmitJob" in it["Action"]]
    name = {"Fn::Select": [5, {"Fn::Split": [":", {"Ref": "BatchJobDefinition"}]}]}
    arn = "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:${JobDefinition}:*"
    assert may_submit == [
        [{"Ref": "BatchJobDefinition"}, {"Ref": "BatchJobQueue"}],
        [{"Fn::Sub": [arn, {"JobDefinition": name}]}],
    ]


def at(pointer: str, value: Any) -> Any:
    """Return what stands at a pointer of a schema's, such as ``/properties/Tags``."""
    for step in pointer.split("/")[2:]:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def replaced(before: Any, after: Any) -> Iterator[str]:
    """Yield each resource that an update replaces, with the properties because of which it does."""
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

    for name in before.keys() & after.keys():
        kind = before[name]["Type"]
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
        old, new = ({"properties": it[name].get("Properties", {})} for it in (before, after))
        changed = [
            pointer.removeprefix("/properties/")
            for pointer in schema.get("createOnlyProperties", ())
            if at(f"{pointer}", old["properties"]) != at(f"{pointer}", new["properties"])
        ]
        if changed:
            yield f"{name} ({', '.join(sorted(changed))})"


@pytest.mark.slow
def test_what_an_update_replaces_is_what_the_golden_says(golden: Golden) -> None:
    lines = []
    for option, choices in CHOICES.items():
        for settings in choices:
            base = {name: value for name, value in settings.items() if name != option}
            if option in ("workflow", "type"):
                continue
            try:
                before, after = resources(**base), resources(**settings)
            except StackError:  # the setting needs the other option: there is no such update
                continue
            lines += [f"{option}: {line}" for line in sorted(replaced(before, after))]
    golden("stacks/replaced.txt", "\n".join(dict.fromkeys(lines)) + "\n")
    # a subnet has its addresses, and an association its subnet: the new one could not be made beside the old
    assert not [line for line in lines if "Subnet" in line]


# --- jobs that never start, or fail ---------------------------------------------------------------


# https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_time_limit_actions.html
def test_a_job_that_cannot_start_is_cancelled() -> None:
    actions = properties("BatchJobQueue", runnable_timeout=600)["JobStateTimeLimitActions"]
    assert {it["Reason"] for it in actions} == {
        "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
        "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE",
        "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
    }
    assert {(it["State"], it["MaxTimeSeconds"], it["Action"]) for it in actions} == {
        ("RUNNABLE", 600, "CANCEL")
    }
    assert "JobStateTimeLimitActions" not in properties("BatchJobQueue")


def test_a_job_that_runs_too_long_fails_its_task_before_the_execution_ends() -> None:
    machine = properties("BatchJobNotificationStateMachine", task_timeout=1000, timeout=3600)["Definition"]
    assert machine["States"]["Submit Batch Job"]["TimeoutSeconds"] == 1000
    assert machine["TimeoutSeconds"] == 3600


def test_an_execution_whose_job_fails_can_end_as_failed_with_the_jobs_error() -> None:
    failed = states(fail_execution=True)
    assert failed["Submit Batch Job"]["Catch"][0]["Next"] == "Notify Failure"
    assert failed["Notify Failure"]["Next"] == "Fail Execution"
    assert failed["Fail Execution"] == {"Type": "Fail", "ErrorPath": "$.Error", "CausePath": "$.Cause"}
    assert "Fail Execution" not in states()


# the console's domains: https://github.com/apache/airflow, providers/amazon, links/base_aws.py
@each_row(
    ("partition", "domain"),
    [
        ("aws", "console.aws.amazon.com"),
        ("aws-cn", "console.amazonaws.cn"),
        ("aws-us-gov", "console.amazonaws-us-gov.com"),
        ("aws-iso", "console.aws.amazon.com"),
    ],
)
def test_a_failure_is_told_with_a_link_to_the_execution_in_the_console(partition: str, domain: str) -> None:
    template: Any = document(BatchJobNotification(fail_execution=True).template())
    deployed = Evaluation(
        template, {}, stack="jobs", region="here-1", account="123456789012", partition=partition
    )
    message = states(fail_execution=True)["Notify Failure"]["Parameters"]["Message.$"]
    assert deployed.value(message) == (
        "States.Format('The Batch job failed: {}: {}. "
        f"https://{domain}/states/home?region=here-1#/v2/executions/details/{{}}', "
        "$.Error, $.Cause, $$.Execution.Id)"
    )


# --- logs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("compute", ["EC2", "FARGATE"])
def test_a_job_can_log_to_a_group_of_the_stack(compute: str) -> None:
    stack = resources(job_logs=True, log_retention=7, compute=compute, keep_logs=True)
    container = stack["BatchJobDefinition"]["Properties"]["ContainerProperties"]
    assert container["LogConfiguration"] == {
        "LogDriver": "awslogs",
        "Options": {"awslogs-group": {"Ref": "BatchJobLogGroup"}},
    }
    group = stack["BatchJobLogGroup"]
    assert (group["DeletionPolicy"], group["Properties"]) == ("Retain", {"RetentionInDays": 7})


def test_a_key_encrypts_every_log_group() -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    stack = resources(job_logs=True, log_level="ALL", log_key=key)
    groups = [it["Properties"]["KmsKeyId"] for it in stack.values() if it["Type"] == "AWS::Logs::LogGroup"]
    assert groups == [key, key]
