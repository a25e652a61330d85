"""What Step Functions can call: the optimized integrations, each with the patterns it supports.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

Suffixes: TypeAlias = tuple[str, ...]
"""The endings of a ``Resource``; the empty one is Request Response, and the only one that EXPRESS takes."""

_REQUEST: Final = ("",)
_JOB: Final = ("", ".sync")
_CALLBACK: Final = ("", ".waitForTaskToken")
_JOB_OR_CALLBACK: Final = ("", ".sync", ".waitForTaskToken")

OPTIMIZED: Final[Mapping[str, Mapping[str, Suffixes]]] = {
    "apigateway": {"invoke": _CALLBACK},
    "athena": {
        "getQueryExecution": _REQUEST,
        "getQueryResults": _REQUEST,
        "startQueryExecution": _JOB,
        "stopQueryExecution": _REQUEST,
    },
    "batch": {"submitJob": _JOB},
    "bedrock": {"createModelCustomizationJob": _JOB, "invokeModel": _CALLBACK},
    "bedrockagentcore": {"invokeHarness": _REQUEST},
    "codebuild": {
        "batchDeleteBuilds": _REQUEST,
        "batchGetReports": _REQUEST,
        "deleteBuildBatch": _REQUEST,
        "retryBuildBatch": _JOB,
        "startBuild": _JOB,
        "startBuildBatch": _JOB,
        "stopBuild": _REQUEST,
        "stopBuildBatch": _REQUEST,
    },
    "databrew": {"startJobRun": _JOB},
    "dynamodb": {
        "deleteItem": _REQUEST,
        "getItem": _REQUEST,
        "putItem": _REQUEST,
        "updateItem": _REQUEST,
    },
    "ecs": {"runTask": _JOB_OR_CALLBACK},
    "eks": {
        "call": _REQUEST,
        "createCluster": _JOB,
        "createFargateProfile": _JOB,
        "createNodegroup": _JOB,
        "deleteCluster": _JOB,
        "deleteFargateProfile": _JOB,
        "deleteNodegroup": _JOB,
        "runJob": _JOB_OR_CALLBACK,
    },
    "elasticmapreduce": {
        "addStep": _JOB,
        "cancelStep": _REQUEST,
        "createCluster": _JOB,
        "modifyInstanceFleetByName": _REQUEST,
        "modifyInstanceGroupByName": _REQUEST,
        "setClusterTerminationProtection": _REQUEST,
        "terminateCluster": _JOB,
    },
    "emr-containers": {
        "createVirtualCluster": _REQUEST,
        "deleteVirtualCluster": _JOB,
        "startJobRun": _JOB,
    },
    "emr-serverless": {
        "cancelJobRun": _JOB,
        "createApplication": _JOB,
        "deleteApplication": _JOB,
        "startApplication": _JOB,
        "startJobRun": _JOB,
        "stopApplication": _JOB,
    },
    "events": {"putEvents": _CALLBACK},
    "glue": {"startJobRun": _JOB},
    "http": {"invoke": _REQUEST},
    "lambda": {"invoke": _CALLBACK},
    "mediaconvert": {"createJob": _JOB},
    "sagemaker": {
        "createEndpoint": _REQUEST,
        "createEndpointConfig": _REQUEST,
        "createHyperParameterTuningJob": _JOB,
        "createLabelingJob": _JOB,
        "createModel": _REQUEST,
        "createProcessingJob": _JOB,
        "createTrainingJob": _JOB,
        "createTransformJob": _JOB,
        "updateEndpoint": _REQUEST,
    },
    "sns": {"publish": _CALLBACK},
    "sqs": {"sendMessage": _CALLBACK},
    # '.sync:2' hands over the output as JSON, '.sync' as text
    "states": {"startExecution": ("", ".sync", ".sync:2", ".waitForTaskToken")},
}

SDK_SUFFIXES: Final[Suffixes] = _CALLBACK
"""The patterns of every ``aws-sdk:`` integration.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

MODELS: Final[Mapping[str, str]] = {
    "bedrockagentcore": "bedrock-agentcore",
    "elasticmapreduce": "emr",
    "states": "stepfunctions",
}
"""The optimized services whose API model has another name than the integration."""
