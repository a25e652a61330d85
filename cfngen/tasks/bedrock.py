"""Amazon Bedrock.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import bedrock, s3

from cfngen.asl.values import (
    CALLBACK,
    REQUEST_RESPONSE,
    SYNC,
    DynamicList,
    DynamicMapping,
    DynamicText,
    Pattern,
    PayloadValue,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import (
    ArgumentMatches,
    ArgumentResource,
    Condition,
    Grant,
    HasArgument,
    Otherwise,
    Scope,
    regional,
)
from cfngen.tasks.service import ServiceTask
from cfngen.tasks.shared import pass_role

__all__ = ["CreateModelCustomizationJob", "InvokeModel"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html"

_CUSTOM_MODELS = regional("bedrock", "custom-model/*")
_JOBS = regional("bedrock", "model-customization-job/*")
_PROFILE = r"(?:arn:[^/]+:inference-profile/)?(?:us|us-gov|eu|apac|global|ca|jp|au|sa|mx|il|me|af)\."
_OWN_PROFILE = r"arn:[^/]+:application-inference-profile/|\$\{[^}]*\.InferenceProfile(?:Arn|Id)\}"
_PROFILES = regional("bedrock", "inference-profile/{}")


@frozen(kw_only=True)
class InvokeModel(ServiceTask):
    """Invokes a model and passes its answer on below ``Body``.

    ``ModelId`` is the id of a foundation model, the id of an inference profile that spans Regions
    (``us.anthropic...``), or an ARN. ``Input`` and ``Output_``, the argument ``Output``, name objects in S3
    (``{"S3Uri": "s3://bucket/key"}``) for what is too large to pass on.
    https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
    """

    ModelId: DynamicText
    Accept: DynamicText | None = None
    Body: PayloadValue = None
    ContentType: DynamicText | None = None
    GuardrailIdentifier: DynamicText | None = None
    GuardrailVersion: DynamicText | None = None
    Input: DynamicMapping | None = None
    Output_: DynamicMapping | None = None
    PerformanceConfigLatency: DynamicText | None = None
    ProjectIdentifier: DynamicText | None = None
    RequestMetadata: DynamicText | None = None
    ServiceTier: DynamicText | None = None
    Trace: DynamicText | None = None

    service = "bedrock"
    action = "invokeModel"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, CALLBACK)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (bedrock.InvokeModel,),
            resources=(
                ArgumentResource(
                    "ModelId",
                    "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/{}",
                    ref_returns="name",
                ),
            ),
            documented_when_dynamic=(
                "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/*",
                regional("bedrock", "provisioned-model/*"),
            ),
            when=(Otherwise(ArgumentMatches("ModelId", _PROFILE)),),
            reason="invokes the model",
            page=_PAGE,
        ),
        Grant(
            (bedrock.InvokeModel,),
            resources=(ArgumentResource("ModelId", _PROFILES, ref_returns="name"),),
            when=(ArgumentMatches("ModelId", _PROFILE),),
            reason="invokes the model through its inference profile",
            page="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
        ),
        Grant(
            (bedrock.InvokeModel,),
            resources=(
                ArgumentResource(
                    "ModelId",
                    "arn:${AWS::Partition}:bedrock:*::foundation-model/{}",
                    name_regex=rf"{_PROFILE}(.+)",
                    ref_returns="text",
                ),
            ),
            when=(ArgumentMatches("ModelId", _PROFILE),),
            conditions=(
                Condition(
                    "StringLike", "bedrock:InferenceProfileArn", ArgumentResource("ModelId", _PROFILES)
                ),
            ),
            reason="lets the inference profile invoke the model in the Regions that it spans",
            page="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
        ),
        Grant(
            (bedrock.InvokeModel,),
            resources=("arn:${AWS::Partition}:bedrock:*::foundation-model/*",),
            when=(ArgumentMatches("ModelId", _OWN_PROFILE),),
            conditions=(
                Condition(
                    "StringLike",
                    "bedrock:InferenceProfileArn",
                    ArgumentResource("ModelId", regional("bedrock", "application-inference-profile/{}")),
                ),
            ),
            reason="lets one's own inference profile invoke its model, which the call does not name",
            page="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
        ),
        Grant(
            (bedrock.ApplyGuardrail,),
            resources=(ArgumentResource("GuardrailIdentifier", regional("bedrock", "guardrail/{}")),),
            when=(HasArgument("GuardrailIdentifier"),),
            reason="applies the guardrail",
            page="https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html",
        ),
        Grant(
            (s3.GetObject,),
            resources=(
                ArgumentResource(
                    "Input.S3Uri",
                    "arn:${AWS::Partition}:s3:::{}",
                    name_regex="s3://(.+)",
                    ref_returns="text",
                ),
            ),
            when=(HasArgument("Input.S3Uri"),),
            reason="reads what the model is given",
            page=_PAGE,
        ),
        Grant(
            (s3.PutObject,),
            resources=(
                ArgumentResource(
                    "Output.S3Uri",
                    "arn:${AWS::Partition}:s3:::{}",
                    name_regex="s3://(.+)",
                    ref_returns="text",
                ),
            ),
            when=(HasArgument("Output.S3Uri"),),
            reason="writes what the model answers",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class CreateModelCustomizationJob(ServiceTask):
    """Trains a model of one's own on another; with ``SYNC``, waits until it has succeeded or failed.

    https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelCustomizationJob.html
    """

    JobName: DynamicText
    CustomModelName: DynamicText
    RoleArn: DynamicText
    BaseModelIdentifier: DynamicText
    TrainingDataConfig: DynamicMapping
    OutputDataConfig: DynamicMapping
    ClientRequestToken: DynamicText | None = None
    CustomModelKmsKeyId: DynamicText | None = None
    CustomModelTags: DynamicList | None = None
    CustomizationConfig: DynamicMapping | None = None
    CustomizationType: DynamicText | None = None
    HyperParameters: DynamicMapping | None = None
    JobTags: DynamicList | None = None
    ValidationDataConfig: DynamicMapping | None = None
    VpcConfig: DynamicMapping | None = None

    service = "bedrock"
    action = "createModelCustomizationJob"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (bedrock.CreateModelCustomizationJob,),
            resources=(
                ArgumentResource(
                    "BaseModelIdentifier",
                    "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/{}",
                    ref_returns="name",
                ),
                _CUSTOM_MODELS,
                _JOBS,
            ),
            reason="starts the job, which makes a custom model",
            page=_PAGE,
        ),
        Grant(
            (bedrock.GetModelCustomizationJob, bedrock.StopModelCustomizationJob),
            resources=(_JOBS,),
            patterns=(SYNC,),
            reason="asks how the job stands, and ends that of an execution that is stopped; its id is "
            "only known then",
            page=_PAGE,
        ),
        pass_role("RoleArn", to="bedrock.amazonaws.com", page=_PAGE, only_in_scope=Scope.LEAST_PRIVILEGE),
        Grant(
            (bedrock.TagResource,),
            resources=(_CUSTOM_MODELS, _JOBS),
            when=(HasArgument("JobTags"), HasArgument("CustomModelTags")),
            reason="tags the job and the model",
            page="https://docs.aws.amazon.com/bedrock/latest/userguide/tagging.html",
        ),
    )
