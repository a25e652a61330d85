"""From what a task passes to the resources its policy names: the first of the rules that applies."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from troposphere import GetAtt, ImportValue, Ref, Sub

from cfngen import (
    DOCUMENTED,
    REQUEST_RESPONSE,
    SYNC,
    Jsonata,
    Path,
    PolicyWarning,
    RawState,
    Task,
    Workflow,
)
from cfngen.asl.flow import Flow
from cfngen.iam.derive import derive
from cfngen.tasks import apigateway, batch, ecs, sns, states
from tests.iam.intrinsics import resolved
from tests.rows import each_row

BATCH = "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:"
TOPICS = "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:"
ARN = "arn:aws:batch:us-west-2:123456789012:"


def policy(flow: Flow, **options: Any) -> list[dict[str, Any]]:
    """The statements of a workflow's policy, as plain data, whatever it warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        document = Workflow(flow).policy(**options)
    return [
        {key: [getattr(it, "JSONrepr", lambda it=it: it)() for it in item] for key, item in found.items()}
        for found in (
            {"Action": statement.properties["Action"], "Resource": statement.properties["Resource"]}
            for statement in document.properties["Statement"]
        )
    ]


def warned(flow: Flow) -> list[str]:
    return [str(problem) for problem in derive(Workflow(flow).linked).warnings]


def allowed(flow: Flow, action: str) -> list[Any]:
    """The resources on which a workflow's policy allows an action."""
    return [it for found in policy(flow) if action in found["Action"] for it in found["Resource"]]


def submit(**arguments: Any) -> batch.SubmitJob:
    plain = {
        "pattern": REQUEST_RESPONSE,
        "JobName": "name",
        "JobQueue": f"{ARN}job-queue/q",
        "JobDefinition": f"{ARN}job-definition/d:1",
    }
    return batch.SubmitJob("Submit", **{**plain, **arguments})


def publish(topic: Any, **fields: Any) -> sns.Publish:
    return sns.Publish("Publish", Message="m", TopicArn=topic, **fields)


QUEUES = {
    "a literal ARN as it is": (f"{ARN}job-queue/other", f"{ARN}job-queue/other"),
    "a reference as it is": (Ref("Queue"), {"Ref": "Queue"}),
    "an attribute as it is": (GetAtt("Queue", "Arn"), {"Fn::GetAtt": ["Queue", "Arn"]}),
    "an import as it is": (ImportValue("queue"), {"Fn::ImportValue": "queue"}),
    "Fn::Sub of an ARN as it is": (Sub(f"{BATCH}job-queue/a"), {"Fn::Sub": f"{BATCH}job-queue/a"}),
    "Fn::Sub of a reference as it is": (Sub("${Queue}"), {"Fn::Sub": "${Queue}"}),
    "Fn::Sub of a name": (Sub("jobs-${Stage}"), {"Fn::Sub": f"{BATCH}job-queue/jobs-${{Stage}}"}),
    "Fn::Sub of a name that begins with the stack's": (
        Sub("${AWS::StackName}-jobs"),
        {"Fn::Sub": f"{BATCH}job-queue/${{AWS::StackName}}-jobs"},
    ),
    "Fn::Sub of a name that begins with a parameter": (
        Sub("${Stage}-jobs"),
        {"Fn::Sub": f"{BATCH}job-queue/${{Stage}}-jobs"},
    ),
    "a name": ("jobs", {"Fn::Sub": f"{BATCH}job-queue/jobs"}),
    "a name in which something is filled in later": ("a${b}c", {"Fn::Sub": f"{BATCH}job-queue/a*"}),
    "a name with wildcards": ("a*b?c", {"Fn::Sub": f"{BATCH}job-queue/a${{!*}}b${{!?}}c"}),
    "a name with quotes": ("a'b\"c", {"Fn::Sub": f"{BATCH}job-queue/a'b\"c"}),
    "the beginning of a formatted name": (
        Path("States.Format('jobs-{}', $.stage)"),
        {"Fn::Sub": f"{BATCH}job-queue/jobs-*"},
    ),
    "the beginning of a formatted name, wildcards escaped": (
        Path("States.Format('jo*bs-{}-x', $.stage)"),
        {"Fn::Sub": f"{BATCH}job-queue/jo${{!*}}bs-*"},
    ),
    "the beginning of a formatted name, braces and quotes unescaped": (
        Path(r"States.Format('it\'s\{\}-{}', $.stage)"),
        {"Fn::Sub": f"{BATCH}job-queue/it's{{}}-*"},
    ),
    "the beginning of a formatted ARN": (
        Path(f"States.Format('{ARN}job-queue/jobs-{{}}', $.stage)"),
        f"{ARN}job-queue/jobs-*",
    ),
    "every queue, of a formatted ARN that begins too early": (
        Path("States.Format('arn:aws:batch:{}', $.rest)"),
        {"Fn::Sub": f"{BATCH}job-queue/*"},
    ),
    "every queue, of a format without a beginning": (
        Path("States.Format('{}-jobs', $.stage)"),
        {"Fn::Sub": f"{BATCH}job-queue/*"},
    ),
    "every queue, of a path": (Path("$.queue"), {"Fn::Sub": f"{BATCH}job-queue/*"}),
}


@each_row("case", QUEUES)
def test_a_queue_becomes(case: str) -> None:
    queue, expected = QUEUES[case]
    assert allowed(submit(JobQueue=queue), "batch:SubmitJob")[1:] == [expected]


DEFINITIONS: dict[str, tuple[Any, list[Any]]] = {
    "a name": (
        "d",
        [{"Fn::Sub": f"{BATCH}job-definition/d"}, {"Fn::Sub": f"{BATCH}job-definition/d:*"}],
    ),
    "a name with a revision": ("d:3", [{"Fn::Sub": f"{BATCH}job-definition/d:3"}]),
    "a literal ARN": (f"{ARN}job-definition/d", [f"{ARN}job-definition/d", f"{ARN}job-definition/d:*"]),
    "a literal ARN with a revision": (f"{ARN}job-definition/d:3", [f"{ARN}job-definition/d:3"]),
    "Fn::Sub of a name": (
        Sub("d-${Stage}"),
        [
            {"Fn::Sub": f"{BATCH}job-definition/d-${{Stage}}"},
            {"Fn::Sub": f"{BATCH}job-definition/d-${{Stage}}:*"},
        ],
    ),
    "Fn::Sub of an ARN": (
        Sub(f"{BATCH}job-definition/d"),
        [{"Fn::Sub": f"{BATCH}job-definition/d"}, {"Fn::Sub": f"{BATCH}job-definition/d:*"}],
    ),
    "Fn::Sub of an ARN with a revision": (
        Sub(f"{BATCH}job-definition/d:3"),
        [{"Fn::Sub": f"{BATCH}job-definition/d:3"}],
    ),
    "Fn::Sub of a revision": (
        Sub("d:${Revision}"),
        [{"Fn::Sub": f"{BATCH}job-definition/d:${{Revision}}"}],
    ),
    "a reference, whose value has a revision": (Ref("Job"), [{"Ref": "Job"}]),
    "the beginning of a name": (
        Path("States.Format('nightly-{}', $.stage)"),
        [{"Fn::Sub": f"{BATCH}job-definition/nightly-*"}],
    ),
    "a revision that is only known at run time": (
        Path("States.Format('d:{}', $.revision)"),
        [{"Fn::Sub": f"{BATCH}job-definition/d:*"}],
    ),
}


@each_row("case", DEFINITIONS)
def test_a_job_definition_without_a_revision_is_allowed_by_its_name_and_in_all_revisions(case: str) -> None:
    definition, expected = DEFINITIONS[case]
    assert allowed(submit(JobDefinition=definition), "batch:SubmitJob")[:-1] == expected


def test_tags_of_a_job_are_allowed_on_all_that_the_call_names() -> None:
    assert allowed(submit(JobDefinition="d:3", JobQueue="q", Tags={"a": "b"}), "batch:TagResource") == [
        {"Fn::Sub": f"{BATCH}job-definition/d:3"},
        {"Fn::Sub": f"{BATCH}job-queue/q"},
        {"Fn::Sub": f"{BATCH}job/*"},
    ]


def test_a_task_family_of_ecs_is_allowed_in_all_revisions() -> None:
    task = ecs.RunTask("Run", pattern=REQUEST_RESPONSE, TaskDefinition="nightly")
    assert allowed(task, "ecs:RunTask") == [
        {"Fn::Sub": "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task-definition/nightly:*"}
    ]


@each_row(
    ("path", "action"),
    [
        ("/@connections/abc", "execute-api:ManageConnections"),
        (Path("States.Format('/@connections/{}', $.id)"), "execute-api:ManageConnections"),
        ("/pets", "execute-api:Invoke"),
        (Path("$.path"), "execute-api:Invoke"),
        (None, "execute-api:Invoke"),
    ],
    ids=str,
)
def test_a_call_of_a_websocket_connection_manages_it(path: Any, action: str) -> None:
    host = "abc.execute-api.eu-west-1.amazonaws.com"
    task = apigateway.Invoke(
        "Call", pattern=REQUEST_RESPONSE, ApiEndpoint=host, Method="POST", AuthType="IAM_ROLE", Path=path
    )
    assert [found["Action"] for found in policy(task)] == [[action]]


def test_an_api_that_asks_for_no_role_needs_none() -> None:
    host = "abc.execute-api.eu-west-1.amazonaws.com"
    task = apigateway.Invoke(
        "Call", pattern=REQUEST_RESPONSE, ApiEndpoint=host, Method="POST", Path="/@connections/abc"
    )
    assert policy(task) == []


@pytest.mark.parametrize("own", [Path("$$.StateMachine.Id"), Jsonata("$states.context.StateMachine.Id")])
def test_a_machine_that_starts_itself_is_allowed_itself_alone(own: Any) -> None:
    language: Any = "JSONata" if isinstance(own, Jsonata) else None
    task = states.StartExecution(
        "Again", pattern=SYNC, StateMachineArn=own, Input={}, QueryLanguage=language
    )
    machine = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:"
    found = derive(Workflow(task).linked, machine="loop")
    assert [(it.actions[0].action, it.resources) for it in found.permissions][:2] == [
        ("StartExecution", ({"Fn::Sub": f"{machine}stateMachine:loop"},)),
        ("DescribeExecution", ({"Fn::Sub": f"{machine}execution:loop:*"},)),
    ]
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("call", "argument"), [("bedrock:invokeModel", "ModelId"), ("aws-sdk:kms:decrypt", "KeyId")]
)
def test_a_call_without_its_argument_has_a_policy_and_a_warning(call: str, argument: str) -> None:
    task = Task("Call", Resource=f"arn:aws:states:::{call}", Parameters={"Other": "x"})
    found = derive(Workflow(task).linked)
    assert len(found.permissions) == 1
    assert f"the call passes no {argument}" in str(found.warnings[0])


@each_row(
    ("twin", "optimized", "arguments"),
    [
        ("batch:submitJob", "batch:submitJob", {"JobName": "n", "JobQueue": "q", "JobDefinition": "d"}),
        ("ecs:runTask", "ecs:runTask", {"TaskDefinition": "d", "Overrides": {"TaskRoleArn": "r"}}),
        ("athena:startQueryExecution", "athena:startQueryExecution", {"QueryString": "SELECT 1"}),
        ("bedrockruntime:invokeModel", "bedrock:invokeModel", {"ModelId": "us.anthropic.claude-v2"}),
        (
            "emrserverless:startJobRun",
            "emr-serverless:startJobRun",
            {"ApplicationId": "a", "ExecutionRoleArn": "r"},
        ),
    ],
)
def test_a_call_of_the_sdk_needs_what_its_optimized_integration_needs(
    twin: str, optimized: str, arguments: dict[str, Any]
) -> None:
    def needed(resource: str) -> list[dict[str, Any]]:
        return policy(Task("Call", Resource=f"arn:aws:states:::{resource}", Parameters=arguments))

    assert needed(f"aws-sdk:{twin}") == needed(optimized)


def test_only_a_job_definition_has_revisions() -> None:
    assert allowed(publish("topic"), "sns:Publish") == [{"Fn::Sub": f"{TOPICS}topic"}]


def test_consumable_resources_are_allowed_too() -> None:
    task = submit(
        ConsumableResourcePropertiesOverride={
            "ConsumableResourceList": [
                {"ConsumableResource": "licence", "Quantity": 1},
                {"ConsumableResource": f"{ARN}consumable-resource/seat", "Quantity": 2},
            ]
        }
    )
    assert allowed(task, "batch:SubmitJob")[2:] == [
        {"Fn::Sub": f"{BATCH}consumable-resource/licence"},
        f"{ARN}consumable-resource/seat",
    ]


@pytest.mark.parametrize(
    "override", [Path("$.override"), {"ConsumableResourceList": Path("$.list")}], ids=["whole", "list"]
)
def test_consumable_resources_known_at_run_time_are_allowed_by_their_type(override: Any) -> None:
    task = submit(ConsumableResourcePropertiesOverride=override)
    assert allowed(task, "batch:SubmitJob")[2:] == [{"Fn::Sub": f"{BATCH}consumable-resource/*"}]


def test_named_resources_stand_in_for_what_is_known_at_run_time() -> None:
    task = publish(Path("$.topic"), resources=[Ref("A"), "arn:aws:sns:us-west-2:123456789012:b"])
    assert allowed(task, "sns:Publish") == [{"Ref": "A"}, "arn:aws:sns:us-west-2:123456789012:b"]


def test_named_resources_leave_nothing_to_warn_of() -> None:
    assert warned(publish(Path("$.topic"), resources=[Ref("A")])) == []


def test_named_resources_do_not_widen_what_is_known() -> None:
    assert allowed(publish(Ref("B"), resources=[Ref("A")]), "sns:Publish") == [{"Ref": "B"}]


def test_a_resource_known_at_run_time_is_warned_of() -> None:
    assert warned(publish(Path("$.topic"))) == [
        "/States/Publish/Parameters/TopicArn.$: sns:Publish is allowed on "
        "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:*: TopicArn is only known at run time "
        "($.topic) [WIDENED_RESOURCE]\n"
        "    hint: name the ARNs that it may use with resources=[...]"
    ]


def test_a_call_without_a_resource_is_allowed_on_everything() -> None:
    assert policy(sns.Publish("Publish", Message="m", PhoneNumber="+15550100")) == [
        {"Action": ["sns:Publish"], "Resource": ["*"]}
    ]


def test_a_call_without_a_resource_is_warned_of() -> None:
    assert warned(sns.Publish("Publish", Message="m", PhoneNumber="+15550100")) == [
        "/States/Publish/Parameters: sns:Publish is allowed on *: the call passes no TopicArn or TargetArn "
        "[WIDENED_RESOURCE]\n    hint: name the ARNs that it may use with resources=[...]"
    ]


@pytest.mark.parametrize("queue", [5, ["a"], True], ids=repr)
def test_what_names_no_resource_in_a_raw_state_is_allowed_by_its_type(queue: Any) -> None:
    fields = {"JobName": "n", "JobQueue": queue, "JobDefinition": "d:1"}
    raw = RawState(
        "Raw", {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob", "Parameters": fields}
    )
    assert allowed(raw, "batch:SubmitJob")[1:] == [{"Fn::Sub": f"{BATCH}job-queue/*"}]


@pytest.mark.parametrize(
    ("pattern", "tags", "actions"),
    [
        (REQUEST_RESPONSE, None, ["batch:SubmitJob"]),
        (REQUEST_RESPONSE, {"a": "b"}, ["batch:SubmitJob", "batch:TagResource"]),
        (
            SYNC,
            None,
            [
                "batch:SubmitJob",
                "batch:TerminateJob",
                "batch:DescribeJobs",
                "events:PutTargets",
                "events:PutRule",
                "events:DescribeRule",
            ],
        ),
    ],
    ids=["request", "with tags", "sync"],
)
def test_what_a_job_takes_depends_on_its_pattern_and_tags(
    pattern: Any, tags: Any, actions: list[str]
) -> None:
    found = policy(submit(pattern=pattern, Tags=tags))
    assert [action for statement in found for action in statement["Action"]] == actions


ROLE = "arn:aws:iam::111122223333:role/other"


def test_credentials_need_the_right_to_take_the_role_and_nothing_else() -> None:
    task = submit(pattern=SYNC, Tags={"a": "b"}, Credentials={"RoleArn": ROLE})
    assert policy(task) == [{"Action": ["sts:AssumeRole"], "Resource": [ROLE]}]


def test_credentials_of_a_call_that_nothing_is_known_of_do_not_warn() -> None:
    task = Task("Call", Resource="arn:aws:states:::unknown:call", Credentials={"RoleArn": ROLE})
    assert warned(task) == []


def test_credentials_known_at_run_time_allow_any_role_and_warn() -> None:
    task = publish(Ref("T"), Credentials={"RoleArn": Path("$.role")})
    assert warned(task) == [
        "/States/Publish/Credentials/RoleArn.$: sts:AssumeRole is allowed on "
        "arn:${AWS::Partition}:iam::*:role/*: RoleArn is only known at run time ($.role) [WIDENED_RESOURCE]\n"
        "    hint: name the role in the definition"
    ]


UNKNOWN = [
    "${Substituted}",
]


@pytest.mark.parametrize("resource", UNKNOWN)
def test_an_unknown_integration_is_allowed_nothing(resource: str) -> None:
    assert policy(Task("Call", Resource=resource)) == []


@pytest.mark.parametrize("resource", UNKNOWN)
def test_an_unknown_integration_is_warned_of(resource: str) -> None:
    if "${" in resource:
        hint = "call a function by lambda_.Invoke, add what is named to the template first, or give"
    else:
        hint = "give"
    assert warned(Task("Call", Resource=resource)) == [
        f"/States/Call/Resource: what {resource!r} needs is not known, and the policy holds nothing for it "
        f"[UNKNOWN_INTEGRATION]\n    hint: {hint} the role its permissions as extra statements"
    ]


def test_a_payload_that_is_one_expression_leaves_every_resource_to_the_run_time() -> None:
    call = Jsonata("$states.input.call")
    task = Task(
        "Call", Resource="arn:aws:states:::batch:submitJob", Arguments=call, QueryLanguage="JSONata"
    )
    assert policy(task) == [
        {
            "Action": ["batch:SubmitJob"],
            "Resource": [
                {"Fn::Sub": f"{BATCH}job-definition/*"},
                {"Fn::Sub": f"{BATCH}job-queue/*"},
                {"Fn::Sub": f"{BATCH}consumable-resource/*"},
            ],
        },
        {
            "Action": ["batch:TagResource"],
            "Resource": [
                {"Fn::Sub": f"{BATCH}job-definition/*"},
                {"Fn::Sub": f"{BATCH}job-queue/*"},
                {"Fn::Sub": f"{BATCH}job/*"},
            ],
        },
    ]


# what a service may be passed: literal, intrinsic, or known at run time
NAMES = st.one_of(
    st.text("abz-_*?${}'\"é", min_size=1, max_size=8).filter(lambda it: not it.startswith("arn:")),
    st.sampled_from([f"{ARN}job-queue/x", "arn:aws:sns:us-west-2:123456789012:x", "x:7"]),
    st.sampled_from([Ref("A"), GetAtt("A", "Arn"), Sub("${A}"), Sub("x-${A}")]),
    st.sampled_from([Path("$.x"), Path("States.Format('x-{}', $.y)"), Path("$$.Execution.Id")]),
    st.sampled_from([Path(Sub("$.${A}")), Path(Sub("States.Format('${A}-{}', $.y)"))]),
)
TAGS = st.one_of(st.none(), st.just({"a": "b"}), st.just(Path("$.tags")))
PATTERNS = {REQUEST_RESPONSE: "", SYNC: ".sync"}


def dotted(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments as a file spells them."""
    return {
        f"{key}.$" if isinstance(item, Path) else key: item.expression if isinstance(item, Path) else item
        for key, item in arguments.items()
    }


def same_policy_however_spelled(typed: Any, resource: str, arguments: dict[str, Any]) -> None:
    by_hand = Task(typed.Name, Resource=resource, Parameters=arguments)
    anywhere = Sub(resource.replace("arn:aws:", "arn:${AWS::Partition}:"))
    raw = {"Type": "Task", "Resource": resource, "Parameters": dotted(arguments)}
    expected = policy(typed)
    assert policy(by_hand) == expected
    assert policy(RawState(typed.Name, raw)) == expected
    assert policy(by_hand, scope=DOCUMENTED) == policy(typed, scope=DOCUMENTED)
    assert policy(Task(typed.Name, Resource=anywhere, Parameters=arguments)) == expected


@given(queue=NAMES, definition=NAMES, tags=TAGS, pattern=st.sampled_from(list(PATTERNS)))
def test_a_job_gets_the_same_policy_however_it_is_spelled(
    queue: Any, definition: Any, tags: Any, pattern: Any
) -> None:
    arguments = {"JobName": "n", "JobQueue": queue, "JobDefinition": definition}
    arguments |= {} if tags is None else {"Tags": tags}
    typed = batch.SubmitJob("State", pattern=pattern, **arguments)
    resource = f"arn:aws:states:::batch:submitJob{PATTERNS[pattern]}"
    same_policy_however_spelled(typed, resource, arguments)


@given(topic=NAMES, argument=st.sampled_from(["TopicArn", "TargetArn"]))
def test_a_message_gets_the_same_policy_however_it_is_spelled(topic: Any, argument: str) -> None:
    arguments = {"Message": "m", argument: topic}
    typed = sns.Publish("State", **arguments)
    same_policy_however_spelled(typed, "arn:aws:states:::sns:publish", arguments)


def test_a_call_spelled_by_hand_waits_as_a_typed_one() -> None:
    call = Task("Call", Resource="arn:aws:states:::batch:submitJob.sync", Parameters={"JobQueue": "q"})
    assert allowed(call, "batch:DescribeJobs") == ["*"]


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_an_integration_is_known_in_every_partition(partition: str) -> None:
    call = Task("Call", Resource=f"arn:{partition}:states:::sns:publish", Parameters={"TopicArn": Ref("T")})
    assert allowed(call, "sns:Publish") == [{"Ref": "T"}]


def test_a_resource_that_cloudformation_completes_is_known() -> None:
    call = Task(
        "Call", Resource=Sub("arn:${AWS::Partition}:states:::sns:publish"), Parameters={"TopicArn": "t"}
    )
    assert allowed(call, "sns:Publish") == [{"Fn::Sub": f"{TOPICS}t"}]


# IAM's own escapes for the characters it reads something into
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
@given(st.text("ab*?-_", min_size=1))
def test_a_name_arrives_in_iam_without_a_live_wildcard(name: str) -> None:
    [resource] = allowed(publish(name), "sns:Publish")
    iam = resolved(resource, {})
    assert iam == f"arn:aws:sns:us-west-2:123456789012:{name}".replace("*", "${*}").replace("?", "${?}")
