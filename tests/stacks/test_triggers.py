"""What starts a machine, what watches it, and how its changes reach executions."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import pytest
from troposphere import AWSObject, Ref, Template
from troposphere.awslambda import Code, Function
from troposphere.batch import JobQueue
from troposphere.iam import Role
from troposphere.kms import Key
from troposphere.sns import Topic
from troposphere.stepfunctions import StateMachine as StateMachineResource

from cfngen import SYNC, Pass, Task, Workflow
from cfngen.stacks import BatchJobNotification, StackError, StateMachine
from cfngen.stacks.parts import Alarm, EventTrigger, Network, NotificationTopic, Schedule
from cfngen.tasks import batch, sns, states
from cfngen.template import document
from tests.iam.intrinsics import resolved

NOTHING = Workflow(Pass("Nothing"))
TOPIC = Topic("Alarms")


def resources(**options: Any) -> Any:
    return document(StateMachine(NOTHING, **options).template())["Resources"]


def properties(name: str, **options: Any) -> Any:
    return resources(**options)[name]["Properties"]


# --- what starts a machine ------------------------------------------------------------------------


def test_a_schedule_starts_the_machine_with_its_input() -> None:
    schedule = properties(
        "StateMachineSchedule",
        schedule="cron(0 5 * * ? *)",
        schedule_timezone="Europe/Berlin",
        schedule_input={"day": "today"},
    )
    assert schedule == {
        "ScheduleExpression": "cron(0 5 * * ? *)",
        "ScheduleExpressionTimezone": "Europe/Berlin",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": {"Ref": "StateMachine"},
            "RoleArn": {"Fn::GetAtt": ["StateMachineScheduleRole", "Arn"]},
            "Input": '{\n  "day": "today"\n}',
        },
    }


def test_the_input_of_a_schedule_may_hold_what_cloudformation_fills_in() -> None:
    schedule = properties(
        "StateMachineSchedule", schedule="rate(1 day)", schedule_input={"region": Ref("AWS::Region")}
    )
    assert resolved(schedule["Target"]["Input"], {"AWS::Region": "eu-west-1"}) == (
        '{\n  "region": "eu-west-1"\n}'
    )


def test_events_start_the_machine() -> None:
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"]}
    assert properties("StateMachineEventRule", event_pattern=pattern) == {
        "EventPattern": pattern,
        "Targets": [
            {
                "Arn": {"Ref": "StateMachine"},
                "Id": "StateMachine",
                "RoleArn": {"Fn::GetAtt": ["StateMachineEventRuleRole", "Arn"]},
            }
        ],
    }


# https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html: a group's ARN
@pytest.mark.parametrize(
    ("role", "service", "source"),
    [
        ("StateMachineScheduleRole", "scheduler.amazonaws.com", "scheduler:*:schedule-group/default"),
        ("StateMachineEventRuleRole", "events.amazonaws.com", "events:*:rule/*"),
    ],
)
def test_who_starts_the_machine_may_do_nothing_else_and_for_nobody_else(
    role: str, service: str, source: str
) -> None:
    own = properties(role, schedule="rate(1 day)", event_pattern={"source": ["aws.s3"]})
    [trusted] = own["AssumeRolePolicyDocument"]["Statement"]
    arn = trusted["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]
    assert trusted["Principal"] == {"Service": service}
    assert trusted["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert arn.replace("${AWS::Region}:${AWS::AccountId}", "*") == f"arn:${{AWS::Partition}}:{source}"
    [policy] = own["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Action": ["states:StartExecution"], "Resource": [{"Ref": "StateMachine"}]}
    ]


# --- what watches it ------------------------------------------------------------------------------


def test_an_alarm_tells_a_topic_of_the_first_execution_that_fails() -> None:
    assert properties(
        "StateMachineExecutionsFailedAlarm", alarms=["ExecutionsFailed"], alarm_topic=TOPIC
    ) == {
        "Namespace": "AWS/States",
        "MetricName": "ExecutionsFailed",
        "Dimensions": [{"Name": "StateMachineArn", "Value": {"Ref": "StateMachine"}}],
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": [{"Ref": "Alarms"}],
    }


def test_alarms_without_a_topic_are_refused() -> None:
    with pytest.raises(StackError, match="there is no topic that hears them"):
        StateMachine(NOTHING, alarms=["ExecutionsFailed"])


# https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
def test_the_key_of_the_samples_topic_lets_cloudwatch_in_only_for_alarms() -> None:
    def services(**options: Any) -> list[Any]:
        stack: Any = document(BatchJobNotification(topic_key="create", **options).template())["Resources"]
        statements = stack["SNSTopicKey"]["Properties"]["KeyPolicy"]["Statement"]
        return [it for it in statements if "Service" in it["Principal"]]

    assert services() == []
    assert services(alarms=["ExecutionsFailed"], alarm_topic=TOPIC) == []
    assert services(alarms=["ExecutionsFailed"]) == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": ["*"],
            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
        }
    ]


def test_the_samples_alarms_tell_its_own_topic_unless_another_is_named() -> None:
    def topic(**options: Any) -> Any:
        stack: Any = document(BatchJobNotification(alarms=["ExecutionsFailed"], **options).template())[
            "Resources"
        ]
        alarm = stack["BatchJobNotificationStateMachineExecutionsFailedAlarm"]["Properties"]
        return alarm["AlarmActions"]

    assert topic() == [{"Ref": "SNSTopic"}]
    assert topic(alarm_topic=TOPIC) == [{"Ref": "Alarms"}]


# --- versions -------------------------------------------------------------------------------------


def test_each_change_publishes_a_version_and_keeps_the_one_before() -> None:
    assert resources(versions=True)["StateMachineVersion"] == {
        "Type": "AWS::StepFunctions::StateMachineVersion",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "StateMachineArn": {"Ref": "StateMachine"},
            "StateMachineRevisionId": {"Fn::GetAtt": ["StateMachine", "StateMachineRevisionId"]},
        },
    }


# alarms by their names: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-stepfunctions-statemachinealias-deploymentpreference.html
def test_a_gradual_deployment_is_rolled_back_by_the_machines_alarms() -> None:
    options = {"versions": True, "alarms": ["ExecutionsFailed"], "alarm_topic": TOPIC}
    steps = {"deployment": "CANARY", "deployment_percentage": 25}
    preference = properties("StateMachineAlias", **options, **steps)["DeploymentPreference"]
    assert preference == {
        "StateMachineVersionArn": {"Ref": "StateMachineVersion"},
        "Type": "CANARY",
        "Percentage": 25,
        "Interval": 10,
        "Alarms": [{"Ref": "StateMachineExecutionsFailedAlarm"}],
    }
    assert properties("StateMachineAlias", **options)["DeploymentPreference"] == {
        "StateMachineVersionArn": {"Ref": "StateMachineVersion"},
        "Type": "ALL_AT_ONCE",
    }


# https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
def test_the_alias_is_what_starts_and_the_machine_is_what_the_role_may_start() -> None:
    stack = resources(versions=True, schedule="rate(1 day)", event_pattern={"source": ["aws.s3"]})
    assert stack["StateMachineSchedule"]["Properties"]["Target"]["Arn"] == {"Ref": "StateMachineAlias"}
    assert stack["StateMachineEventRule"]["Properties"]["Targets"][0]["Arn"] == {"Ref": "StateMachineAlias"}
    [policy] = stack["StateMachineScheduleRole"]["Properties"]["Policies"]
    assert policy["PolicyDocument"]["Statement"][0]["Resource"] == [{"Ref": "StateMachine"}]


def test_neighbours_refer_to_the_machine_and_start_its_alias() -> None:
    plain, versioned = (StateMachine(NOTHING, logical_id="Nightly", versions=it) for it in (False, True))
    assert plain.machine_ref().to_dict() == versioned.machine_ref().to_dict() == {"Ref": "Nightly"}
    assert plain.machine_arn().to_dict() == {"Ref": "Nightly"}
    assert versioned.machine_arn().to_dict() == {"Ref": "NightlyAlias"}
    sample = BatchJobNotification().machine_ref()
    assert sample.to_dict() == {"Ref": "BatchJobNotificationStateMachine"}


# --- alone, in any template -----------------------------------------------------------------------


def test_triggers_and_alarms_can_be_used_beside_any_machine() -> None:
    template = Template()
    machine = template.add_resource(StateMachineResource("Own", RoleArn=Ref("Role"), DefinitionString="{}"))
    Schedule(schedule="rate(1 day)").add_to(template, machine)
    EventTrigger(event_pattern={"source": ["aws.s3"]}).add_to(template, machine)
    Alarm(metric="ExecutionsAborted", threshold=3).add_to(template, machine, TOPIC)
    stack: Any = document(template)["Resources"]
    assert list(stack) == ["Own", "Schedule", "ScheduleRole", "EventRule", "EventRuleRole", "Alarm"]
    assert stack["Schedule"]["Properties"]["Target"]["Arn"] == {"Ref": "Own"}


def test_a_schedule_needs_its_time_and_a_rule_its_events() -> None:
    with pytest.raises(TypeError, match="schedule"):
        Schedule()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="event_pattern"):
        EventTrigger()  # type: ignore[call-arg]


# --- resources where an ARN or a name is due -------------------------------------------------------


def test_a_task_takes_a_resource_as_what_its_argument_is() -> None:
    queue = JobQueue("Queue", Priority=1, ComputeEnvironmentOrder=[])
    task = batch.SubmitJob("Run", pattern=SYNC, JobName="n", JobQueue=queue, JobDefinition="d")
    publish = sns.Publish("Tell", TopicArn=TOPIC, Message="m")
    definition: Any = Workflow(task >> publish).to_asl()["States"]
    assert definition["Run"]["Parameters"]["JobQueue"] == {"Ref": "Queue"}
    assert definition["Tell"]["Parameters"]["TopicArn"] == {"Ref": "Alarms"}


def test_a_resource_is_found_wherever_it_stands_in_the_arguments() -> None:
    role = Role("Job", AssumeRolePolicyDocument={})
    task = states.StartExecution(
        "Start",
        pattern=SYNC,
        StateMachineArn=StateMachineResource("M"),
        Input={"roles": [{"RoleArn": role}]},
    )
    states_of: Any = Workflow(task).to_asl()["States"]
    arguments = states_of["Start"]["Parameters"]
    assert arguments["StateMachineArn"] == {"Ref": "M"}
    assert arguments["Input"] == {"roles": [{"RoleArn": {"Fn::GetAtt": ["Job", "Arn"]}}]}


def test_a_function_can_be_the_resource_of_a_task() -> None:
    task = Task("Call", Resource=Function("F", Code=Code(ZipFile="pass"), Role=""))
    definition: Any = Workflow(task).to_asl()
    assert definition["States"]["Call"]["Resource"] == {"Fn::GetAtt": ["F", "Arn"]}


def test_an_arn_that_no_attribute_is_known_to_be_is_asked_for() -> None:
    class Vault(AWSObject):  # type: ignore[misc]
        resource_type = "AWS::Backup::BackupVault"
        props: ClassVar[dict[str, Any]] = {}

    with pytest.raises(TypeError) as refused:
        sns.Publish("Tell", TopicArn=Vault("Vault"), Message="m")
    assert str(refused.value) == (
        "TopicArn takes an ARN, and no attribute of AWS::Backup::BackupVault is known to be one: "
        "use Ref or GetAtt of 'Vault'"
    )


def test_the_policy_of_a_task_names_the_resource() -> None:
    policy = json.loads(Workflow(sns.Publish("Tell", TopicArn=TOPIC, Message="m")).policy().to_json())
    assert policy["Statement"][0]["Resource"] == [{"Ref": "Alarms"}]


def test_options_take_resources() -> None:
    from troposphere.ec2 import VPC, SecurityGroup, Subnet

    key = Key("Key", KeyPolicy={})
    machine = properties("StateMachine", kms_key=key, role_arn=Role("R", AssumeRolePolicyDocument={}))
    assert machine["EncryptionConfiguration"]["KmsKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}
    assert machine["RoleArn"] == {"Fn::GetAtt": ["R", "Arn"]}
    network = Network(
        vpc=VPC("V"), subnets=[Subnet("S")], security_groups=[SecurityGroup("G", GroupDescription="g")]
    ).add_to(Template())
    assert [it.to_dict() for it in network.subnets] == [{"Ref": "S"}]
    assert [it.to_dict() for it in network.security_groups] == [{"Fn::GetAtt": ["G", "GroupId"]}]
    assert NotificationTopic(topic=TOPIC).add_to(Template()).to_dict() == {"Ref": "Alarms"}
