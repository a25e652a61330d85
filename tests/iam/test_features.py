"""What the policy holds beside the calls of tasks: maps, functions, keys; and how its author narrows it."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import pytest
from troposphere import Ref, Sub, encode_to_dict

from cfngen import DOCUMENTED, Jsonata, Map, Pass, Path, PolicyWarning, RawState, Task, Workflow
from cfngen.asl.branches import (
    S3_GET_OBJECT,
    S3_LIST_OBJECTS_V2,
    S3_PUT_OBJECT,
    ItemReader,
    ProcessorConfig,
    ReaderConfig,
    ResultWriter,
)
from cfngen.asl.flow import Flow
from cfngen.iam.derive import Permission, derive
from cfngen.iam.results import beginning
from cfngen.stacks import StateMachine
from cfngen.tasks import sns
from tests.rows import each_row

STATES = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def statements(flow: Flow, **options: Any) -> list[dict[str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        document = StateMachine(Workflow(flow), **options).policy()
    statements: list[dict[str, Any]] = encode_to_dict(document)["Statement"]
    return statements


def on(flow: Flow, action: str, **options: Any) -> list[Any]:
    """The resources on which the policy allows an action."""
    return [
        it for found in statements(flow, **options) if action in found["Action"] for it in found["Resource"]
    ]


def each(**fields: Any) -> Map:
    return Map(
        "Each",
        ItemProcessor=Pass("One"),
        ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD"),
        **fields,
    )


def test_an_inline_map_needs_nothing_of_its_own() -> None:
    assert statements(Map("Each", ItemProcessor=Pass("One"))) == []


# https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
def test_a_distributed_map_runs_its_own_machine() -> None:
    assert on(each(), "states:StartExecution", name="Orders") == [
        {"Fn::Sub": f"{STATES}stateMachine:Orders"}
    ]
    assert on(each(Label="Batch"), "states:RedriveExecution", name="Orders") == [
        {"Fn::Sub": f"{STATES}execution:Orders/Batch:*"}
    ]


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        (None, "StateMachine-*"),
        (Sub("${AWS::StackName}-x"), "${AWS::StackName}-x"),
        (Ref("Name"), "${Name}"),
    ],
)
def test_the_machine_is_named_without_a_reference_to_itself(name: Any, arn: str) -> None:
    assert on(each(), "states:StartExecution", name=name) == [{"Fn::Sub": f"{STATES}stateMachine:{arn}"}]


def test_a_workflow_alone_has_no_name_and_says_so() -> None:
    with pytest.warns(PolicyWarning, match="the state machine has no name yet") as caught:
        Workflow(each()).policy()
    assert "hint: give the state machine a name" in str(caught[0].message)


def test_a_reader_of_an_object_reads_just_that() -> None:
    reader = ItemReader(
        Resource=S3_GET_OBJECT,
        ReaderConfig=ReaderConfig(InputType="JSON"),
        Parameters={"Bucket": Ref("Bucket"), "Key": "items.json"},
    )
    assert on(each(ItemReader=reader), "s3:GetObject") == [
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/items.json"}
    ]


def test_a_manifest_is_read_with_the_files_of_its_bucket() -> None:
    reader = ItemReader(
        Resource=S3_GET_OBJECT,
        ReaderConfig=ReaderConfig(InputType="MANIFEST", ManifestType="S3_INVENTORY"),
        Parameters={"Bucket": "stock", "Key": "manifest.json"},
    )
    assert {"Fn::Sub": "arn:${AWS::Partition}:s3:::stock/*"} in on(each(ItemReader=reader), "s3:GetObject")


def listing(**config: Any) -> Map:
    reader = ItemReader(
        Resource=S3_LIST_OBJECTS_V2,
        ReaderConfig=ReaderConfig(**config) if config else None,
        Parameters={"Bucket": "orders", "Prefix": "new/"},
    )
    return each(ItemReader=reader)


def test_a_reader_of_a_listing_lists_its_prefix_alone() -> None:
    [found] = [it for it in statements(listing()) if it["Action"] == ["s3:ListBucket"]]
    assert found["Resource"] == [{"Fn::Sub": "arn:${AWS::Partition}:s3:::orders"}]
    assert found["Condition"] == {"StringLike": {"s3:prefix": ["new/", "new/*"]}}
    assert on(listing(), "s3:GetObject") == []


def test_a_reader_that_flattens_reads_what_it_lists() -> None:
    assert on(listing(Transformation="LOAD_AND_FLATTEN"), "s3:GetObject") == [
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::orders/new/*"}
    ]


def test_a_writer_writes_below_its_prefix() -> None:
    writer = ResultWriter(Resource=S3_PUT_OBJECT, Parameters={"Bucket": "results", "Prefix": "2026"})
    assert on(each(ResultWriter=writer), "s3:PutObject") == [
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::results/2026/*"}
    ]


def test_a_bucket_known_at_run_time_is_warned_of_at_its_place() -> None:
    writer = ResultWriter(Resource=S3_PUT_OBJECT, Parameters={"Bucket": Path("$.bucket"), "Prefix": "x"})
    [warned] = derive(Workflow(each(ResultWriter=writer)).linked, machine="Orders").warnings
    assert warned.location == "/States/Each/ResultWriter/Parameters/Bucket.$"
    assert warned.hint == "write the bucket into the definition"


@pytest.mark.parametrize(
    "resource",
    [Sub("${Worker.Arn}:live"), "arn:aws:lambda:us-east-1:123456789012:function:f"],
)
def test_a_function_that_is_the_resource_is_invoked(resource: Any) -> None:
    resource_document = resource if isinstance(resource, str) else resource.to_dict()
    assert on(Task("Work", Resource=resource), "lambda:InvokeFunction") == [resource_document]


def test_an_activity_asks_nothing_of_the_role() -> None:
    activity = "arn:aws:states:us-west-2:123456789012:activity:wait"
    derived = derive(Workflow(Task("Work", Resource=activity)).linked)
    assert (derived.permissions, derived.warnings) == ((), ())


def test_a_key_is_used_for_this_machine_alone() -> None:
    [found] = statements(Pass("a"), name="Orders", kms_key=KEY)
    assert found["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert found["Resource"] == [KEY]
    assert found["Condition"] == {
        "StringEquals": {
            "kms:EncryptionContext:aws:states:stateMachineArn": {"Fn::Sub": f"{STATES}stateMachine:Orders"}
        }
    }


def test_a_key_stands_in_the_machine_and_encrypts_its_logs() -> None:
    stack = StateMachine(Workflow(Pass("a")), kms_key=Ref("Key"), log_level="ALL")
    machine = stack.template().to_dict()["Resources"]["StateMachine"]["Properties"]
    assert machine["EncryptionConfiguration"] == {
        "KmsKeyId": {"Ref": "Key"},
        "Type": "CUSTOMER_MANAGED_KMS_KEY",
    }
    tests = [
        it["Condition"]
        for it in statements(Pass("a"), kms_key=Ref("Key"), log_level="ALL")
        if "Condition" in it
    ]
    assert "kms:EncryptionContext:SourceArn" in str(tests)
    # an unnamed machine is known by the beginning of its name
    assert "StringLike" in tests[0]


def publish(name: str = "Tell", **fields: Any) -> sns.Publish:
    return sns.Publish(name, TopicArn=Ref("Topic"), Message="m", **fields)


def test_a_call_may_be_left_to_its_author() -> None:
    assert statements(publish(derive=False)) == []


def test_a_call_may_give_its_own_reason() -> None:
    [permission] = derive(Workflow(publish(because="tells the owner")).linked).permissions
    assert [(state, why) for state, why, *_ in permission.reasons] == [("Tell", "tells the owner")]


def test_a_hook_narrows_a_permission() -> None:
    def narrow(permission: Permission) -> Permission:
        return replace(permission, resources=("arn:aws:sns:us-east-1:123456789012:one",))

    assert on(publish(), "sns:Publish", narrow=narrow) == ["arn:aws:sns:us-east-1:123456789012:one"]


def test_a_hook_that_widens_is_refused() -> None:
    def widen(permission: Permission) -> Permission:
        other = derive(Workflow(Task("Work", Resource=Sub("${F.Arn}:live"))).linked).permissions[0]
        return replace(permission, actions=(*permission.actions, *other.actions))

    with pytest.raises(ValueError, match="must not widen it"):
        statements(publish(), narrow=widen)


@each_row(
    ("expression", "text"),
    [
        ("States.Format('jobs-{}', $.id)", "jobs-"),
        ("'jobs-' & $states.input.id", "jobs-"),
        ('"all"', "all"),
        ("$states.input.id", ""),
        ("'a' = 'b'", ""),
        ("'a' ~> $uppercase()", ""),
    ],
)
def test_the_literal_beginning_of_an_expression(expression: str, text: str) -> None:
    is_path = expression.startswith("States.")
    assert beginning(Path(expression) if is_path else Jsonata(expression)) == text


def test_a_literal_beginning_in_jsonata_narrows() -> None:
    topic = Jsonata("'arn:aws:sns:us-east-1:123456789012:team-' & $states.input.team")
    flow = sns.Publish("Tell", TopicArn=topic, Message="m", QueryLanguage="JSONata")
    assert on(flow, "sns:Publish") == ["arn:aws:sns:us-east-1:123456789012:team-*"]


def test_a_policy_too_long_for_the_role_becomes_managed_policies() -> None:
    topics = [f"arn:aws:sns:us-east-1:{number:012}:{'t' * 60}" for number in range(150)]
    flow = sns.Publish("Tell", TopicArn=Path("$.topic"), Message="m", resources=topics)
    resources = StateMachine(Workflow(flow), scope=DOCUMENTED).template().to_dict()["Resources"]
    role = resources["StateMachineRole"]["Properties"]
    names = [it["Ref"] for it in role["ManagedPolicyArns"]]
    assert "Policies" not in role
    assert len(names) > 1
    found = [it for name in names for it in resources[name]["Properties"]["PolicyDocument"]["Statement"]]
    assert [it for statement in found for it in statement["Resource"]] == topics
    for name in names:
        text = str(resources[name]["Properties"]["PolicyDocument"])
        assert len(text.replace(" ", "")) <= 6144


@pytest.mark.filterwarnings("ignore::cfngen.workflow.PolicyWarning")  # of the machine, which has no name
def test_a_distributed_map_that_is_written_by_hand_needs_what_one_of_its_class_needs() -> None:
    state = {
        "Type": "Map",
        "Newer": 1,  # than the class, so that it is written by hand
        "Label": "files",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Parameters": {"Bucket": Ref("Files"), "Key": "a.json"},
        },
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "P",
            "States": {"P": {"Type": "Pass", "End": True}},
        },
        "End": True,
    }
    by_hand, read = (
        encode_to_dict(workflow.policy())
        for workflow in (
            Workflow(RawState("M", state)),
            Workflow.read({"StartAt": "M", "States": {"M": state}}),
        )
    )
    assert by_hand == read
    assert "s3:GetObject" in str(by_hand)
    assert "states:StartExecution" in str(by_hand)
