"""Values for every option of ``BatchJobNotification``, and choices of them that cover every pair.

Each value stands with the settings without which it could not be: ``vpc`` needs ``subnets``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any

from awacs import s3
from awacs.aws import Allow, PolicyDocument, Statement
from troposphere import ImportValue, Parameter, Ref, Split, Sub

from cfngen import DOCUMENTED, EXPRESS, LEAST_PRIVILEGE, REQUEST_RESPONSE, STANDARD, Path, Workflow
from cfngen.stacks import BatchJobNotification, StackError
from cfngen.stacks.parts.alarms import METRICS
from cfngen.tasks import batch, sns

Settings = dict[str, Any]

MAY_READ = Statement(Effect=Allow, Action=[s3.GetObject], Resource=["arn:aws:s3:::bucket/*"])
READER = PolicyDocument(Version="2012-10-17", Statement=[MAY_READ])
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
OWN = Workflow(
    batch.SubmitJob(
        "Submit",
        pattern=REQUEST_RESPONSE,
        JobName="own",
        JobQueue=Ref("BatchJobQueue"),
        JobDefinition=Ref("BatchJobDefinition"),
        Parameters={"date": Path("$.date")},
    )
    >> sns.Publish("Tell", TopicArn=Ref("SNSTopic"), Message=Path("$.JobId"))
)
NETWORK: Settings = {"vpc": "vpc-0a1b2c3d", "subnets": ["subnet-0a1b2c3d"]}
EXISTING = [NETWORK["subnets"], ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]]
SUBNETS = Parameter("MySubnets", Type="List<AWS::EC2::Subnet::Id>", Description="Where jobs run.")
VPC = Parameter("MyVpc", Type="AWS::EC2::VPC::Id", Description="The network of the jobs.")
EMAIL = Parameter("MyEmail", Type="String", Description="Who is told.")


def plain(name: str, *values: Any) -> list[Settings]:
    return [{name: value} for value in values]


ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com/job:1"
FARGATE: Settings = {"compute": "FARGATE"}

CHOICES: dict[str, list[Settings]] = {
    "image": plain(
        "image",
        ECR,
        Sub("${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/job:1"),
    ),
    "command": plain("command", ["sh", "-c", "date"], ["echo", Ref("AWS::Region")], ["echo", "Ref::date"]),
    "vcpus": [
        {"vcpus": 4},
        {"vcpus": 1.0},
        {"vcpus": 0.25, **FARGATE},
        {"vcpus": 16, "compute": "FARGATE"},
    ],
    "memory": [{"memory": 4096}, {"memory": 16384}, {"memory": 4, "compute": "EC2"}],
    "environment": plain("environment", {"A": "b", "REGION": Ref("AWS::Region")}, {"EMPTY": ""}),
    "secrets": plain(
        "secrets",
        {"A": SECRET, "B": f"{SECRET}:password::"},
        {"A": "/prod/db", "B": "arn:aws:ssm:us-east-1:123456789012:parameter/prod/db"},
        {"A": ImportValue("secret")},
    ),
    "job_attempts": plain("job_attempts", 1, 10),
    "job_timeout": plain("job_timeout", 60, 86400),
    "job_role_policy": plain(
        "job_role_policy",
        READER,
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}
            ],
        },
    ),
    "job_logs": plain("job_logs", True),
    "array_size": plain("array_size", 2, 10_000),
    "compute": plain("compute", "EC2", "SPOT", "FARGATE", "FARGATE_SPOT"),
    "max_vcpus": plain("max_vcpus", 16, 10_000),
    "instance_types": [
        {"instance_types": ["m6i", "c6i.4xlarge"]},
        {"instance_types": ["optimal"]},
        {"instance_types": ["c7g.4xlarge"], "architecture": "ARM64"},
    ],
    "require_imdsv2": plain("require_imdsv2", True),
    "volume_size": plain("volume_size", 30, 500),
    "runnable_timeout": plain("runnable_timeout", 600, 86_400),
    "gpus": [{"gpus": 1}, {"gpus": 4, "instance_types": ["g5.12xlarge"]}],
    "architecture": plain("architecture", "X86_64", "ARM64"),
    "availability_zones": plain("availability_zones", 1, 2, 6),
    "nat_gateway": [{"nat_gateway": True}, {"nat_gateway": True, "public_ip": False}],
    "vpc_endpoints": [
        {"vpc_endpoints": True, "image": ECR},
        {"vpc_endpoints": True, "nat_gateway": True},
    ],
    "endpoint_services": [
        {"endpoint_services": ["sqs", "dynamodb"], "vpc_endpoints": True, "image": ECR},
    ],
    "vpc": [
        NETWORK,
        {"vpc": "parameter", "subnets": "parameter"},
        {"vpc": VPC, "subnets": SUBNETS},
        {**NETWORK, "vpc": ImportValue("vpc")},
    ],
    "subnets": [
        {**NETWORK, "subnets": EXISTING[1]},
        {**NETWORK, "subnets": [ImportValue("a"), ImportValue("b")]},
        {**NETWORK, "subnets": Split(",", ImportValue("subnets"))},
        {**NETWORK, "subnets": "parameter"},
        {**NETWORK, "subnets": SUBNETS},
    ],
    "security_groups": [
        {"subnets": EXISTING[0], "security_groups": ["sg-0a1b2c3d"]},
        {**NETWORK, "security_groups": [ImportValue("group")]},
    ],
    "public_ip": [{"public_ip": True}, {"public_ip": False, **FARGATE, **NETWORK}],
    "email": plain("email", "me@example.com", "parameter", EMAIL, ImportValue("email")),
    "topic": plain("topic", TOPIC, "parameter", ImportValue("topic")),
    "topic_key": plain("topic_key", "alias/aws/sns", "alias/own", KEY, "create", ImportValue("key")),
    "scope": plain("scope", DOCUMENTED, LEAST_PRIVILEGE),
    "timeout": plain("timeout", 1, 99_999_999),
    "retry_interval": plain("retry_interval", 1, 600),
    "retry_attempts": plain("retry_attempts", 0, 99),
    "retry_backoff": plain("retry_backoff", 1, 2.5),
    "task_timeout": [{"task_timeout": 300}, {"task_timeout": 3600, "timeout": 14_400}],
    "fail_execution": plain("fail_execution", True, False),
    "workflow": plain("workflow", OWN),
    "name": plain("name", "BatchJob", Sub("${AWS::StackName}-machine")),
    "type": [{"type": STANDARD}, {"type": EXPRESS, "workflow": OWN}],
    "extra_statements": plain("extra_statements", [MAY_READ]),
    "narrow": plain("narrow", lambda permission: permission),
    "kms_key": plain(
        "kms_key",
        "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
    "log_level": plain("log_level", "OFF", "ERROR", "FATAL", "ALL"),
    "log_retention": plain("log_retention", 1, 3653),
    "log_execution_data": plain("log_execution_data", True),
    "log_key": plain("log_key", KEY, ImportValue("log-key")),
    "keep_logs": plain("keep_logs", True),
    "tracing": plain("tracing", True),
    "tags": plain("tags", {"team": "a", "Cost Centre": Ref("AWS::StackName")}),
    "permissions_boundary": plain(
        "permissions_boundary",
        BOUNDARY,
        Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/boundary"),
    ),
    "role_path": plain("role_path", "/team/jobs/"),
    "schedule": plain("schedule", "rate(1 day)", "cron(0 5 * * ? *)", "at(2030-01-01T00:00:00)"),
    "schedule_timezone": [{"schedule_timezone": "Europe/Berlin", "schedule": "rate(1 day)"}],
    "schedule_input": [
        {"schedule_input": {"queue": Ref("BatchJobQueue"), "count": 2}, "schedule": "rate(1 day)"}
    ],
    "event_pattern": plain(
        "event_pattern",
        {"source": ["aws.s3"], "detail": {"bucket": {"name": [{"prefix": "in-"}]}}},
        {"source": ["aws.batch"], "account": [Ref("AWS::AccountId")]},
    ),
    "alarms": plain("alarms", list(METRICS)),
    "alarm_topic": [
        {"alarm_topic": TOPIC, "alarms": list(METRICS)},
        {"alarm_topic": ImportValue("topic"), "alarms": ["ExecutionsFailed"]},
    ],
    "versions": plain("versions", True),
    "deployment": [{"deployment": kind, "versions": True} for kind in ("ALL_AT_ONCE", "CANARY", "LINEAR")],
    "deployment_percentage": [{"deployment_percentage": 50, "deployment": "LINEAR", "versions": True}],
    "deployment_interval": [{"deployment_interval": 2100, "deployment": "CANARY", "versions": True}],
}


def joined(*several: Settings) -> Settings | None:
    """Join settings, or return None if two of them contradict."""
    result: Settings = {}
    for settings in several:
        for name, value in settings.items():
            if result.setdefault(name, value) is not value and result[name] != value:
                return None
    return result


def possible(settings: Settings) -> bool:
    """Tell whether a stack can have these settings, by its own checks."""
    try:
        stack = BatchJobNotification(**settings)
    except StackError:
        return False
    # a workflow of one's own that speaks of the stack's topic wants that topic
    if settings.get("workflow") is OWN and settings.get("topic") is not None:
        return False
    # the settings of a standard machine are the stack's own, which its template checks
    return stack.type == STANDARD or not stack.machine().workflow.check(stack.type)


def every_value() -> Iterator[Settings]:
    for settings in CHOICES.values():
        yield from settings


@cache
def possible_pairs() -> set[tuple[int, int]]:
    """Pairs of values, by their places in ``every_value``, that one stack can have."""
    values = list(every_value())
    return {
        (one, other)
        for one, other in combinations(range(len(values)), 2)
        if (both := joined(values[one], values[other])) is not None and possible(both)
    }


def covering_values() -> list[Settings]:
    """Return few settings that hold every value between them."""
    rows: list[Settings] = []
    for value in every_value():
        for place, row in enumerate(rows):
            both = joined(row, value)
            if both is not None and possible(both):
                rows[place] = both
                break
        else:
            rows.append(value)
    return rows


@cache
def covering() -> list[Settings]:
    """Return few settings that hold every possible pair of values between them, the same every time.

    Sets of values are numbers, whose bits are the places of values in ``every_value``.
    """
    values = list(every_value())
    beside, uncovered = [0] * len(values), [0] * len(values)
    for one, other in possible_pairs():
        for place, with_ in ((one, other), (other, one)):
            beside[place] |= 1 << with_
            uncovered[place] |= 1 << with_
    rows = []
    while any(uncovered):
        first = max(range(len(values)), key=lambda it: uncovered[it].bit_count())
        held, row, fits, refused = 1 << first, values[first], beside[first], 0
        while True:
            gains = [
                ((uncovered[it] & held).bit_count(), uncovered[it].bit_count(), -it)
                for it in range(len(values))
                if fits >> it & 1 and not refused >> it & 1 and uncovered[it] & held
            ]
            if not gains:
                break
            new = -max(gains)[2]
            both = joined(row, values[new])
            if both is None or not possible(both):
                refused |= 1 << new
                continue
            held, row, fits = held | 1 << new, both, fits & beside[new]
        for place in range(len(values)):
            if held >> place & 1:
                uncovered[place] &= ~held
        rows.append(row)
    return rows
