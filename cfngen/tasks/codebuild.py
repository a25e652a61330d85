"""AWS CodeBuild.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-codebuild.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import codebuild

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
from cfngen.tasks.grants import ArgumentResource, Grant, regional
from cfngen.tasks.service import ServiceTask
from cfngen.tasks.shared import managed_rule

__all__ = [
    "BatchDeleteBuilds",
    "BatchGetReports",
    "DeleteBuildBatch",
    "RetryBuildBatch",
    "StartBuild",
    "StartBuildBatch",
    "StopBuild",
    "StopBuildBatch",
]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-codebuild.html"

_PROJECT = ArgumentResource("ProjectName", regional("codebuild", "project/{}"), ref_returns="name")


def _project_of(argument: str) -> ArgumentResource:
    """Return the project of a build, whose id begins with it: ``project:uuid``."""
    return ArgumentResource(
        argument,
        regional("codebuild", "project/{}"),
        name_regex=r"(?:arn:[^/]+:build(?:-batch)?/)?([^:/]+):",
        ref_returns="text",
    )


@frozen(kw_only=True)
class StartBuild(ServiceTask):
    """Starts a build; with ``SYNC``, waits until it has succeeded or failed.

    https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html
    """

    ProjectName: DynamicText
    ArtifactsOverride: DynamicMapping | None = None
    AutoRetryLimitOverride: Integer | None = None
    BuildStatusConfigOverride: DynamicMapping | None = None
    BuildspecOverride: DynamicText | None = None
    CacheOverride: DynamicMapping | None = None
    CertificateOverride: DynamicText | None = None
    ComputeTypeOverride: DynamicText | None = None
    DebugSessionEnabled: Boolean | None = None
    EncryptionKeyOverride: DynamicText | None = None
    EnvironmentTypeOverride: DynamicText | None = None
    EnvironmentVariablesOverride: DynamicList | None = None
    FleetOverride: DynamicMapping | None = None
    GitCloneDepthOverride: Integer | None = None
    GitSubmodulesConfigOverride: DynamicMapping | None = None
    HostKernelOverride: DynamicText | None = None
    IdempotencyToken: DynamicText | None = None
    ImageOverride: DynamicText | None = None
    ImagePullCredentialsTypeOverride: DynamicText | None = None
    InsecureSslOverride: Boolean | None = None
    LogsConfigOverride: DynamicMapping | None = None
    PrivilegedModeOverride: Boolean | None = None
    QueuedTimeoutInMinutesOverride: Integer | None = None
    RegistryCredentialOverride: DynamicMapping | None = None
    ReportBuildStatusOverride: Boolean | None = None
    SecondaryArtifactsOverride: DynamicList | None = None
    SecondarySourcesOverride: DynamicList | None = None
    SecondarySourcesVersionOverride: DynamicList | None = None
    ServiceRoleOverride: DynamicText | None = None
    SourceAuthOverride: DynamicMapping | None = None
    SourceLocationOverride: DynamicText | None = None
    SourceTypeOverride: DynamicText | None = None
    SourceVersion: DynamicText | None = None
    TimeoutInMinutesOverride: Integer | None = None

    service = "codebuild"
    action = "startBuild"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (codebuild.StartBuild,),
            resources=(_PROJECT,),
            reason="starts the build",
            page=_PAGE,
        ),
        Grant(
            (codebuild.StopBuild, codebuild.BatchGetBuilds),
            resources=(_PROJECT,),
            patterns=(SYNC,),
            reason="asks how the build stands, and ends that of an execution that is stopped",
            page=_PAGE,
        ),
        managed_rule("StepFunctionsGetEventForCodeBuildStartBuildRule", "the build's end", _PAGE),
    )


@frozen(kw_only=True)
class StartBuildBatch(ServiceTask):
    """Starts the builds of a batch; with ``SYNC``, waits until they have succeeded or failed.

    https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuildBatch.html
    """

    ProjectName: DynamicText
    ArtifactsOverride: DynamicMapping | None = None
    BuildBatchConfigOverride: DynamicMapping | None = None
    BuildTimeoutInMinutesOverride: Integer | None = None
    BuildspecOverride: DynamicText | None = None
    CacheOverride: DynamicMapping | None = None
    CertificateOverride: DynamicText | None = None
    ComputeTypeOverride: DynamicText | None = None
    DebugSessionEnabled: Boolean | None = None
    EncryptionKeyOverride: DynamicText | None = None
    EnvironmentTypeOverride: DynamicText | None = None
    EnvironmentVariablesOverride: DynamicList | None = None
    GitCloneDepthOverride: Integer | None = None
    GitSubmodulesConfigOverride: DynamicMapping | None = None
    IdempotencyToken: DynamicText | None = None
    ImageOverride: DynamicText | None = None
    ImagePullCredentialsTypeOverride: DynamicText | None = None
    InsecureSslOverride: Boolean | None = None
    LogsConfigOverride: DynamicMapping | None = None
    PrivilegedModeOverride: Boolean | None = None
    QueuedTimeoutInMinutesOverride: Integer | None = None
    RegistryCredentialOverride: DynamicMapping | None = None
    ReportBuildBatchStatusOverride: Boolean | None = None
    SecondaryArtifactsOverride: DynamicList | None = None
    SecondarySourcesOverride: DynamicList | None = None
    SecondarySourcesVersionOverride: DynamicList | None = None
    ServiceRoleOverride: DynamicText | None = None
    SourceAuthOverride: DynamicMapping | None = None
    SourceLocationOverride: DynamicText | None = None
    SourceTypeOverride: DynamicText | None = None
    SourceVersion: DynamicText | None = None

    service = "codebuild"
    action = "startBuildBatch"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (codebuild.StartBuildBatch,),
            resources=(_PROJECT,),
            reason="starts the batch",
            page=_PAGE,
        ),
        Grant(
            (
                codebuild.StopBuildBatch,
                codebuild.BatchGetBuildBatches,
            ),
            resources=(_PROJECT,),
            patterns=(SYNC,),
            reason="asks how the batch stands, and ends that of an execution that is stopped",
            page=_PAGE,
        ),
        managed_rule("StepFunctionsGetEventForCodeBuildStartBuildBatchRule", "the batch's end", _PAGE),
    )


@frozen(kw_only=True)
class RetryBuildBatch(ServiceTask):
    """Runs a batch anew, or what failed of it; with ``SYNC``, waits until that has succeeded or failed.

    https://docs.aws.amazon.com/codebuild/latest/APIReference/API_RetryBuildBatch.html
    """

    Id: DynamicText | None = None
    IdempotencyToken: DynamicText | None = None
    RetryType: DynamicText | None = None

    service = "codebuild"
    action = "retryBuildBatch"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (codebuild.RetryBuildBatch,),
            resources=(_project_of("Id"),),
            reason="runs the batch anew",
            page=_PAGE,
        ),
        Grant(
            (
                codebuild.StopBuildBatch,
                codebuild.BatchGetBuildBatches,
            ),
            resources=(_project_of("Id"),),
            patterns=(SYNC,),
            reason="asks how the batch stands, and ends that of an execution that is stopped",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class StopBuild(ServiceTask):
    """Ends a build.

    https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StopBuild.html
    """

    Id: DynamicText
    pattern: Pattern = REQUEST_RESPONSE

    service = "codebuild"
    action = "stopBuild"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (codebuild.StopBuild,),
            resources=(_project_of("Id"),),
            reason="ends the build",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class StopBuildBatch(ServiceTask):
    """Ends the builds of a batch.

    https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StopBuildBatch.html
    """

    Id: DynamicText
    pattern: Pattern = REQUEST_RESPONSE

    service = "codebuild"
    action = "stopBuildBatch"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (codebuild.StopBuildBatch,),
            resources=(_project_of("Id"),),
            reason="ends the batch",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class DeleteBuildBatch(ServiceTask):
    """Deletes a batch.

    https://docs.aws.amazon.com/codebuild/latest/APIReference/API_DeleteBuildBatch.html
    """

    Id: DynamicText
    pattern: Pattern = REQUEST_RESPONSE

    service = "codebuild"
    action = "deleteBuildBatch"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (codebuild.DeleteBuildBatch,),
            resources=(_project_of("Id"),),
            reason="deletes the batch",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class BatchDeleteBuilds(ServiceTask):
    """Deletes builds.

    https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchDeleteBuilds.html
    """

    Ids: DynamicList
    pattern: Pattern = REQUEST_RESPONSE

    service = "codebuild"
    action = "batchDeleteBuilds"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (codebuild.BatchDeleteBuilds,),
            resources=(_project_of("Ids[]"),),
            reason="deletes the builds",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class BatchGetReports(ServiceTask):
    """Returns the reports of tests.

    https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetReports.html
    """

    ReportArns: DynamicList
    pattern: Pattern = REQUEST_RESPONSE

    service = "codebuild"
    action = "batchGetReports"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (codebuild.BatchGetReports,),
            resources=(
                ArgumentResource(
                    "ReportArns[]",
                    regional("codebuild", "report-group/{}"),
                    name_regex=r"arn:[^:]+:codebuild:(?P<region>[^:]+):(?P<account>[^:]+):report/(?P<name>[^:]+):",
                    ref_returns="text",
                ),
            ),
            reason="reads the reports, by their groups",
            page=_PAGE,
        ),
    )
