"""From the arguments of each service to ARNs, where an argument is not simply a name or an ARN."""

from __future__ import annotations

from typing import Any

import pytest
from troposphere import GetAtt, ImportValue, Join, Ref, Sub, encode_to_dict

from cfngen import CALLBACK, REQUEST_RESPONSE, SYNC, SYNC_2, Jsonata, Path, Workflow
from cfngen.iam.derive import DerivedPolicy, derive
from cfngen.tasks import (
    apigateway,
    athena,
    bedrock,
    codebuild,
    ecs,
    elasticmapreduce,
    emr_serverless,
    events,
    http,
    lambda_,
    mediaconvert,
    sagemaker,
    sqs,
    states,
)
from cfngen.tasks.service import ServiceTask
from tests.rows import each_row

ACCOUNT = "${AWS::Region}:${AWS::AccountId}"


def arn(service: str, resource: str) -> dict[str, str]:
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:{ACCOUNT}:{resource}"}


def role(name: str) -> dict[str, str]:
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{name}"}


def derived(task: ServiceTask) -> DerivedPolicy:
    return derive(Workflow(task).linked, machine="Orders")


def allowed(task: ServiceTask, action: str) -> list[Any]:
    """The resources on which a task is allowed an action."""
    found = encode_to_dict(derived(task).document())["Statement"]
    return [it for statement in found if action in statement["Action"] for it in statement["Resource"]]


def conditions(task: ServiceTask, action: str) -> list[Any]:
    """The conditions under which it is."""
    found = encode_to_dict(derived(task).document())["Statement"]
    return [it.get("Condition") for it in found if action in it["Action"]]


def warned(task: ServiceTask) -> list[str]:
    return [f"{it.location}: {it.message}" for it in derived(task).warnings]


def invoke(function: Any, **fields: Any) -> ServiceTask:
    return lambda_.Invoke("T", pattern=REQUEST_RESPONSE, FunctionName=function, **fields)


def send(url: Any, **fields: Any) -> ServiceTask:
    return sqs.SendMessage("T", pattern=REQUEST_RESPONSE, QueueUrl=url, MessageBody="m", **fields)


def start(machine: Any, pattern: Any = SYNC_2) -> ServiceTask:
    return states.StartExecution("T", pattern=pattern, StateMachineArn=machine)


def run(cluster: Any, **fields: Any) -> ServiceTask:
    return ecs.RunTask("T", pattern=SYNC, Cluster=cluster, TaskDefinition="nightly:3", **fields)


def call(endpoint: Any, **fields: Any) -> ServiceTask:
    arguments = {"Method": "GET", "Stage": "prod", "Path": "bills", "AuthType": "IAM_ROLE", **fields}
    return apigateway.Invoke("T", pattern=REQUEST_RESPONSE, ApiEndpoint=endpoint, **arguments)


def request(**fields: Any) -> ServiceTask:
    arguments = {
        "ApiEndpoint": "https://api.example.com/v1/orders",
        "Method": "POST",
        "Authentication": {"ConnectionArn": GetAtt("Connection", "Arn")},
    }
    return http.Invoke("T", **{**arguments, **fields})


def ask(model: Any, **fields: Any) -> ServiceTask:
    return bedrock.InvokeModel("T", pattern=REQUEST_RESPONSE, ModelId=model, Body={}, **fields)


HOST = "a1b2.execute-api.eu-west-1.amazonaws.com"
CHILD = "arn:aws:states:eu-west-1:111122223333:stateMachine:child"
PREFIX = Jsonata("'https://sqs.eu-west-1.amazonaws.com/111122223333/orders-' & $states.input.shop")
GIVEN_CHILD = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:child-${Stage}"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:echo"

INVOKE, SEND, DESCRIBE = "lambda:InvokeFunction", "sqs:SendMessage", "states:DescribeExecution"
NAMED: dict[str, tuple[ServiceTask, str, list[Any]]] = {
    "a function by its name": (invoke("echo"), INVOKE, [arn("lambda", "function:echo")]),
    "a function by its ARN": (invoke(FUNCTION), INVOKE, [FUNCTION]),
    "a function of another account": (
        invoke("111122223333:function:echo"),
        INVOKE,
        [{"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:111122223333:function:echo"}],
    ),
    "a function with an alias": (invoke("echo:live"), INVOKE, [arn("lambda", "function:echo:live")]),
    "the beginning of a function's name with a reference": (
        invoke(Jsonata(Sub("'${AWS::StackName}-fn-${Stage}-' & $states.input.n"))),
        INVOKE,
        [arn("lambda", "function:${AWS::StackName}-fn-${Stage}-*")],
    ),
    "an alias of a function that a reference names": (
        invoke(Sub("${F}:live")),
        INVOKE,
        [arn("lambda", "function:${F}:live")],
    ),
    "a function with a qualifier": (invoke("echo", Qualifier="7"), INVOKE, [arn("lambda", "function:echo:7")]),
    "an ARN with a qualifier": (invoke(FUNCTION, Qualifier="live"), INVOKE, [f"{FUNCTION}:live"]),
    "a reference to a function": (invoke(Ref("F")), INVOKE, [arn("lambda", "function:${F}")]),
    "a reference with a qualifier that is one": (
        invoke(GetAtt("F", "Arn"), Qualifier=Ref("Alias")),
        INVOKE,
        [{"Fn::Sub": "${F.Arn}:${Alias}"}],
    ),
    "an import with a qualifier": (
        invoke(ImportValue("FunctionArn"), Qualifier="7"),
        INVOKE,
        [
            {
                "Fn::Sub": [
                    f"arn:${{AWS::Partition}}:lambda:{ACCOUNT}:function:${{Name}}:7",
                    {"Name": {"Fn::ImportValue": "FunctionArn"}},
                ]
            }
        ],
    ),
    "a function in the attribute of its ARN": (
        invoke(Sub("${F.Arn}:live")),
        INVOKE,
        [{"Fn::Sub": "${F.Arn}:live"}],
    ),
    "a queue by its URL": (
        send("https://sqs.eu-west-1.amazonaws.com/111122223333/orders"),
        SEND,
        [{"Fn::Sub": "arn:${AWS::Partition}:sqs:eu-west-1:111122223333:orders"}],
    ),
    "a queue by its old URL": (
        send("https://eu-west-1.queue.amazonaws.com/111122223333/orders.fifo"),
        SEND,
        [{"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:111122223333:orders.fifo"}],
    ),
    "a reference to a queue": (
        send(Ref("Queue")),
        SEND,
        [
            {
                "Fn::Sub": [
                    f"arn:${{AWS::Partition}}:sqs:{ACCOUNT}:${{Name}}",
                    {"Name": {"Fn::Select": [4, {"Fn::Split": ["/", {"Ref": "Queue"}]}]}},
                ]
            }
        ],
    ),
    "a queue whose URL is put together": (
        send(Sub("https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/orders-${Stage}")),
        SEND,
        [arn("sqs", "orders-${Stage}")],
    ),
    "a queue whose URL is joined": (
        send(Join("/", ["https://sqs.us-east-1.amazonaws.com", Ref("AWS::AccountId"), Ref("Name")])),
        SEND,
        [{"Fn::Sub": "arn:${AWS::Partition}:sqs:us-east-1:${AWS::AccountId}:${Name}"}],
    ),
    "a queue whose URL is known in part": (
        send(PREFIX, QueryLanguage="JSONata"),
        SEND,
        [{"Fn::Sub": "arn:${AWS::Partition}:sqs:eu-west-1:111122223333:orders-*"}],
    ),
    "executions of a machine by its ARN": (
        start(CHILD),
        DESCRIBE,
        ["arn:aws:states:eu-west-1:111122223333:execution:child:*"],
    ),
    "executions of a machine by an alias": (
        start(f"{CHILD}:live"),
        DESCRIBE,
        ["arn:aws:states:eu-west-1:111122223333:execution:child:*"],
    ),
    "executions of a machine whose ARN is put together": (
        start(Sub(GIVEN_CHILD)),
        DESCRIBE,
        [arn("states", "execution:child-${Stage}:*")],
    ),
    "executions of a machine that is referred to": (
        start(Ref("Child")),
        DESCRIBE,
        [
            {
                "Fn::Sub": [
                    f"arn:${{AWS::Partition}}:states:{ACCOUNT}:execution:${{Name}}:*",
                    {"Name": {"Fn::Select": [6, {"Fn::Split": [":", {"Ref": "Child"}]}]}},
                ]
            }
        ],
    ),
    "executions of a machine whose ARN is known in part": (
        start(Path(f"States.Format('{CHILD}-{{}}', $.shop)")),
        DESCRIBE,
        ["arn:aws:states:eu-west-1:111122223333:execution:child-*:*"],
    ),
    "tasks of a cluster by its name": (run("jobs"), "ecs:StopTask", [arn("ecs", "task/jobs/*")]),
    "tasks of the default cluster": (run(None), "ecs:StopTask", [arn("ecs", "task/default/*")]),
    "tasks of a cluster by its ARN": (
        run("arn:aws:ecs:eu-west-1:111122223333:cluster/jobs"),
        "ecs:StopTask",
        ["arn:aws:ecs:eu-west-1:111122223333:task/jobs/*"],
    ),
    "tasks of a cluster that is referred to": (
        run(Ref("Cluster")),
        "ecs:StopTask",
        [arn("ecs", "task/${Cluster}/*")],
    ),
    "tasks of a cluster by the attribute of its ARN": (
        run(GetAtt("Cluster", "Arn")),
        "ecs:StopTask",
        [
            {
                "Fn::Sub": [
                    f"arn:${{AWS::Partition}}:ecs:{ACCOUNT}:task/${{Name}}/*",
                    {"Name": {"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::GetAtt": ["Cluster", "Arn"]}]}]}},
                ]
            }
        ],
    ),
    "an API": (
        call(HOST),
        "execute-api:Invoke",
        [{"Fn::Sub": "arn:${AWS::Partition}:execute-api:eu-west-1:${AWS::AccountId}:a1b2/prod/GET/bills"}],
    ),
    "an API without a stage": (
        call(Sub("${Api}.execute-api.${AWS::Region}.amazonaws.com"), Stage=None, Path="/"),
        "execute-api:Invoke",
        [arn("execute-api", "${Api}/$default/GET/")],
    ),
    "an API whose host is joined, and whose path is known in part": (
        call(
            Join("", [Ref("Api"), ".execute-api.", Ref("AWS::Region"), ".amazonaws.com"]),
            Path=Path("States.Format('/bills/{}', $.id)"),
        ),
        "execute-api:Invoke",
        [arn("execute-api", "${Api}/prod/GET/bills/*")],
    ),
    "the secret of a connection": (
        request(),
        "secretsmanager:GetSecretValue",
        [
            {
                "Fn::Sub": [
                    f"arn:${{AWS::Partition}}:secretsmanager:{ACCOUNT}:"
                    "secret:events!connection/${Name}/*",
                    {"Name": {"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::GetAtt": ["Connection", "Arn"]}]}]}},
                ]
            }
        ],
    ),
    "the machine that calls": (request(), "states:InvokeHTTPEndpoint", [arn("states", "stateMachine:Orders")]),
    "a model": (
        ask("amazon.nova-lite-v1:0"),
        "bedrock:InvokeModel",
        [{"Fn::Sub": "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/amazon.nova-lite-v1:0"}],
    ),
    "a model of one's own": (
        ask("arn:aws:bedrock:eu-west-1:111122223333:provisioned-model/a1b2"),
        "bedrock:InvokeModel",
        ["arn:aws:bedrock:eu-west-1:111122223333:provisioned-model/a1b2"],
    ),
    "an inference profile, and the model in every Region": (
        ask("eu.amazon.nova-lite-v1:0"),
        "bedrock:InvokeModel",
        [
            arn("bedrock", "inference-profile/eu.amazon.nova-lite-v1:0"),
            {"Fn::Sub": "arn:${AWS::Partition}:bedrock:*::foundation-model/amazon.nova-lite-v1:0"},
        ],
    ),
    "one's own inference profile, and whatever model it has": (
        ask(GetAtt("Profile", "InferenceProfileArn")),
        "bedrock:InvokeModel",
        [
            {"Fn::GetAtt": ["Profile", "InferenceProfileArn"]},
            {"Fn::Sub": "arn:${AWS::Partition}:bedrock:*::foundation-model/*"},
        ],
    ),
    "a guardrail by its id": (
        ask("m", GuardrailIdentifier=GetAtt("Guardrail", "GuardrailId")),
        "bedrock:ApplyGuardrail",
        [
            {
                "Fn::Sub": [
                    f"arn:${{AWS::Partition}}:bedrock:{ACCOUNT}:guardrail/${{Name}}",
                    {"Name": {"Fn::GetAtt": ["Guardrail", "GuardrailId"]}},
                ]
            }
        ],
    ),
    "an object by its URI": (
        ask("m", Input={"S3Uri": Sub("s3://${Bucket}/in.json")}),
        "s3:GetObject",
        [{"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/in.json"}],
    ),
    "event buses, each entry's own": (
        events.PutEvents(
            "T",
            pattern=REQUEST_RESPONSE,
            Entries=[{"Detail": {}}, {"EventBusName": Ref("Bus")}, {"EventBusName": "orders"}],
        ),
        "events:PutEvents",
        [arn("events", f"event-bus/{name}") for name in ("default", "${Bus}", "orders")],
    ),
    "a project by the id of its build": (
        codebuild.StopBuild("T", Id="site:a1b2"),
        "codebuild:StopBuild",
        [arn("codebuild", "project/site")],
    ),
    "report groups by their reports": (
        codebuild.BatchGetReports("T", ReportArns=["arn:aws:codebuild:eu-west-1:111122223333:report/tests:1"]),
        "codebuild:BatchGetReports",
        [{"Fn::Sub": "arn:${AWS::Partition}:codebuild:eu-west-1:111122223333:report-group/tests"}],
    ),
    "a model in lower case": (
        sagemaker.CreateModel("T", ModelName="Scores"),
        "sagemaker:CreateModel",
        [arn("sagemaker", "model/scores")],
    ),
    "a queue for media, presets and a template": (
        mediaconvert.CreateJob(
            "T",
            pattern=REQUEST_RESPONSE,
            Role=GetAtt("Role", "Arn"),
            Queue="fast",
            Settings={"OutputGroups": [{"Outputs": [{"Preset": "web"}, {"Preset": "tv"}]}]},
        ),
        "mediaconvert:CreateJob",
        [arn("mediaconvert", name) for name in ("queues/fast", "presets/web", "presets/tv")],
    ),
    "the role of the instances, by the name of their profile": (
        elasticmapreduce.CreateCluster("T", pattern=SYNC, Name_="n", Instances={}, JobFlowRole="Workers"),
        "iam:PassRole",
        [role("Workers")],
    ),
    "the roles that override those of a task definition": (
        run("jobs", Overrides={"TaskRoleArn": Ref("Role"), "ExecutionRoleArn": GetAtt("Other", "Arn")}),
        "iam:PassRole",
        [role("${Role}"), {"Fn::GetAtt": ["Other", "Arn"]}],
    ),
    "a machine whose ARN goes on at run time": (
        start(Path(Sub("States.Format('${Flow.Arn}:{}', $.version)"))),
        "states:StartExecution",
        [{"Fn::Sub": "${Flow.Arn}:*"}],
    ),
    "runs of an application": (
        emr_serverless.CancelJobRun("T", pattern=SYNC, ApplicationId=Ref("App"), JobRunId=Path("$.run")),
        "emr-serverless:GetJobRun",
        [arn("emr-serverless", "/applications/${App}/jobruns/*")],
    ),
}  # fmt: skip


@each_row("case", NAMED)
def test_what_is_named(case: str) -> None:
    task, action, expected = NAMED[case]
    assert allowed(task, action) == expected


@each_row("case", [case for case in NAMED if case not in ("tasks of the default cluster",)])
def test_what_is_named_widens_nothing(case: str) -> None:
    task, action, _ = NAMED[case]
    assert [it for it in warned(task) if action in it] == []


WIDE: dict[str, tuple[ServiceTask, str, list[Any]]] = {
    "a URL that is none": (send("orders"), SEND, [arn("sqs", "*")]),
    "a host that is none": (call("api.example.com"), "execute-api:Invoke", [arn("execute-api", "*/prod/GET/bills")]),
    "a host in an attribute": (
        call(GetAtt("Api", "ApiEndpoint")),
        "execute-api:Invoke",
        [arn("execute-api", "*/prod/GET/bills")],
    ),
    "an ARN that is too short": (start("arn:aws:states"), DESCRIBE, [arn("states", "execution:*:*")]),
    "executions of a machine whose ARN goes on at run time": (
        start(Path(Sub("States.Format('${Flow.Arn}:{}', $.version)"))), DESCRIBE, [arn("states", "execution:*:*")],
    ),
    "the id of a build known at run time": (
        codebuild.StopBuild("T", Id=Path("$.id")),
        "codebuild:StopBuild",
        [arn("codebuild", "project/*")],
    ),
    "the role of a profile that is referred to": (
        elasticmapreduce.CreateCluster("T", pattern=SYNC, Name_="n", Instances={}, JobFlowRole=Ref("Profile")),
        "iam:PassRole",
        [role("*")],
    ),
    "a name that goes on, known at run time": (
        sagemaker.CreateTrainingJob(
            "T", pattern=SYNC, TrainingJobName=Path("$.n"), RoleArn="arn:aws:iam::1:role/r", OutputDataConfig={}
        ),
        "sagemaker:CreateTrainingJob",
        [arn("sagemaker", "training-job/*")],
    ),
}  # fmt: skip


@each_row("case", WIDE)
def test_what_cannot_be_read_is_every_resource_of_the_type_with_a_warning(case: str) -> None:
    task, action, expected = WIDE[case]
    assert allowed(task, action) == expected
    assert len([it for it in warned(task) if action in it]) == 1


@each_row(
    ("overrides", "evidence"),
    [
        ({}, "POSSIBLE"),
        ({"TaskRoleArn": Ref("Role")}, "POSSIBLE"),
        ({"TaskRoleArn": Ref("Role"), "ExecutionRoleArn": GetAtt("Other", "Arn")}, "REQUIRED"),
    ],
)
def test_a_role_that_may_not_be_passed_is_needed_for_sure_where_the_call_names_it(
    overrides: dict[str, Any], evidence: str
) -> None:
    permissions = derived(run("jobs", Overrides=overrides)).permissions
    found = {action: it.evidence.name for one in permissions for it in one.reasons for action in it.actions}
    assert found == {
        "ecs:RunTask": "REQUIRED",
        "ecs:StopTask": "DOCUMENTED",
        "ecs:DescribeTasks": "DOCUMENTED",
        "iam:PassRole": evidence,
        **dict.fromkeys(("events:PutTargets", "events:PutRule", "events:DescribeRule"), "REQUIRED"),
    }


def test_hints_are_taken_where_they_are_of_the_type() -> None:
    query = athena.StartQueryExecution(
        "T",
        pattern=SYNC,
        QueryString="SELECT 1",
        WorkGroup="reports",
        resources=[
            "arn:aws:s3:::orders",
            "arn:aws:s3:::orders/*",
            Sub("arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:database/shop"),
            "arn:aws:glue:*:*:table/shop/*",
        ],
    )
    database = {"Fn::Sub": f"arn:${{AWS::Partition}}:glue:{ACCOUNT}:database/shop"}
    assert allowed(query, "s3:ListBucket") == ["arn:aws:s3:::orders"]
    assert allowed(query, "s3:PutObject") == ["arn:aws:s3:::orders/*"]
    assert allowed(query, "glue:GetDatabase") == [arn("glue", "catalog"), database]
    assert allowed(query, "glue:GetTable")[-1] == "arn:aws:glue:*:*:table/shop/*"
    assert warned(query) == []


def test_the_roles_of_a_task_definition_are_hinted_beside_it() -> None:
    task = ecs.RunTask(
        "T",
        pattern=CALLBACK,
        TaskDefinition=Path("$.definition"),
        Overrides={"Token": Path("$$.Task.Token")},
        resources=["arn:aws:ecs:eu-west-1:1:task-definition/nightly:*", "arn:aws:iam::1:role/Worker"],
    )
    assert allowed(task, "ecs:RunTask") == ["arn:aws:ecs:eu-west-1:1:task-definition/nightly:*"]
    assert allowed(task, "iam:PassRole") == ["arn:aws:iam::1:role/Worker"]


def test_the_roles_of_a_task_definition_are_not_in_the_call() -> None:
    assert warned(run("jobs")) == [
        "/States/T/Parameters: iam:PassRole is allowed on "
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*: the roles of the task definition are not in the call"
    ]  # fmt: skip


def test_a_hint_of_no_type_that_is_asked_for_changes_nothing() -> None:
    assert allowed(send(Path("$.url"), resources=["arn:aws:sns:us-east-1:1:news"]), SEND) == [
        arn("sqs", "*")
    ]


@each_row(
    ("query", "changes"),
    [
        ("  select 1", False),
        ("WITH a AS (SELECT 1) SELECT * FROM a", False),
        ("SELECTED", True),
        ("DROP TABLE orders", True),
        (Path("$.query"), True),
        (Path("States.Format('SELECT * FROM {}', $.t)"), False),
    ],
)
def test_a_query_changes_the_catalog_unless_it_reads(query: Any, changes: bool) -> None:
    task = athena.StartQueryExecution("T", pattern=SYNC, QueryString=query)
    assert bool(allowed(task, "glue:DeleteTable")) == changes


CONDITIONS: dict[str, tuple[ServiceTask, str, list[Any]]] = {
    "a task runs in its cluster": (
        run("jobs"),
        "ecs:RunTask",
        [{"ArnEquals": {"ecs:cluster": arn("ecs", "cluster/jobs")}}],
    ),
    "a cluster known at run time is no condition": (run(Path("$.cluster")), "ecs:RunTask", [None]),
    "nor are the hints": (
        run(Path("$.cluster"), resources=["arn:aws:ecs:eu-west-1:1:cluster/jobs"]),
        "ecs:RunTask",
        [None],
    ),
    "an endpoint and a method": (
        request(),
        "states:InvokeHTTPEndpoint",
        [
            {
                "StringEquals": {"states:HTTPMethod": "POST"},
                "StringLike": {"states:HTTPEndpoint": "https://api.example.com/v1/orders"},
            }
        ],
    ),
    "an endpoint that is known in part, a method that is not": (
        request(
            ApiEndpoint=Path("States.Format('https://api.example.com/v1/{}', $.what)"), Method=Path("$.method")
        ),
        "states:InvokeHTTPEndpoint",
        [{"StringLike": {"states:HTTPEndpoint": "https://api.example.com/v1/*"}}],
    ),
    "an endpoint with a parameter": (
        request(ApiEndpoint=Sub("https://${Host}/v1")),
        "states:InvokeHTTPEndpoint",
        [
            {
                "StringEquals": {"states:HTTPMethod": "POST"},
                "StringLike": {"states:HTTPEndpoint": {"Fn::Sub": "https://${Host}/v1"}},
            }
        ],
    ),
    "the role of a step": (
        elasticmapreduce.AddStep("T", pattern=SYNC, ClusterId="j-1", Step={}, ExecutionRoleArn=Ref("Role")),
        "elasticmapreduce:AddJobFlowSteps",
        [{"StringEquals": {"elasticmapreduce:ExecutionRoleArn": {"Ref": "Role"}}}],
    ),
    "a model through a profile": (
        ask("eu.amazon.nova-lite-v1:0"),
        "bedrock:InvokeModel",
        [
            None,
            {
                "StringLike": {
                    "bedrock:InferenceProfileArn": arn("bedrock", "inference-profile/eu.amazon.nova-lite-v1:0")
                }
            },
        ],
    ),
    "a model through one's own profile": (
        ask("arn:aws:bedrock:eu-west-1:1:application-inference-profile/a1"),
        "bedrock:InvokeModel",
        [
            None,
            {
                "StringLike": {
                    "bedrock:InferenceProfileArn": "arn:aws:bedrock:eu-west-1:1:application-inference-profile/a1"
                }
            },
        ],
    ),
    "no role of a step": (
        elasticmapreduce.AddStep("T", pattern=REQUEST_RESPONSE, ClusterId="j-1", Step={}),
        "elasticmapreduce:AddJobFlowSteps",
        [None],
    ),
}  # fmt: skip


@each_row("case", CONDITIONS)
def test_the_condition_of(case: str) -> None:
    task, action, expected = CONDITIONS[case]
    assert conditions(task, action) == expected


@pytest.mark.parametrize("kind", [None, "NO_AUTH", "RESOURCE_POLICY"])
def test_an_api_that_does_not_ask_for_a_role_needs_nothing(kind: Any) -> None:
    assert derived(call(HOST, AuthType=kind)).permissions == ()


def test_a_key_that_the_author_names_is_used_through_the_service_alone() -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    task = send("https://sqs.eu-west-1.amazonaws.com/111122223333/orders", resources=[key, Ref("Other")])
    assert allowed(task, "kms:GenerateDataKey") == [key]
    assert conditions(task, "kms:Decrypt") == [
        {"StringEquals": {"kms:ViaService": {"Fn::Sub": "sqs.${AWS::Region}.amazonaws.com"}}}
    ]
    assert allowed(send("https://sqs.eu-west-1.amazonaws.com/1/orders"), "kms:Decrypt") == []
