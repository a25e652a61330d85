"""Amazon EMR Serverless.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import emr_serverless, iam

from cfngen.asl.values import (
    REQUEST_RESPONSE,
    SYNC,
    DynamicList,
    DynamicMapping,
    DynamicText,
    Integer,
    Pattern,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ArgumentResource, Condition, Grant, HasArgument, regional
from cfngen.tasks.service import ServiceTask
from cfngen.tasks.shared import managed_rule, pass_role

__all__ = [
    "CancelJobRun",
    "CreateApplication",
    "DeleteApplication",
    "StartApplication",
    "StartJobRun",
    "StopApplication",
]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html"

_TAGGING = "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/tagging.html"
_APPLICATIONS = regional("emr-serverless", "/applications/*")
_APPLICATION = ArgumentResource(
    "ApplicationId", regional("emr-serverless", "/applications/{}"), ref_returns="name"
)
_RUNS = ArgumentResource(
    "ApplicationId", regional("emr-serverless", "/applications/{}/jobruns/*"), ref_returns="name"
)
_RUN = ArgumentResource(
    "ApplicationId", regional("emr-serverless", "/applications/{}/jobruns/{JobRunId}"), ref_returns="name"
)
_APPLICATION_RULE = "StepFunctionsGetEventsForEMRServerlessApplicationRule"
_JOB_RULE = "StepFunctionsGetEventsForEMRServerlessJobRule"


@frozen(kw_only=True)
class CreateApplication(ServiceTask):
    """Creates an application; with ``SYNC``, waits until it is created.

    ``Name_`` is the argument ``Name``.
    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_CreateApplication.html
    """

    ReleaseLabel: DynamicText
    Type_: DynamicText
    Architecture: DynamicText | None = None
    AutoStartConfiguration: DynamicMapping | None = None
    AutoStopConfiguration: DynamicMapping | None = None
    ClientToken: DynamicText | None = None
    DiskEncryptionConfiguration: DynamicMapping | None = None
    IdentityCenterConfiguration: DynamicMapping | None = None
    ImageConfiguration: DynamicMapping | None = None
    InitialCapacity: DynamicMapping | None = None
    InteractiveConfiguration: DynamicMapping | None = None
    JobLevelCostAllocationConfiguration: DynamicMapping | None = None
    MaximumCapacity: DynamicMapping | None = None
    MonitoringConfiguration: DynamicMapping | None = None
    Name_: DynamicText | None = None
    NetworkConfiguration: DynamicMapping | None = None
    RuntimeConfiguration: DynamicList | None = None
    SchedulerConfiguration: DynamicMapping | None = None
    Tags: DynamicMapping | None = None
    WorkerTypeSpecifications: DynamicMapping | None = None

    service = "emr-serverless"
    action = "createApplication"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (emr_serverless.CreateApplication,),
            resources=(regional("emr-serverless", "/*"),),
            reason="creates the application",
            page=_PAGE,
        ),
        Grant(
            (emr_serverless.GetApplication, emr_serverless.DeleteApplication),
            resources=(_APPLICATIONS,),
            patterns=(SYNC,),
            reason="asks how the application stands, and deletes that of an execution that is stopped",
            page=_PAGE,
        ),
        Grant(
            (iam.CreateServiceLinkedRole,),
            resources=(
                "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/"
                "ops.emr-serverless.amazonaws.com/AWSServiceRoleForAmazonEMRServerless*",
            ),
            conditions=(Condition("StringLike", "iam:AWSServiceName", "ops.emr-serverless.amazonaws.com"),),
            reason="creates the service's own role with the first application of the account",
            conditional_on="the account may have the role",
            page=_PAGE,
        ),
        Grant(
            (emr_serverless.TagResource,),
            resources=(_APPLICATIONS,),
            when=(HasArgument("Tags"),),
            reason="tags the application; its id is only known then",
            page=_TAGGING,
        ),
        managed_rule(_APPLICATION_RULE, "the application's state", _PAGE),
    )


@frozen(kw_only=True)
class StartApplication(ServiceTask):
    """Starts an application; with ``SYNC``, waits until it is started.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StartApplication.html
    """

    ApplicationId: DynamicText

    service = "emr-serverless"
    action = "startApplication"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (emr_serverless.StartApplication,),
            resources=(_APPLICATION,),
            reason="starts the application",
            page=_PAGE,
        ),
        Grant(
            (emr_serverless.GetApplication, emr_serverless.StopApplication),
            resources=(_APPLICATION,),
            patterns=(SYNC,),
            reason="asks how the application stands, and stops that of an execution that is stopped",
            page=_PAGE,
        ),
        managed_rule(_APPLICATION_RULE, "the application's state", _PAGE),
    )


@frozen(kw_only=True)
class StopApplication(ServiceTask):
    """Stops an application; with ``SYNC``, waits until it is stopped.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StopApplication.html
    """

    ApplicationId: DynamicText

    service = "emr-serverless"
    action = "stopApplication"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (emr_serverless.StopApplication,),
            resources=(_APPLICATION,),
            reason="stops the application",
            page=_PAGE,
        ),
        Grant(
            (emr_serverless.GetApplication,),
            resources=(_APPLICATION,),
            patterns=(SYNC,),
            reason="asks how the application stands",
            page=_PAGE,
        ),
        managed_rule(_APPLICATION_RULE, "the application's state", _PAGE),
    )


@frozen(kw_only=True)
class DeleteApplication(ServiceTask):
    """Deletes an application; with ``SYNC``, waits until it is gone.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_DeleteApplication.html
    """

    ApplicationId: DynamicText

    service = "emr-serverless"
    action = "deleteApplication"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (emr_serverless.DeleteApplication,),
            resources=(_APPLICATION,),
            reason="deletes the application",
            page=_PAGE,
        ),
        Grant(
            (emr_serverless.GetApplication,),
            resources=(_APPLICATION,),
            patterns=(SYNC,),
            reason="asks whether it is gone",
            page=_PAGE,
        ),
        managed_rule(_APPLICATION_RULE, "the application's state", _PAGE),
    )


@frozen(kw_only=True)
class StartJobRun(ServiceTask):
    """Runs a job; with ``SYNC``, waits until it has succeeded or failed.

    ``Name_`` is the argument ``Name``.
    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StartJobRun.html
    """

    ApplicationId: DynamicText
    ExecutionRoleArn: DynamicText
    ClientToken: DynamicText | None = None
    ConfigurationOverrides: DynamicMapping | None = None
    ExecutionIamPolicy: DynamicMapping | None = None
    ExecutionTimeoutMinutes: Integer | None = None
    FlexExecution: DynamicMapping | None = None
    JobDriver: DynamicMapping | None = None
    Mode: DynamicText | None = None
    Name_: DynamicText | None = None
    RetryPolicy: DynamicMapping | None = None
    Tags: DynamicMapping | None = None

    service = "emr-serverless"
    action = "startJobRun"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (emr_serverless.StartJobRun,),
            resources=(_APPLICATION,),
            reason="runs the job",
            page=_PAGE,
        ),
        Grant(
            (emr_serverless.GetJobRun, emr_serverless.CancelJobRun),
            resources=(_RUNS,),
            documented_when_dynamic=_APPLICATIONS,
            patterns=(SYNC,),
            reason="asks how the run stands, and cancels that of an execution that is stopped",
            page=_PAGE,
        ),
        pass_role("ExecutionRoleArn", to="emr-serverless.amazonaws.com", page=_PAGE),
        Grant(
            (emr_serverless.TagResource,),
            resources=(_RUNS,),
            when=(HasArgument("Tags"),),
            reason="tags the run; its id is only known then",
            page=_TAGGING,
        ),
        managed_rule(_JOB_RULE, "the run's end", _PAGE),
    )


@frozen(kw_only=True)
class CancelJobRun(ServiceTask):
    """Cancels a run; with ``SYNC``, waits until it is cancelled.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_CancelJobRun.html
    """

    ApplicationId: DynamicText
    JobRunId: DynamicText
    ShutdownGracePeriodInSeconds: Integer | None = None

    service = "emr-serverless"
    action = "cancelJobRun"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (emr_serverless.CancelJobRun,),
            resources=(_RUN,),
            documented_when_dynamic=_APPLICATIONS,
            reason="cancels the run",
            page=_PAGE,
        ),
        Grant(
            (emr_serverless.GetJobRun,),
            resources=(_RUN,),
            documented_when_dynamic=_APPLICATIONS,
            patterns=(SYNC,),
            reason="asks whether it is cancelled",
            page=_PAGE,
        ),
        managed_rule(_JOB_RULE, "the run's end", _PAGE),
    )
