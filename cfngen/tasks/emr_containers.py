"""Amazon EMR on EKS.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-eks.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import emr_containers, iam

from cfngen.asl.values import (
    REQUEST_RESPONSE,
    SYNC,
    Boolean,
    DynamicMapping,
    DynamicText,
    Pattern,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ALL_RESOURCES, ArgumentResource, Condition, Grant, HasArgument, regional
from cfngen.tasks.service import ServiceTask
from cfngen.tasks.shared import ROLE

__all__ = ["CreateVirtualCluster", "DeleteVirtualCluster", "StartJobRun"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-eks.html"

_TAGGING = "https://docs.aws.amazon.com/emr/latest/EMR-on-EKS-DevelopmentGuide/tag-resources.html"
_CLUSTERS = regional("emr-containers", "/virtualclusters/*")
_CLUSTER = ArgumentResource("Id", regional("emr-containers", "/virtualclusters/{}"), ref_returns="name")
_CLUSTER_OF = ArgumentResource(
    "VirtualClusterId", regional("emr-containers", "/virtualclusters/{}"), ref_returns="name"
)
_RUNS = ArgumentResource(
    "VirtualClusterId", regional("emr-containers", "/virtualclusters/{}/jobruns/*"), ref_returns="name"
)


@frozen(kw_only=True)
class CreateVirtualCluster(ServiceTask):
    """Makes a namespace of an EKS cluster known to EMR.

    ``Name_`` is the argument ``Name``.
    https://docs.aws.amazon.com/emr-on-eks/latest/APIReference/API_CreateVirtualCluster.html
    """

    Name_: DynamicText
    ContainerProvider: DynamicMapping
    ClientToken: DynamicText | None = None
    SchedulerConfiguration: DynamicMapping | None = None
    SecurityConfigurationId: DynamicText | None = None
    SessionEnabled: Boolean | None = None
    Tags: DynamicMapping | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "emr-containers"
    action = "createVirtualCluster"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (emr_containers.CreateVirtualCluster,),
            resources=(ALL_RESOURCES,),
            reason="creates the virtual cluster; the action knows no resources",
            page=_PAGE,
        ),
        Grant(
            (iam.CreateServiceLinkedRole,),
            resources=(
                "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/"
                "emr-containers.amazonaws.com/AWSServiceRoleForAmazonEMRContainers",
            ),
            conditions=(Condition("StringLike", "iam:AWSServiceName", "emr-containers.amazonaws.com"),),
            reason="creates the service's own role with the first virtual cluster of the account",
            conditional_on="the account may have the role",
            page=_PAGE,
        ),
        Grant(
            (emr_containers.TagResource,),
            resources=(_CLUSTERS,),
            when=(HasArgument("Tags"),),
            reason="tags the virtual cluster; its id is only known then",
            page=_TAGGING,
        ),
    )


@frozen(kw_only=True)
class DeleteVirtualCluster(ServiceTask):
    """Deletes a virtual cluster; with ``SYNC``, waits until it is gone.

    https://docs.aws.amazon.com/emr-on-eks/latest/APIReference/API_DeleteVirtualCluster.html
    """

    Id: DynamicText

    service = "emr-containers"
    action = "deleteVirtualCluster"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (emr_containers.DeleteVirtualCluster,),
            resources=(_CLUSTER,),
            reason="deletes the virtual cluster",
            page=_PAGE,
        ),
        Grant(
            (emr_containers.DescribeVirtualCluster,),
            resources=(_CLUSTER,),
            patterns=(SYNC,),
            reason="asks whether it is gone",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class StartJobRun(ServiceTask):
    """Runs a job; with ``SYNC``, waits until it has succeeded or failed.

    ``Name_`` is the argument ``Name``. The role of the run is bound by a condition of its own, so that it
    needs no permission to be passed.
    https://docs.aws.amazon.com/emr-on-eks/latest/APIReference/API_StartJobRun.html
    """

    VirtualClusterId: DynamicText
    ClientToken: DynamicText | None = None
    ConfigurationOverrides: DynamicMapping | None = None
    ExecutionRoleArn: DynamicText | None = None
    JobDriver: DynamicMapping | None = None
    JobTemplateId: DynamicText | None = None
    JobTemplateParameters: DynamicMapping | None = None
    Name_: DynamicText | None = None
    ReleaseLabel: DynamicText | None = None
    RetryPolicyConfiguration: DynamicMapping | None = None
    Tags: DynamicMapping | None = None

    service = "emr-containers"
    action = "startJobRun"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (emr_containers.StartJobRun,),
            resources=(_CLUSTER_OF,),
            conditions=(
                Condition(
                    "StringEquals",
                    "emr-containers:ExecutionRoleArn",
                    ArgumentResource("ExecutionRoleArn", ROLE),
                ),
            ),
            reason="runs the job as this role",
            page=_PAGE,
        ),
        Grant(
            (emr_containers.DescribeJobRun, emr_containers.CancelJobRun),
            resources=(_RUNS,),
            documented_when_dynamic=_CLUSTERS,
            patterns=(SYNC,),
            reason="asks how the run stands, and cancels that of an execution that is stopped; its id is "
            "only known then",
            page=_PAGE,
        ),
        Grant(
            (emr_containers.TagResource,),
            resources=(_RUNS,),
            when=(HasArgument("Tags"),),
            reason="tags the run; its id is only known then",
            page=_TAGGING,
        ),
    )
