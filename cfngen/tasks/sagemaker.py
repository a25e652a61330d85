"""Amazon SageMaker AI.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import sagemaker

from cfngen.asl.values import (
    REQUEST_RESPONSE,
    SYNC,
    Boolean,
    DynamicList,
    DynamicMapping,
    DynamicText,
    Integer,
    Pattern,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ALL_RESOURCES, ArgumentResource, Grant, HasArgument, regional
from cfngen.tasks.service import ServiceTask
from cfngen.tasks.shared import managed_rule, pass_role

__all__ = [
    "CreateEndpoint",
    "CreateEndpointConfig",
    "CreateHyperParameterTuningJob",
    "CreateLabelingJob",
    "CreateModel",
    "CreateProcessingJob",
    "CreateTrainingJob",
    "CreateTransformJob",
    "UpdateEndpoint",
]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html"


def _job_grants(action: str, kind: str, name: str, *, rule_for: str = "") -> tuple[Grant, ...]:
    """Return the grants of a job: it is created, tagged, asked how it stands, and stopped.

    AWS's page lets the name go on, and gives the permissions to tag on anything.
    """
    jobs = ArgumentResource(name, regional("sagemaker", f"{kind}/{{}}*"), ref_returns="name")
    kept: tuple[Grant, ...] = ()
    if rule_for:
        kept = (managed_rule(f"StepFunctionsGetEventsForSageMaker{rule_for}Rule", "the job's end", _PAGE),)
    return (
        Grant(
            (getattr(sagemaker, f"Create{action}"),),
            resources=(jobs,),
            reason="creates the job",
            page=_PAGE,
        ),
        Grant(
            (getattr(sagemaker, f"Describe{action}"), getattr(sagemaker, f"Stop{action}")),
            resources=(jobs,),
            patterns=(SYNC,),
            reason="asks how the job stands, and stops that of an execution that is stopped",
            page=_PAGE,
        ),
        Grant(
            (sagemaker.AddTags, sagemaker.ListTags),
            resources=(jobs,),
            documented=ALL_RESOURCES,
            patterns=(SYNC,),
            reason="tags the job as one of Step Functions",
            page=_PAGE,
        ),
        Grant(
            (sagemaker.AddTags, sagemaker.ListTags),
            resources=(jobs,),
            documented=ALL_RESOURCES,
            patterns=(REQUEST_RESPONSE,),
            reason="tags the job, as AWS's page has it",
            conditional_on="the job may have no tags",
            page=_PAGE,
        ),
        *kept,
    )


def _lowercase_name(argument: str, kind: str) -> ArgumentResource:
    """Return what has just a name; SageMaker writes it in lower case into the ARN."""
    return ArgumentResource(
        argument, regional("sagemaker", f"{kind}/{{}}"), lowercase=True, ref_returns="name"
    )


def _tag_grant(named: ArgumentResource) -> Grant:
    return Grant(
        (sagemaker.AddTags,), resources=(named,), when=(HasArgument("Tags"),), reason="tags it", page=_PAGE
    )


@frozen(kw_only=True)
class CreateTrainingJob(ServiceTask):
    """Trains a model; with ``SYNC``, waits until that has succeeded or failed.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
    """

    TrainingJobName: DynamicText
    RoleArn: DynamicText
    OutputDataConfig: DynamicMapping
    AlgorithmSpecification: DynamicMapping | None = None
    CheckpointConfig: DynamicMapping | None = None
    DebugHookConfig: DynamicMapping | None = None
    DebugRuleConfigurations: DynamicList | None = None
    EnableInterContainerTrafficEncryption: Boolean | None = None
    EnableManagedSpotTraining: Boolean | None = None
    EnableNetworkIsolation: Boolean | None = None
    Environment: DynamicMapping | None = None
    ExperimentConfig: DynamicMapping | None = None
    HyperParameters: DynamicMapping | None = None
    InfraCheckConfig: DynamicMapping | None = None
    InputDataConfig: DynamicList | None = None
    MlflowConfig: DynamicMapping | None = None
    ModelPackageConfig: DynamicMapping | None = None
    ProfilerConfig: DynamicMapping | None = None
    ProfilerRuleConfigurations: DynamicList | None = None
    RemoteDebugConfig: DynamicMapping | None = None
    ResourceConfig: DynamicMapping | None = None
    RetryStrategy: DynamicMapping | None = None
    ServerlessJobConfig: DynamicMapping | None = None
    SessionChainingConfig: DynamicMapping | None = None
    StoppingCondition: DynamicMapping | None = None
    Tags: DynamicList | None = None
    TensorBoardOutputConfig: DynamicMapping | None = None
    VpcConfig: DynamicMapping | None = None

    service = "sagemaker"
    action = "createTrainingJob"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        *_job_grants("TrainingJob", "training-job", "TrainingJobName", rule_for="TrainingJobs"),
        pass_role("RoleArn", to="sagemaker.amazonaws.com", page=_PAGE),
    )


@frozen(kw_only=True)
class CreateTransformJob(ServiceTask):
    """Transforms data by a model, in a batch; with ``SYNC``, waits until that has succeeded or failed.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html
    """

    TransformJobName: DynamicText
    ModelName: DynamicText
    TransformInput: DynamicMapping
    TransformOutput: DynamicMapping
    TransformResources: DynamicMapping
    BatchStrategy: DynamicText | None = None
    DataCaptureConfig: DynamicMapping | None = None
    DataProcessing: DynamicMapping | None = None
    Environment: DynamicMapping | None = None
    ExperimentConfig: DynamicMapping | None = None
    MaxConcurrentTransforms: Integer | None = None
    MaxPayloadInMB: Integer | None = None
    ModelClientConfig: DynamicMapping | None = None
    Tags: DynamicList | None = None

    service = "sagemaker"
    action = "createTransformJob"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        *_job_grants("TransformJob", "transform-job", "TransformJobName", rule_for="TransformJobs"),
    )


@frozen(kw_only=True)
class CreateProcessingJob(ServiceTask):
    """Processes data; with ``SYNC``, waits until that has succeeded or failed.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html
    """

    ProcessingJobName: DynamicText
    ProcessingResources: DynamicMapping
    AppSpecification: DynamicMapping
    RoleArn: DynamicText
    Environment: DynamicMapping | None = None
    ExperimentConfig: DynamicMapping | None = None
    NetworkConfig: DynamicMapping | None = None
    ProcessingInputs: DynamicList | None = None
    ProcessingOutputConfig: DynamicMapping | None = None
    StoppingCondition: DynamicMapping | None = None
    Tags: DynamicList | None = None

    service = "sagemaker"
    action = "createProcessingJob"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        *_job_grants("ProcessingJob", "processing-job", "ProcessingJobName", rule_for="ProcessingJobs"),
        pass_role("RoleArn", to="sagemaker.amazonaws.com", page=_PAGE),
    )


@frozen(kw_only=True)
class CreateHyperParameterTuningJob(ServiceTask):
    """Tunes hyperparameters by training models; with ``SYNC``, waits until that has succeeded or failed.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html
    """

    HyperParameterTuningJobName: DynamicText
    HyperParameterTuningJobConfig: DynamicMapping
    Autotune: DynamicMapping | None = None
    Tags: DynamicList | None = None
    TrainingJobDefinition: DynamicMapping | None = None
    TrainingJobDefinitions: DynamicList | None = None
    WarmStartConfig: DynamicMapping | None = None

    service = "sagemaker"
    action = "createHyperParameterTuningJob"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        *_job_grants(
            "HyperParameterTuningJob",
            "hyper-parameter-tuning-job",
            "HyperParameterTuningJobName",
            rule_for="TuningJobs",
        ),
        pass_role(
            "TrainingJobDefinition.RoleArn",
            "TrainingJobDefinitions[].RoleArn",
            to="sagemaker.amazonaws.com",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class CreateLabelingJob(ServiceTask):
    """Lets people label data; with ``SYNC``, waits until that has succeeded or failed.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateLabelingJob.html
    """

    LabelingJobName: DynamicText
    LabelAttributeName: DynamicText
    InputConfig: DynamicMapping
    OutputConfig: DynamicMapping
    RoleArn: DynamicText
    HumanTaskConfig: DynamicMapping
    LabelCategoryConfigS3Uri: DynamicText | None = None
    LabelingJobAlgorithmsConfig: DynamicMapping | None = None
    StoppingConditions: DynamicMapping | None = None
    Tags: DynamicList | None = None

    service = "sagemaker"
    action = "createLabelingJob"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        *_job_grants("LabelingJob", "labeling-job", "LabelingJobName"),
        pass_role("RoleArn", to="sagemaker.amazonaws.com", page=_PAGE),
    )


@frozen(kw_only=True)
class CreateModel(ServiceTask):
    """Creates a model that endpoints and transform jobs can use.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
    """

    ModelName: DynamicText
    Containers: DynamicList | None = None
    EnableNetworkIsolation: Boolean | None = None
    ExecutionRoleArn: DynamicText | None = None
    InferenceExecutionConfig: DynamicMapping | None = None
    PrimaryContainer: DynamicMapping | None = None
    Tags: DynamicList | None = None
    VpcConfig: DynamicMapping | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "sagemaker"
    action = "createModel"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (sagemaker.CreateModel,),
            resources=(_lowercase_name("ModelName", "model"),),
            reason="creates the model",
            page=_PAGE,
        ),
        _tag_grant(_lowercase_name("ModelName", "model")),
        pass_role("ExecutionRoleArn", to="sagemaker.amazonaws.com", page=_PAGE),
    )


@frozen(kw_only=True)
class CreateEndpointConfig(ServiceTask):
    """Creates what endpoints are made from.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
    """

    EndpointConfigName: DynamicText
    ProductionVariants: DynamicList
    AsyncInferenceConfig: DynamicMapping | None = None
    CrossRegionTrafficConfig: DynamicMapping | None = None
    DataCaptureConfig: DynamicMapping | None = None
    EnableNetworkIsolation: Boolean | None = None
    ExecutionRoleArn: DynamicText | None = None
    ExplainerConfig: DynamicMapping | None = None
    KmsKeyId: DynamicText | None = None
    MetricsConfig: DynamicMapping | None = None
    ShadowProductionVariants: DynamicList | None = None
    Tags: DynamicList | None = None
    VpcConfig: DynamicMapping | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "sagemaker"
    action = "createEndpointConfig"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (sagemaker.CreateEndpointConfig,),
            resources=(_lowercase_name("EndpointConfigName", "endpoint-config"),),
            reason="creates the configuration",
            page=_PAGE,
        ),
        _tag_grant(_lowercase_name("EndpointConfigName", "endpoint-config")),
        pass_role("ExecutionRoleArn", to="sagemaker.amazonaws.com", page=_PAGE),
    )


@frozen(kw_only=True)
class CreateEndpoint(ServiceTask):
    """Creates an endpoint.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
    """

    EndpointName: DynamicText
    EndpointConfigName: DynamicText
    DeploymentConfig: DynamicMapping | None = None
    Tags: DynamicList | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "sagemaker"
    action = "createEndpoint"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (sagemaker.CreateEndpoint,),
            resources=(
                _lowercase_name("EndpointName", "endpoint"),
                _lowercase_name("EndpointConfigName", "endpoint-config"),
            ),
            reason="creates the endpoint with its configuration",
            page=_PAGE,
        ),
        _tag_grant(_lowercase_name("EndpointName", "endpoint")),
    )


@frozen(kw_only=True)
class UpdateEndpoint(ServiceTask):
    """Gives an endpoint another configuration.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
    """

    EndpointName: DynamicText
    EndpointConfigName: DynamicText
    DeploymentConfig: DynamicMapping | None = None
    ExcludeRetainedVariantProperties: DynamicList | None = None
    RetainAllVariantProperties: Boolean | None = None
    RetainDeploymentConfig: Boolean | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "sagemaker"
    action = "updateEndpoint"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (sagemaker.UpdateEndpoint,),
            resources=(
                _lowercase_name("EndpointName", "endpoint"),
                _lowercase_name("EndpointConfigName", "endpoint-config"),
            ),
            reason="updates the endpoint with its configuration",
            page=_PAGE,
        ),
    )
