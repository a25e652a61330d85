"""The optimized integrations, each with the endings of its ``Resource``.

The empty ending is Request Response, and the only one of an express workflow. ``make goldens`` writes
this file from the classes in ``cfngen.tasks``, so that a start need not import them all.
https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OPTIMIZED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "apigateway": {
        "invoke": ("", ".waitForTaskToken"),
    },
    "athena": {
        "getQueryExecution": ("",),
        "getQueryResults": ("",),
        "startQueryExecution": ("", ".sync"),
        "stopQueryExecution": ("",),
    },
    "batch": {
        "submitJob": ("", ".sync"),
    },
    "bedrock": {
        "createModelCustomizationJob": ("", ".sync"),
        "invokeModel": ("", ".waitForTaskToken"),
    },
    "bedrockagentcore": {
        "invokeHarness": ("",),
    },
    "codebuild": {
        "batchDeleteBuilds": ("",),
        "batchGetReports": ("",),
        "deleteBuildBatch": ("",),
        "retryBuildBatch": ("", ".sync"),
        "startBuild": ("", ".sync"),
        "startBuildBatch": ("", ".sync"),
        "stopBuild": ("",),
        "stopBuildBatch": ("",),
    },
    "databrew": {
        "startJobRun": ("", ".sync"),
    },
    "dynamodb": {
        "deleteItem": ("",),
        "getItem": ("",),
        "putItem": ("",),
        "updateItem": ("",),
    },
    "ecs": {
        "runTask": ("", ".sync", ".waitForTaskToken"),
    },
    "eks": {
        "call": ("",),
        "createCluster": ("", ".sync"),
        "createFargateProfile": ("", ".sync"),
        "createNodegroup": ("", ".sync"),
        "deleteCluster": ("", ".sync"),
        "deleteFargateProfile": ("", ".sync"),
        "deleteNodegroup": ("", ".sync"),
        "runJob": ("", ".sync", ".waitForTaskToken"),
    },
    "elasticmapreduce": {
        "addStep": ("", ".sync"),
        "cancelStep": ("",),
        "createCluster": ("", ".sync"),
        "modifyInstanceFleetByName": ("",),
        "modifyInstanceGroupByName": ("",),
        "setClusterTerminationProtection": ("",),
        "terminateCluster": ("", ".sync"),
    },
    "emr-containers": {
        "createVirtualCluster": ("",),
        "deleteVirtualCluster": ("", ".sync"),
        "startJobRun": ("", ".sync"),
    },
    "emr-serverless": {
        "cancelJobRun": ("", ".sync"),
        "createApplication": ("", ".sync"),
        "deleteApplication": ("", ".sync"),
        "startApplication": ("", ".sync"),
        "startJobRun": ("", ".sync"),
        "stopApplication": ("", ".sync"),
    },
    "events": {
        "putEvents": ("", ".waitForTaskToken"),
    },
    "glue": {
        "startJobRun": ("", ".sync"),
    },
    "http": {
        "invoke": ("",),
    },
    "lambda": {
        "invoke": ("", ".waitForTaskToken"),
    },
    "mediaconvert": {
        "createJob": ("", ".sync"),
    },
    "sagemaker": {
        "createEndpoint": ("",),
        "createEndpointConfig": ("",),
        "createHyperParameterTuningJob": ("", ".sync"),
        "createLabelingJob": ("", ".sync"),
        "createModel": ("",),
        "createProcessingJob": ("", ".sync"),
        "createTrainingJob": ("", ".sync"),
        "createTransformJob": ("", ".sync"),
        "updateEndpoint": ("",),
    },
    "sns": {
        "publish": ("", ".waitForTaskToken"),
    },
    "sqs": {
        "sendMessage": ("", ".waitForTaskToken"),
    },
    "states": {
        "startExecution": ("", ".sync", ".sync:2", ".waitForTaskToken"),
    },
}
