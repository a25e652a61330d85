"""What the template does not tell is a note, and fails nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.audit.templates import PUBLISH, SUB, Changed, audited, codes, found


def test_a_role_of_elsewhere_is_named(golden: Callable[[str, str], None]) -> None:
    it = Changed()
    it.machine["RoleArn"] = {"Ref": "RoleArn"}
    golden("audit/a_role_of_elsewhere.txt", audited(it.template).stdout)
    assert audited(it.template, "--strict").exit_code == 0


@pytest.mark.parametrize(
    "role_arn",
    ["arn:aws:iam::123456789012:role/x", {"Fn::ImportValue": "role"}, "{{resolve:ssm:/role}}", {SUB: "${Nested.Outputs.Role}"}],
    ids=str,
)  # fmt: skip
def test_a_role_that_is_no_resource_of_the_template_is_not_guessed(role_arn: str | dict[str, str]) -> None:
    it = Changed()
    it.machine["RoleArn"] = role_arn
    assert codes(it.template) == ["UNKNOWN_ROLE"]


def test_a_policy_of_elsewhere_may_allow_what_is_missing(golden: Callable[[str, str], None]) -> None:
    it = Changed()
    del it.statements[PUBLISH]
    it.role["ManagedPolicyArns"] = ["arn:aws:iam::123456789012:policy/ours"]
    result = audited(it.template, "--strict")
    assert result.exit_code == 0
    golden("audit/a_policy_of_elsewhere.txt", result.stdout)


def test_a_policy_that_aws_keeps_is_known_where_its_content_is() -> None:
    it = Changed()
    del it.statements[PUBLISH]
    it.role["ManagedPolicyArns"] = [{SUB: "arn:${AWS::Partition}:iam::aws:policy/AmazonSNSFullAccess"}]
    assert codes(it.template) == ["EXCESS_POLICY"]
    it.role["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/AmazonSNSReadOnlyAccess"]
    assert codes(it.template) == ["MISSING_PERMISSION", "EXCESS_POLICY"]


def test_a_policy_of_aws_that_nobody_knows_is_named() -> None:
    it = Changed()
    it.role["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/OfTheNextYear"]
    assert codes(it.template) == ["UNKNOWN_POLICY"]


def test_without_the_package_no_content_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    from cfngen.audit import catalogs as known

    monkeypatch.setattr(known, "_managed_policies", dict)
    it = Changed()
    del it.statements[PUBLISH]
    it.role["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/AmazonSNSFullAccess"]
    assert codes(it.template) == ["UNDECIDED_PERMISSION", "UNKNOWN_POLICY"]


CONDITIONS = {
    "a tag": {"StringEquals": {"aws:ResourceTag/team": "night"}},
    "an organization": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
    "an operator that there is not": {"StringSounds": {"aws:SecureTransport": "true"}},
    "a value that is none": {"StringEquals": {"aws:SecureTransport": {"no": 1}}},
}


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_condition_on_what_is_not_known_may_hold_or_not(condition: dict[str, Any], effect: str) -> None:
    it = Changed()
    if effect == "Allow":
        it.statements[PUBLISH]["Condition"] = condition
    else:
        it.add("sns:Publish", "*", "Deny", Condition=condition)
    assert codes(it.template) == ["UNDECIDED_PERMISSION"]
    assert audited(it.template, "--strict").exit_code == 0


def test_a_deny_of_what_is_not_needed_denies_nothing() -> None:
    it = Changed()
    it.add("sns:Publish", {"Ref": "Other"}, "Deny")
    it.add("sns:DeleteTopic", "*", "Deny")
    it.add("*", "*", "Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})
    assert codes(it.template, "--strict") == []


def test_a_parameter_may_be_the_topic_or_not() -> None:
    it = Changed()
    it.template["Parameters"]["Arn"] = {"Type": "String"}
    it.statements[PUBLISH]["Resource"] = {"Ref": "Arn"}
    assert codes(it.template) == ["UNDECIDED_PERMISSION"]
    it.states["Tell"]["Parameters"]["TopicArn"] = {"Ref": "Arn"}
    assert codes(it.template, "--strict") == []


def test_the_default_of_a_parameter_is_what_it_likely_is() -> None:
    it = Changed()
    it.template["Parameters"]["Name"] = {"Type": "String", "Default": "alarms"}
    it.statements[PUBLISH]["Resource"] = {SUB: "arn:aws:sns:*:*:${Name}"}
    it.states["Tell"]["Parameters"]["TopicArn"] = "arn:aws:sns:eu-west-1:123456789012:alarms"
    assert [code for code in codes(it.template) if code != "EXCESS_RESOURCE"] == []
    it.states["Tell"]["Parameters"]["TopicArn"] = "arn:aws:sns:eu-west-1:123456789012:others"
    assert codes(it.template) == ["UNDECIDED_PERMISSION"]


def test_a_topic_that_is_only_known_at_run_time_may_be_one_of_those() -> None:
    it = Changed()
    parameters = it.states["Tell"]["Parameters"]
    del parameters["TopicArn"]
    parameters["TopicArn.$"] = "$.topic"
    assert codes(it.template) == ["UNDECIDED_PERMISSION"]
    it.statements[PUBLISH]["Resource"] = "*"
    assert codes(it.template, "--strict") == []
    it.statements[PUBLISH]["Resource"] = "arn:aws:sns:eu-west-1:999999999999:theirs"
    assert codes(it.template) == ["UNDECIDED_PERMISSION"]
    del it.statements[PUBLISH]
    assert codes(it.template) == ["MISSING_PERMISSION"]


def test_what_nobody_knows_to_need_may_need_what_seems_excess(golden: Callable[[str, str], None]) -> None:
    it = Changed()
    it.states["Tell"]["Resource"] = "arn:aws:rds:eu-west-1:123456789012:db:orders"
    result = audited(it.template)
    assert result.exit_code == 0
    golden("audit/what_nobody_knows.txt", result.stdout)


def test_a_role_that_others_take_may_have_more(golden: Callable[[str, str], None]) -> None:
    it = Changed()
    it.add("sqs:SendMessage", "*")
    it.resources["Function"] = {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}},
    }
    result = audited(it.template, "--strict")
    assert result.exit_code == 0
    golden("audit/a_role_that_others_take.txt", result.stdout)


def test_too_many_conditions_are_not_all_tried() -> None:
    it = Changed()
    for index in range(12):
        it.template["Parameters"][f"P{index}"] = {"Type": "String"}
        it.template["Conditions"][f"C{index}"] = {"Fn::Equals": [{"Ref": f"P{index}"}, "yes"]}
        it.statements.append(
            {"Fn::If": [f"C{index}", {"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Ref": "Topic"}}, {"Ref": "AWS::NoValue"}]}
        )  # fmt: skip
    assert codes(it.template) == ["NOT_ALL_CONDITIONS"]


def test_conditions_that_exclude_each_other_make_no_assignment() -> None:
    it = Changed()
    it.template["Parameters"]["Stage"]["AllowedValues"] = ["dev", "prod"]
    it.template["Conditions"]["IsDev"] = {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}
    statement = it.statements.pop(PUBLISH)
    for condition in ("IsProd", "IsDev"):
        it.statements.append({"Fn::If": [condition, statement, {"Ref": "AWS::NoValue"}]})
    assert codes(it.template) == []


def test_notes_do_not_stop_code_scanning_or_github() -> None:
    it = Changed()
    it.machine["RoleArn"] = {"Ref": "RoleArn"}
    assert audited(it.template, "--format", "github").stdout.startswith("::notice file=template.json,line=")
    assert '"level": "note"' in audited(it.template, "--format", "sarif").stdout
    assert found(it.template) == [("UNKNOWN_ROLE", "note", "/Resources/Machine/Properties/RoleArn")]


def call(it: Any, resource: Any, parameters: Any, action: Any, on: Any) -> None:
    """Let the second state call something else, of which the role has one permission."""
    it.states["Tell"] = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
    del it.statements[PUBLISH]
    it.add(action, on)


def test_roles_of_a_task_definition_may_have_to_be_passed() -> None:
    it = Changed()
    definition = "arn:aws:ecs:us-east-1:123456789012:task-definition/pack:3"
    call(it, "arn:aws:states:::ecs:runTask", {"TaskDefinition": definition}, "ecs:RunTask", definition)
    assert codes(it.template) == ["UNDECIDED_PERMISSION"]
    it.states["Tell"]["Parameters"]["Overrides"] = {
        "TaskRoleArn": "arn:aws:iam::123456789012:role/packer",
        "ExecutionRoleArn": "arn:aws:iam::123456789012:role/puller",
    }
    assert codes(it.template) == ["MISSING_PERMISSION"]


def test_the_service_s_own_role_may_be_there_already() -> None:
    it = Changed()
    arguments = {"Name": "nights", "ContainerProvider": {"Id": "orders", "Type": "EKS"}}
    resource = "arn:aws:states:::emr-containers:createVirtualCluster"
    call(it, resource, arguments, "emr-containers:CreateVirtualCluster", "*")
    assert codes(it.template) == ["UNDECIDED_PERMISSION"]
