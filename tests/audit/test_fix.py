"""The policy that would replace those of a role has what is needed, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cfngen.cli import main
from cfngen.documents.source import ReadError, parse
from cfngen.iam.derive import Scope, derive
from cfngen.inputs.auditing import fixed_file
from cfngen.inputs.machines import machines_of
from tests.audit.templates import DESCRIBE, PUBLISH, RULES, SUB, SUBMIT, TERMINATE, Changed, audited, codes
from tests.audit.test_faults import ERRORS, WARNINGS, changed
from tests.iam.test_scopes import CALLS, arguments, nested
from tests.rings import examples

POLICY_FAULTS = [
    fault
    for fault in (*ERRORS, *WARNINGS)
    if ERRORS.get(fault, ("",))[0] not in ("UNTRUSTED_SERVICE", "INVALID_ROLE", "DENIED_PERMISSION")
    and fault.__name__ not in ("bound_too_tightly", "in_production_alone")
]


def fixed(template: dict[str, Any], *options: Any) -> Any:
    result = audited(template, "--fix", *options)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def with_policy(template: dict[str, Any], document: Any) -> dict[str, Any]:
    return {
        **template,
        "Resources": {
            **template["Resources"],
            "Role": {
                **template["Resources"]["Role"],
                "Properties": {
                    **template["Resources"]["Role"]["Properties"],
                    "Policies": [{"PolicyName": "p", "PolicyDocument": document}],
                },
            },
        },
    }


def test_what_cannot_be_read_is_said_to_be_left_out() -> None:
    it = Changed()
    it.role["Policies"].append({"PolicyName": "Other", "PolicyDocument": "{ no JSON"})
    it.role["ManagedPolicyArns"] = ["arn:aws:iam::111111111111:policy/Ours"]
    result = audited(it.template, "--fix")
    place = "warning: template.json: /Resources/Role/Properties"
    assert result.stderr.splitlines() == [
        f"{place}/Policies/1/PolicyDocument: the policy is not JSON: "
        "expecting property name enclosed in double quotes at character 3, and is left out",
        f"{place}/ManagedPolicyArns/0: what the policy arn:aws:iam::111111111111:policy/Ours allows "
        "is not known, and is left out",
    ]


@pytest.mark.parametrize("fault", POLICY_FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.slow
def test_nothing_is_found_once_it_replaces_the_policy(fault: Callable[..., Any]) -> None:
    template = changed(fault)
    assert codes(template, "--strict") != []
    assert codes(with_policy(template, fixed(template, "--strict")), "--strict") == []


def test_what_is_just_right_stays_as_it_is() -> None:
    it = Changed()
    document = fixed(it.template, "--strict")
    assert [one["Action"] for one in document["Statement"]] == [
        ["batch:SubmitJob"],
        ["batch:DescribeJobs"],
        ["batch:TerminateJob"],
        ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
        ["sns:Publish"],
    ]
    assert document["Statement"][SUBMIT]["Resource"] == it.statements[SUBMIT]["Resource"]
    assert document["Statement"][TERMINATE]["Resource"] == [it.statements[TERMINATE]["Resource"]]


def test_conditions_sids_and_denials_stay(golden: Callable[[str, str], None]) -> None:
    it = Changed()
    it.statements[PUBLISH] |= {
        "Sid": "Tells",
        "Condition": {"StringEquals": {"aws:ResourceAccount": "123456789012"}},
    }
    it.statements[DESCRIBE]["Action"] = ["batch:DescribeJobs", "batch:ListJobs"]
    it.add("sns:DeleteTopic", "*", "Deny")
    del it.statements[RULES]
    golden("audit/fixed.json", json.dumps(fixed(it.template), indent=2) + "\n")


def test_a_narrower_choice_of_the_author_stays() -> None:
    it = Changed()
    parameters = it.states["Tell"]["Parameters"]
    del parameters["TopicArn"]
    parameters["TopicArn.$"] = "$.topic"
    assert {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": [{"Ref": "Topic"}]} in fixed(
        it.template
    )["Statement"]


def test_where_conditions_make_it_differ_each_is_printed() -> None:
    it = Changed()
    topic = {"Fn::If": ["IsProd", {"Ref": "Topic"}, {"Ref": "Other"}]}
    it.statements[PUBLISH]["Resource"] = topic
    it.states["Tell"]["Parameters"]["TopicArn"] = topic
    assert fixed(it.template)["Statement"][-1]["Resource"] == [topic]
    named = it.statements[PUBLISH] | {"Sid": "Tells"}
    it.statements[PUBLISH] = {"Fn::If": ["IsProd", named, {"Ref": "AWS::NoValue"}]}
    documents = fixed(it.template)
    assert [documents[name]["Statement"][-1] for name in documents] == [
        {"Sid": "Tells", "Effect": "Allow", "Action": ["sns:Publish"], "Resource": [{"Ref": "Topic"}]},
        {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": [{"Ref": "Other"}]},
    ]
    assert list(documents) == ["Role (where IsProd is true)", "Role (where IsProd is false)"]


def test_a_template_in_yaml_has_a_policy_in_yaml() -> None:
    it = Changed()
    del it.statements[PUBLISH]
    from cfngen.template import to_yaml

    Path("template.yaml").write_text(to_yaml(it.template), encoding="utf-8")
    result = CliRunner().invoke(main, ["audit", "--fix", "template.yaml"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith(
        "- Effect: Allow\n  Action:\n  - sns:Publish\n  Resource:\n  - !Ref Topic\n"
    )
    assert json.loads(
        CliRunner().invoke(main, ["audit", "--fix", "template.yaml", "--format", "json"]).stdout
    )


def test_without_a_role_there_is_nothing_to_fix() -> None:
    it = Changed()
    it.machine["RoleArn"] = {"Ref": "RoleArn"}
    result = audited(it.template, "--fix")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: template.json: there is no role of a state machine\n"


ACTIONS = [
    "sns:Publish",
    "sns:*",
    "batch:SubmitJob",
    "batch:*",
    "batch:DescribeJobs",
    "batch:TerminateJob",
    "events:Put*",
    "events:DescribeRule",
    "sqs:SendMessage",
    "*",
]
RESOURCES = [
    "*",
    {"Ref": "Topic"},
    {"Ref": "Other"},
    {"Ref": "Queue"},
    {"Ref": "OtherQueue"},
    {SUB: "arn:${AWS::Partition}:batch:*:*:job-definition/*"},
    "arn:aws:sns:*:*:*",
]
statements = st.fixed_dictionaries(
    {
        "Effect": st.just("Allow"),
        "Action": st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3),
        "Resource": st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=3),
    }
)


@examples(60)
@given(st.lists(statements, max_size=5))
def test_whatever_the_role_allows_its_fix_is_just_right(role_statements: Any) -> None:
    it = Changed()
    it.document["Statement"] = role_statements
    Path("template.json").write_text(json.dumps(it.template), encoding="utf-8")
    [document] = fixed_file("template.json", strict=True)[0].values()
    assert codes(with_policy(it.template, document), "--strict") == []


SDK_CALLS = {
    "dynamodb:restoreTableFromBackup": {
        "TargetTableName": "t",
        "BackupArn": "arn:aws:dynamodb:*:*:table/t/backup/b",
    },
    "lambda:updateFunctionCode": {"FunctionName": "f", "S3Bucket": "b", "S3Key": "k"},
    "s3:putObject": {"Bucket": "b", "Key": "k", "SsekmsKeyId": "1234abcd"},
    "ec2:createVolume": {"AvailabilityZone": "a", "KmsKeyId": "1234abcd"},
    "translate:translateText": {"Text": "hello"},
    "eks:createNodegroup": {"ClusterName": "c", "NodegroupName": "n", "NodeRole": "arn:aws:iam::*:role/n"},
}
OPTIMIZED_CALLS = {f"{task.service}:{task.action}{pattern.value}": task for task, pattern in CALLS}
UNEXPLAINED = ["iam:CreateUser", "s3:DeleteBucket"]


@st.composite
def called(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """What a task calls, with arguments."""
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(SDK_CALLS)))
        return f"aws-sdk:{name}", SDK_CALLS[name]
    name = draw(st.sampled_from(sorted(OPTIMIZED_CALLS)))
    return name, nested(draw(arguments(OPTIMIZED_CALLS[name])))


@examples(60)
@given(called(), st.data())
def test_no_action_is_dropped_that_something_explains(
    call: tuple[str, dict[str, Any]], data: st.DataObject
) -> None:
    """The dependent actions of the reference, the table, and but for ``--strict`` the integration's page."""
    strict = data.draw(st.booleans())
    it = Changed()
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{call[0]}", "Parameters": call[1], "End": True}
    it.machine["Definition"] = {"StartAt": "Call", "States": {"Call": state}}
    [machine], _ = machines_of(parse(json.dumps(it.template), "template.json"))
    explained = set()
    for scope in (Scope.LEAST_PRIVILEGE,) if strict else Scope:
        derived = derive(machine.workflow.linked, scope, (), "calls", machine.resources)
        explained |= {action.JSONrepr() for one in derived.permissions for action in one.actions}
        explained |= {action for one in derived.dependent for action in one.actions}
    role = data.draw(st.lists(st.sampled_from([*sorted(explained), *UNEXPLAINED]), unique=True, min_size=1))
    it.document["Statement"] = [{"Effect": "Allow", "Action": role, "Resource": "*"}]
    Path("template.json").write_text(json.dumps(it.template), encoding="utf-8")
    [document] = fixed_file("template.json", strict=strict)[0].values()
    left = {action for one in document["Statement"] for action in one["Action"]}
    assert sorted(explained.intersection(role) - left) == []


def test_of_files_of_a_folder_those_that_are_no_templates_have_nothing_to_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.json").write_text('{"a": 1}')
    (tmp_path / "topic.json").write_text('{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}')
    assert fixed_file("other.json", named=False) == ({}, False)
    assert fixed_file("topic.json", named=False) == ({}, True)
    with pytest.raises(ReadError, match="template"):
        fixed_file("other.json")


def test_statements_on_the_same_resources_are_joined_and_what_is_denied_stays() -> None:
    it = Changed()
    written = it.document["Statement"]
    rules = written[RULES]
    assert len(rules["Action"]) > 1
    apart = [{**rules, "Action": [action]} for action in rules["Action"]]
    denied = [{"Effect": "Deny", "Action": [action], "Resource": "*"} for action in ("s3:Get*", "s3:Put*")]
    whole = fixed(it.template)["Statement"]
    it.document["Statement"] = [*written[:RULES], *apart, *written[RULES + 1 :], *denied]
    assert fixed(it.template)["Statement"] == [*whole, *denied]
