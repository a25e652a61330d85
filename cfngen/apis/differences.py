"""Where the arguments of an integration are not those of the API's operation.

Each entry follows the page that it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from cfngen.apis.shapes import (
    ANY,
    BOOLEAN,
    TEXT,
    Shape,
    at,
    changed,
    enum_shape,
    list_of,
    map_shape,
    requiring,
    structure,
    without_member,
)

_DG: Final = "https://docs.aws.amazon.com/step-functions/latest/dg"


@dataclass(frozen=True)
class Difference:
    """What Step Functions makes of an operation.

    ``moved`` maps a new name to the path of the argument it stands for; ``json`` are the paths that take
    any JSON where the API takes text; ``extra`` are arguments of its own; of ``some_of``, at least one is
    given. ``operation`` and ``model`` are named where the action does not name them.
    """

    page: str
    operation: str = ""
    model: str = ""
    moved: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    extra: Mapping[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    some_of: tuple[str, ...] = ()
    json: tuple[str, ...] = ()

    def applied(self, shape: Shape) -> Shape:
        """Return the operation's arguments as Step Functions takes them."""
        for name, path in self.moved.items():
            top = path.partition("[]")[0]
            moved, is_required = at(shape, path), top in shape.required
            shape = requiring(
                changed(without_member(shape, top), name, moved), name, is_required=is_required
            )
        for path in self.dropped:
            shape = without_member(shape, path)
        for name, new in self.extra.items():
            shape = changed(shape, name, new)
        for path in self.json:
            shape = changed(shape, path, ANY)
        for path in self.required:
            shape = requiring(shape, path, is_required=True)
        for path in self.optional:
            shape = requiring(shape, path, is_required=False)
        return replace(shape, some_of=self.some_of) if self.some_of else shape


DIFFERENCES: Final[Mapping[str, Difference]] = {
    # the page's own example passes a number ("Key2": 100), where the API's values are text
    "batch:submitJob": Difference(f"{_DG}/connect-batch.html", extra={"Parameters": map_shape(ANY)}),
    "bedrock:invokeModel": Difference(
        f"{_DG}/connect-bedrock.html",
        model="bedrock-runtime",
        extra={"Input": structure({"S3Uri": TEXT}), "Output": structure({"S3Uri": TEXT})},
        json=("Body",),
    ),
    # whoever leaves the session out is not told off before AWS says that it makes none up
    "bedrockagentcore:invokeHarness": Difference(
        f"{_DG}/connect-bedrockagentcore.html", optional=("RuntimeSessionId",)
    ),
    "elasticmapreduce:addStep": Difference(
        f"{_DG}/connect-emr.html",
        operation="AddJobFlowSteps",
        moved={"ClusterId": "JobFlowId", "Step": "Steps[]"},
    ),
    "elasticmapreduce:cancelStep": Difference(
        f"{_DG}/connect-emr.html", operation="CancelSteps", moved={"StepId": "StepIds[]"}
    ),
    "elasticmapreduce:createCluster": Difference(
        f"{_DG}/connect-emr.html",
        operation="RunJobFlow",
        dropped=("Steps",),
        required=("Instances.KeepJobFlowAliveWhenNoSteps",),
    ),
    "elasticmapreduce:modifyInstanceFleetByName": Difference(
        f"{_DG}/connect-emr.html",
        operation="ModifyInstanceFleet",
        dropped=("InstanceFleet.InstanceFleetId",),
        extra={"InstanceFleetName": TEXT},
        required=("InstanceFleetName",),
    ),
    "elasticmapreduce:modifyInstanceGroupByName": Difference(
        f"{_DG}/connect-emr.html",
        operation="ModifyInstanceGroups",
        moved={"InstanceGroup": "InstanceGroups[]"},
        dropped=("InstanceGroup.InstanceGroupId",),
        extra={"InstanceGroupName": TEXT},
        required=("ClusterId", "InstanceGroupName", "InstanceGroup"),
    ),
    "elasticmapreduce:setClusterTerminationProtection": Difference(
        f"{_DG}/connect-emr.html", operation="SetTerminationProtection", moved={"ClusterId": "JobFlowIds[]"}
    ),
    "elasticmapreduce:terminateCluster": Difference(
        f"{_DG}/connect-emr.html", operation="TerminateJobFlows", moved={"ClusterId": "JobFlowIds[]"}
    ),
    "events:putEvents": Difference(f"{_DG}/connect-eventbridge.html", json=("Entries[].Detail",)),
    "sns:publish": Difference(
        f"{_DG}/connect-sns.html", json=("Message",), some_of=("TopicArn", "TargetArn", "PhoneNumber")
    ),
    # the page's list of parameters has 'MessageAttribute', without the plural
    "sqs:sendMessage": Difference(
        f"{_DG}/connect-sqs.html", extra={"MessageAttribute": map_shape(ANY)}, json=("MessageBody",)
    ),
    "states:startExecution": Difference(f"{_DG}/connect-stepfunctions.html", json=("Input",)),
}
"""Integrations of operations, as they stand in a ``Resource``."""

_METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
_CLUSTER: Final = {"ClusterName": TEXT, "CertificateAuthority": TEXT, "Endpoint": TEXT}

WITHOUT_OPERATION: Final[Mapping[str, Shape]] = {
    # https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html
    "apigateway:invoke": structure(
        {"ApiEndpoint": TEXT, "Method": enum_shape(*_METHODS)},
        {
            "Headers": map_shape(ANY),
            "Stage": TEXT,
            "Path": TEXT,
            "QueryParameters": map_shape(ANY),
            "RequestBody": ANY,
            "AllowNullValues": BOOLEAN,
            "AuthType": enum_shape("NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY"),
        },
    ),
    # https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html
    "eks:call": structure(
        {**_CLUSTER, "Method": enum_shape(*_METHODS), "Path": TEXT},
        {"QueryParameters": map_shape(ANY), "RequestBody": ANY},
    ),
    "eks:runJob": structure(
        {**_CLUSTER, "Job": map_shape(ANY)},
        {
            "Namespace": TEXT,
            "LogOptions": structure(
                {},
                {"RetrieveLogs": BOOLEAN, "RawLogs": BOOLEAN, "LogParameters": map_shape(list_of(ANY))},
            ),
        },
    ),
    # https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
    "http:invoke": structure(
        {"ApiEndpoint": TEXT, "Method": enum_shape(*_METHODS)},
        {
            "Authentication": structure({"ConnectionArn": TEXT}),
            "InvocationConfig": structure({"ConnectionArn": TEXT}),
            "Headers": map_shape(ANY),
            "QueryParameters": map_shape(ANY),
            "RequestBody": ANY,
            "Transform": structure(
                {},
                {
                    "RequestBodyEncoding": enum_shape("NONE", "URL_ENCODED"),
                    "RequestEncodingOptions": structure(
                        {}, {"ArrayFormat": enum_shape("INDICES", "REPEAT", "COMMAS", "BRACKETS", "NONE")}
                    ),
                },
            ),
        },
        some_of=("Authentication", "InvocationConfig"),
    ),
}
"""The integrations that are no operation of a service's API."""
