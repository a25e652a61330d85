"""Stacks with every option, and with every pair of options that one stack can have, are created and deleted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

import pytest

from cfngen.local import Running
from cfngen.local.deployment import CAPABILITIES
from cfngen.stacks import BatchJobNotification
from cfngen.template import to_json
from tests.local.test_aws_cli import everything
from tests.stacks.choices import KEY, TOPIC, Settings, covering, covering_values

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"


@pytest.fixture(scope="module")
def existing(running: Running) -> Iterator[Mapping[str, str]]:
    """Return what exists in the account, by the ids that the choices have and by the names of parameters."""
    ec2, stacks = running.client("ec2"), running.client("cloudformation")
    [vpc] = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    of_vpc = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    subnets = [it["SubnetId"] for it in ec2.describe_subnets(Filters=of_vpc)["Subnets"][:2]]
    [group] = [it["GroupId"] for it in ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"]]
    exports = {"vpc": vpc["VpcId"], "a": subnets[0], "b": subnets[1], "subnets": ",".join(subnets)}
    exports |= {"group": group, "topic": TOPIC, "key": KEY, "log-key": KEY, "secret": SECRET}
    exports["email"] = "me@example.com"
    outputs = {
        f"Output{number}": {"Value": value, "Export": {"Name": name}}
        for number, (name, value) in enumerate(exports.items())
    }
    template = {"Resources": {"Other": {"Type": "AWS::SNS::Topic"}}, "Outputs": outputs}
    stacks.create_stack(StackName="exports", TemplateBody=json.dumps(template))
    parameters = {"VpcId": vpc["VpcId"], "SubnetIds": exports["subnets"], "TopicArn": TOPIC}
    parameters |= {"NotificationEmail": "me@example.com", "MyEmail": "me@example.com"}
    parameters |= {"MyVpc": vpc["VpcId"], "MySubnets": exports["subnets"]}
    yield {
        "vpc-0a1b2c3d": vpc["VpcId"],
        "subnet-0a1b2c3d": subnets[0],
        "subnet-4e5f6a7b": subnets[1],
        "sg-0a1b2c3d": group,
        **parameters,
    }
    stacks.delete_stack(StackName="exports")


def deployed_and_deleted(running: Running, existing: Mapping[str, str], settings: Settings) -> str:
    """Create and delete a stack; return what went wrong."""
    stacks, template = running.client("cloudformation"), BatchJobNotification(**settings).template()
    text = to_json(template)
    for name, real in existing.items():
        text = text.replace(f'"{name}"', f'"{real}"') if "-" in name else text
    stack_id = stacks.create_stack(
        StackName="options",
        TemplateBody=text,
        Capabilities=list(CAPABILITIES),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": existing[name]} for name in template.parameters
        ],
    )["StackId"]
    [created] = stacks.describe_stacks(StackName=stack_id)["Stacks"]
    pages = stacks.get_paginator("list_stack_resources").paginate(StackName=stack_id)
    resources_by_id = {
        it["LogicalResourceId"]: it for page in pages for it in page["StackResourceSummaries"]
    }
    events = stacks.describe_stack_events(StackName=stack_id)["StackEvents"]
    reasons = [it["ResourceStatusReason"] for it in events if it["ResourceStatus"] == "CREATE_FAILED"]
    stacks.delete_stack(StackName=stack_id)
    [deleted] = stacks.describe_stacks(StackName=stack_id)["Stacks"]
    states = created["StackStatus"], deleted["StackStatus"]
    if (
        states != ("CREATE_COMPLETE", "DELETE_COMPLETE")
        or resources_by_id.keys() != template.resources.keys()
    ):
        return f"{settings}: {states}, {reasons}, only {sorted(resources_by_id)}\n"
    for name, resource in template.resources.items():
        if resource.resource_type == "AWS::Logs::LogGroup" and resource.DeletionPolicy == "Retain":
            running.client("logs").delete_log_group(
                logGroupName=resources_by_id[name]["PhysicalResourceId"]
            )
    return ""


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(covering_values, id="values"),
        pytest.param(covering, id="pairs", marks=pytest.mark.long),
    ],
)
def test_stacks_with_every_option_leave_nothing_behind(
    running: Running, existing: Mapping[str, str], rows: Callable[[], list[Settings]]
) -> None:
    before = everything(running)
    assert "".join(deployed_and_deleted(running, existing, row) for row in rows()) == ""
    assert everything(running) == before
