"""What a state machine itself needs beside its tasks."""

from __future__ import annotations

from typing import Final

from awacs import awslambda, kms, logs, s3, states, sts, xray

from cfngen.cfn.arns import in_partition, partition_wide
from cfngen.cfn.pseudo_parameters import PARTITION
from cfngen.cfn.text import hole
from cfngen.tasks.grants import (
    ALL_RESOURCES,
    STATE_MACHINE_NAME,
    ArgumentIs,
    ArgumentResource,
    Condition,
    Evidence,
    Grant,
    regional,
)

_DG: Final = "https://docs.aws.amazon.com/step-functions/latest/dg"
_MAP_PAGE: Final = f"{_DG}/iam-policies-eg-dist-map.html"
_ENCRYPTION_PAGE: Final = f"{_DG}/encryption-at-rest.html"

ASSUME_ROLE: Final = Grant(
    (sts.AssumeRole,),
    resources=(ArgumentResource("RoleArn", in_partition(hole(PARTITION), "iam::*:role/{}")),),
    reason="takes the role that makes the call and holds the call's own permissions",
    page=f"{_DG}/concepts-access-cross-acct-resources.html",
)

FUNCTION: Final = (
    Grant(
        (awslambda.InvokeFunction,),
        resources=(ArgumentResource("Resource", regional("lambda", "function:{}")),),
        reason="invokes the function that is the task's resource",
        page=f"{_DG}/lambda-iam.html",
    ),
)

LOGGING: Final = Grant(
    (
        logs.CreateLogDelivery,
        logs.CreateLogStream,
        logs.GetLogDelivery,
        logs.UpdateLogDelivery,
        logs.DeleteLogDelivery,
        logs.ListLogDeliveries,
        logs.PutLogEvents,
        logs.PutResourcePolicy,
        logs.DescribeResourcePolicies,
        logs.DescribeLogGroups,
    ),
    resources=(ALL_RESOURCES,),
    reason="delivers the execution history to CloudWatch Logs, whose delivery knows no resources",
    page=f"{_DG}/cw-logs.html",
)

TRACING: Final = Grant(
    (
        xray.PutTraceSegments,
        xray.PutTelemetryRecords,
        xray.GetSamplingRules,
        xray.GetSamplingTargets,
    ),
    resources=(ALL_RESOURCES,),
    reason="sends traces to X-Ray, whose actions support no resource types",
    page=f"{_DG}/concepts-xray-tracing.html",
    evidence=Evidence.DOCUMENTED,  # executions run without
)

ENCRYPTION: Final = Grant(
    (kms.Decrypt, kms.GenerateDataKey),
    resources=(ArgumentResource("KmsKeyId", regional("kms", "key/{}"), ref_returns="name"),),
    conditions=(
        Condition(
            "StringEquals",
            "kms:EncryptionContext:aws:states:stateMachineArn",
            regional("states", f"stateMachine:{STATE_MACHINE_NAME}"),
        ),
    ),
    reason="encrypts and reads the executions' data with the customer's key",
    page=_ENCRYPTION_PAGE,
)

ENCRYPTED_LOGGING: Final = Grant(
    (kms.GenerateDataKey,),
    resources=(ArgumentResource("KmsKeyId", regional("kms", "key/{}"), ref_returns="name"),),
    conditions=(
        Condition("StringLike", "kms:EncryptionContext:SourceArn", regional("logs", ALL_RESOURCES)),
    ),
    reason="encrypts what it logs with the customer's key",
    page=_ENCRYPTION_PAGE,
)

# AWS's page leaves out StopExecution, and the slash before a map's label in the ARN of a child execution
_CHILDREN: Final = ArgumentResource(
    "Label", regional("states", f"execution:{STATE_MACHINE_NAME}/{{}}:*"), default="*"
)
_EXECUTIONS: Final = regional("states", f"execution:{STATE_MACHINE_NAME}:*")

MAP_RUN: Final = (
    Grant(
        (states.StartExecution,),
        resources=(regional("states", f"stateMachine:{STATE_MACHINE_NAME}"),),
        reason="starts the child executions of the map, which are executions of the machine itself",
        page=_MAP_PAGE,
    ),
    Grant(
        (states.DescribeExecution,),
        resources=(_EXECUTIONS,),
        reason="asks how the child executions stand",
        page=_MAP_PAGE,
        evidence=Evidence.DOCUMENTED,
    ),
    Grant(
        (states.DescribeExecution, states.StopExecution),
        resources=(_CHILDREN,),
        reason="asks how the child executions stand, and stops them with their parent",
        page=_MAP_PAGE,
        evidence=Evidence.POSSIBLE,
    ),
    Grant(
        (states.StopExecution,),
        resources=(_EXECUTIONS,),
        reason="stops the child executions with their parent",
        page=_MAP_PAGE,
        evidence=Evidence.POSSIBLE,
    ),
    Grant(
        (states.RedriveExecution,),
        resources=(_CHILDREN,),
        reason="redrives the failed child executions when the execution is redriven",
        page=_MAP_PAGE,
        evidence=Evidence.DOCUMENTED,
    ),
)

READERS: Final = {
    "s3:getObject": (
        Grant(
            (s3.GetObject,),
            resources=(ArgumentResource("Bucket", partition_wide("s3", "{}/{Key}"), ref_returns="name"),),
            reason="reads the items from the object",
            page=_MAP_PAGE,
        ),
    ),
    "s3:listObjectsV2": (
        Grant(
            (s3.ListBucket,),
            resources=(ArgumentResource("Bucket", partition_wide("s3", "{}"), ref_returns="name"),),
            conditions=(
                Condition(
                    "StringLike",
                    "s3:prefix",
                    (ArgumentResource("Prefix", "{}"), ArgumentResource("Prefix", "{}*")),
                ),
            ),
            reason="lists the objects that are the items",
            page=_MAP_PAGE,
        ),
        Grant(
            (s3.GetObject,),
            resources=(
                ArgumentResource("Bucket", partition_wide("s3", "{}/{Prefix|}*"), ref_returns="name"),
            ),
            when=(ArgumentIs("ReaderConfig.Transformation", "LOAD_AND_FLATTEN"),),
            reason="reads the items from the objects that it lists",
            page=_MAP_PAGE,
        ),
    ),
}
"""What the readers of a distributed map need, by the integration that reads."""

MANIFEST: Final = Grant(
    (s3.GetObject,),
    resources=(ArgumentResource("Bucket", partition_wide("s3", "{}/*"), ref_returns="name"),),
    reason="reads the files that the manifest names, where they lie in the manifest's own bucket",
    page=_MAP_PAGE,
)

WRITER: Final = Grant(
    (s3.PutObject, s3.GetObject, s3.ListMultipartUploadParts, s3.AbortMultipartUpload),
    resources=(ArgumentResource("Bucket", partition_wide("s3", "{}/{Prefix}/*"), ref_returns="name"),),
    reason="writes the results of the child executions",
    page=_MAP_PAGE,
)
