"""Amazon Elastic Kubernetes Service.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import ec2, eks, iam

from cfngen.asl.values import (
    CALLBACK,
    REQUEST_RESPONSE,
    SYNC,
    Boolean,
    DynamicList,
    DynamicMapping,
    DynamicText,
    Integer,
    Pattern,
    PayloadValue,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ALL_RESOURCES, ArgumentResource, Grant, HasArgument, regional
from cfngen.tasks.service import ServiceTask
from cfngen.tasks.shared import ROLE, pass_role

__all__ = [
    "Call",
    "CreateCluster",
    "CreateFargateProfile",
    "CreateNodegroup",
    "DeleteCluster",
    "DeleteFargateProfile",
    "DeleteNodegroup",
    "RunJob",
]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html"

_TAGGING = "https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html"
_CLUSTERS = regional("eks", "cluster/*")
_NODEGROUPS = regional("eks", "nodegroup/*")
_CLUSTER = ArgumentResource("Name", regional("eks", "cluster/{}"), ref_returns="name")
_CLUSTER_OF = ArgumentResource("ClusterName", regional("eks", "cluster/{}"), ref_returns="name")
_NODEGROUP = ArgumentResource(
    "NodegroupName", regional("eks", "nodegroup/{ClusterName}/{}/*"), ref_returns="name"
)
_PROFILE = ArgumentResource(
    "FargateProfileName", regional("eks", "fargateprofile/{ClusterName}/{}/*"), ref_returns="name"
)


def _tag_grant(named: ArgumentResource) -> Grant:
    return Grant(
        (eks.TagResource,), resources=(named,), when=(HasArgument("Tags"),), reason="tags it", page=_TAGGING
    )


@frozen(kw_only=True)
class CreateCluster(ServiceTask):
    """Creates a cluster; with ``SYNC``, waits until it is active.

    ``Name_`` is the argument ``Name``. A cluster outlives the execution that made it.
    https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
    """

    Name_: DynamicText
    RoleArn: DynamicText
    ResourcesVpcConfig: DynamicMapping
    AccessConfig: DynamicMapping | None = None
    BootstrapSelfManagedAddons: Boolean | None = None
    ClientRequestToken: DynamicText | None = None
    ComputeConfig: DynamicMapping | None = None
    ControlPlaneScalingConfig: DynamicMapping | None = None
    DeletionProtection: Boolean | None = None
    EncryptionConfig: DynamicList | None = None
    KubeApiServerConfig: DynamicMapping | None = None
    KubeControllerManagerConfig: DynamicMapping | None = None
    KubeSchedulerConfig: DynamicMapping | None = None
    KubernetesNetworkConfig: DynamicMapping | None = None
    Logging: DynamicMapping | None = None
    OutpostConfig: DynamicMapping | None = None
    RemoteNetworkConfig: DynamicMapping | None = None
    StorageConfig: DynamicMapping | None = None
    Tags: DynamicMapping | None = None
    UpgradePolicy: DynamicMapping | None = None
    Version: DynamicText | None = None
    ZonalShiftConfig: DynamicMapping | None = None

    service = "eks"
    action = "createCluster"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant((eks.CreateCluster,), resources=(ALL_RESOURCES,), reason="creates the cluster", page=_PAGE),
        Grant(
            (eks.DescribeCluster, eks.DeleteCluster),
            resources=(_CLUSTER,),
            documented=_CLUSTERS,
            patterns=(SYNC,),
            reason="asks how the cluster stands, and deletes that of an execution that is stopped",
            page=_PAGE,
        ),
        pass_role("RoleArn", to="eks.amazonaws.com", page=_PAGE),
        pass_role("ComputeConfig.NodeRoleArn", to="eks.amazonaws.com", page=_PAGE),
        Grant(
            (eks.TagResource,),
            resources=(_CLUSTER,),
            when=(HasArgument("Tags"),),
            reason="tags the cluster",
            page=_TAGGING,
        ),
    )


@frozen(kw_only=True)
class CreateNodegroup(ServiceTask):
    """Creates a group of nodes; with ``SYNC``, waits until it is active.

    https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html
    """

    ClusterName: DynamicText
    NodegroupName: DynamicText
    Subnets: DynamicList
    NodeRole: DynamicText
    AmiType: DynamicText | None = None
    CapacityType: DynamicText | None = None
    ClientRequestToken: DynamicText | None = None
    DiskSize: Integer | None = None
    InstanceTypes: DynamicList | None = None
    Labels: DynamicMapping | None = None
    LaunchTemplate: DynamicMapping | None = None
    NodeRepairConfig: DynamicMapping | None = None
    ReleaseVersion: DynamicText | None = None
    RemoteAccess: DynamicMapping | None = None
    ScalingConfig: DynamicMapping | None = None
    Tags: DynamicMapping | None = None
    Taints: DynamicList | None = None
    UpdateConfig: DynamicMapping | None = None
    Version: DynamicText | None = None
    WarmPoolConfig: DynamicMapping | None = None

    service = "eks"
    action = "createNodegroup"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (ec2.DescribeSubnets,),
            resources=(ALL_RESOURCES,),
            reason="looks up the subnets of the nodes; the action knows no resources",
            page=_PAGE,
        ),
        Grant(
            (eks.CreateNodegroup,),
            resources=(_CLUSTER_OF,),
            documented=ALL_RESOURCES,
            reason="creates the group",
            page=_PAGE,
        ),
        Grant(
            (eks.DescribeNodegroup, eks.DeleteNodegroup),
            resources=(_NODEGROUP,),
            documented=_NODEGROUPS,
            patterns=(SYNC,),
            reason="asks how the group stands, and deletes that of an execution that is stopped",
            page=_PAGE,
        ),
        Grant(
            (iam.GetRole, iam.ListAttachedRolePolicies),
            resources=(ArgumentResource("NodeRole", ROLE),),
            documented="arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*",
            reason="looks at the role of the nodes",
            page=_PAGE,
        ),
        pass_role("NodeRole", to="eks.amazonaws.com", page=_PAGE),
        Grant(
            (eks.TagResource,),
            resources=(_NODEGROUP,),
            when=(HasArgument("Tags"),),
            reason="tags the group",
            page=_TAGGING,
        ),
    )


@frozen(kw_only=True)
class CreateFargateProfile(ServiceTask):
    """Creates a Fargate profile; with ``SYNC``, waits until it is active.

    https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateFargateProfile.html
    """

    FargateProfileName: DynamicText
    ClusterName: DynamicText
    PodExecutionRoleArn: DynamicText
    ClientRequestToken: DynamicText | None = None
    Selectors: DynamicList | None = None
    Subnets: DynamicList | None = None
    Tags: DynamicMapping | None = None

    service = "eks"
    action = "createFargateProfile"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (eks.CreateFargateProfile,), resources=(_CLUSTER_OF,), reason="creates the profile", page=_PAGE
        ),
        Grant(
            (eks.DescribeFargateProfile, eks.DeleteFargateProfile),
            resources=(_PROFILE,),
            patterns=(SYNC,),
            reason="asks how the profile stands, and deletes that of an execution that is stopped",
            page=_PAGE,
        ),
        pass_role(
            "PodExecutionRoleArn", to=("eks-fargate-pods.amazonaws.com", "eks.amazonaws.com"), page=_PAGE
        ),
        Grant(
            (eks.TagResource,),
            resources=(_PROFILE,),
            when=(HasArgument("Tags"),),
            reason="tags the profile",
            page=_TAGGING,
        ),
    )


@frozen(kw_only=True)
class DeleteCluster(ServiceTask):
    """Deletes a cluster; with ``SYNC``, waits until it is gone.

    ``Name_`` is the argument ``Name``.
    https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteCluster.html
    """

    Name_: DynamicText

    service = "eks"
    action = "deleteCluster"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant((eks.DeleteCluster,), resources=(_CLUSTER,), reason="deletes it", page=_PAGE),
        Grant(
            (eks.DescribeCluster,),
            resources=(_CLUSTER,),
            patterns=(SYNC,),
            reason="asks whether it is gone",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class DeleteNodegroup(ServiceTask):
    """Deletes a group of nodes; with ``SYNC``, waits until it is gone.

    https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteNodegroup.html
    """

    ClusterName: DynamicText
    NodegroupName: DynamicText

    service = "eks"
    action = "deleteNodegroup"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant((eks.DeleteNodegroup,), resources=(_NODEGROUP,), reason="deletes it", page=_PAGE),
        Grant(
            (eks.DescribeNodegroup,),
            resources=(_NODEGROUP,),
            patterns=(SYNC,),
            reason="asks whether it is gone",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class DeleteFargateProfile(ServiceTask):
    """Deletes a Fargate profile; with ``SYNC``, waits until it is gone.

    https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteFargateProfile.html
    """

    ClusterName: DynamicText
    FargateProfileName: DynamicText

    service = "eks"
    action = "deleteFargateProfile"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant((eks.DeleteFargateProfile,), resources=(_PROFILE,), reason="deletes it", page=_PAGE),
        Grant(
            (eks.DescribeFargateProfile,),
            resources=(_PROFILE,),
            patterns=(SYNC,),
            reason="asks whether it is gone",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class Call(ServiceTask):
    """Calls the Kubernetes API of a cluster.

    IAM has no part in it: Kubernetes' own access control must let the workflow's role in, by an access
    entry of the cluster or its ``aws-auth`` ConfigMap.
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html#connect-eks-kubernetes-apis
    """

    ClusterName: DynamicText
    CertificateAuthority: DynamicText
    Endpoint: DynamicText
    Method: DynamicText
    Path: DynamicText
    QueryParameters: DynamicMapping | None = None
    RequestBody: PayloadValue = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "eks"
    action = "call"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = ()


@frozen(kw_only=True)
class RunJob(ServiceTask):
    """Runs a Kubernetes job; with ``SYNC``, waits until it has succeeded or failed.

    IAM has no part in it: Kubernetes' own access control must let the workflow's role create the job, and
    read it and its pods with ``SYNC`` or where ``LogOptions`` asks for their logs.
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html#connect-eks-runjob
    """

    ClusterName: DynamicText
    CertificateAuthority: DynamicText
    Endpoint: DynamicText
    Job: DynamicMapping
    LogOptions: DynamicMapping | None = None
    Namespace: DynamicText | None = None

    service = "eks"
    action = "runJob"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC, CALLBACK)
    grants: ClassVar[tuple[Grant, ...]] = ()
