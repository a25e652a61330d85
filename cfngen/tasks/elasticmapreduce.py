"""Amazon EMR.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import elasticmapreduce, iam

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
from cfngen.tasks.grants import (
    ALL_RESOURCES,
    ArgumentResource,
    Condition,
    Grant,
    HasArgument,
    Scope,
    regional,
)
from cfngen.tasks.service import ServiceTask
from cfngen.tasks.shared import ROLE, managed_rule, pass_role

__all__ = [
    "AddStep",
    "CancelStep",
    "CreateCluster",
    "ModifyInstanceFleetByName",
    "ModifyInstanceGroupByName",
    "SetClusterTerminationProtection",
    "TerminateCluster",
]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html"

_CLUSTER = ArgumentResource("ClusterId", regional("elasticmapreduce", "cluster/{}"), ref_returns="name")
_CLUSTERS = regional("elasticmapreduce", "cluster/*")
_ANY_CLUSTER = "arn:${AWS::Partition}:elasticmapreduce:*:*:cluster/*"
_NO_LONGER = "AWS's page no longer prints the rule"
_POLICIES = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-policy-fullaccess-v2.html"


@frozen(kw_only=True)
class CreateCluster(ServiceTask):
    """Creates a cluster; with ``SYNC``, waits until it is ready for steps.

    ``Name_`` is the argument ``Name``. ``Instances`` needs ``KeepJobFlowAliveWhenNoSteps``; steps are added
    by tasks of their own. The permission to pass the role of the instances takes it to have the name of
    their profile, ``JobFlowRole``; where that is an ARN or a reference, ``resources`` names the role.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_RunJobFlow.html
    """

    Name_: DynamicText
    Instances: DynamicMapping
    AdditionalInfo: DynamicText | None = None
    AmiVersion: DynamicText | None = None
    Applications: DynamicList | None = None
    AutoScalingRole: DynamicText | None = None
    AutoTerminationPolicy: DynamicMapping | None = None
    BootstrapActions: DynamicList | None = None
    Configurations: DynamicList | None = None
    CustomAmiId: DynamicText | None = None
    EbsRootVolumeIops: Integer | None = None
    EbsRootVolumeSize: Integer | None = None
    EbsRootVolumeThroughput: Integer | None = None
    ExtendedSupport: Boolean | None = None
    JobFlowRole: DynamicText | None = None
    KerberosAttributes: DynamicMapping | None = None
    LogEncryptionKmsKeyId: DynamicText | None = None
    LogUri: DynamicText | None = None
    ManagedScalingPolicy: DynamicMapping | None = None
    MonitoringConfiguration: DynamicMapping | None = None
    NewSupportedProducts: DynamicList | None = None
    OSReleaseLabel: DynamicText | None = None
    PlacementGroupConfigs: DynamicList | None = None
    ReleaseLabel: DynamicText | None = None
    RepoUpgradeOnBoot: DynamicText | None = None
    ScaleDownBehavior: DynamicText | None = None
    SecurityConfiguration: DynamicText | None = None
    ServiceRole: DynamicText | None = None
    SessionEnabled: Boolean | None = None
    StepConcurrencyLevel: Integer | None = None
    StepExecutionRoleArn: DynamicText | None = None
    SupportedProducts: DynamicList | None = None
    Tags: DynamicList | None = None
    VisibleToAllUsers: Boolean | None = None

    service = "elasticmapreduce"
    action = "createCluster"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (elasticmapreduce.RunJobFlow,),
            resources=(ALL_RESOURCES,),
            reason="creates the cluster",
            page=_PAGE,
        ),
        Grant(
            (elasticmapreduce.DescribeCluster, elasticmapreduce.TerminateJobFlows),
            resources=(_CLUSTERS,),
            documented=ALL_RESOURCES,
            patterns=(SYNC,),
            reason="asks how the cluster stands, and ends that of an execution that is stopped; its id is "
            "only known then",
            page=_PAGE,
        ),
        pass_role(
            "ServiceRole",
            to="elasticmapreduce.amazonaws.com*",
            page=_POLICIES,
            ref_returns="name",
            operator="StringLike",
            only_in_scope=Scope.LEAST_PRIVILEGE,
        ),
        Grant(
            (iam.PassRole,),
            resources=(
                ArgumentResource("JobFlowRole", ROLE, name_regex=r"([\w+=,.@-]+)$", ref_returns="text"),
            ),
            when=(HasArgument("JobFlowRole"),),
            conditions=(
                Condition(
                    "StringLike",
                    "iam:PassedToService",
                    "ec2.amazonaws.com*",
                    only_in_scope=Scope.LEAST_PRIVILEGE,
                ),
            ),
            reason="passes the instances the role that they work with",
            page=_POLICIES,
        ),
        pass_role(
            "AutoScalingRole",
            to="application-autoscaling.amazonaws.com*",
            page=_POLICIES,
            ref_returns="name",
            operator="StringLike",
            only_in_scope=Scope.LEAST_PRIVILEGE,
        ),
        Grant(
            (elasticmapreduce.AddTags,),
            resources=(_CLUSTERS,),
            when=(HasArgument("Tags"),),
            reason="tags the cluster; its id is only known then",
            page="https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-tags.html",
        ),
        managed_rule(
            "StepFunctionsGetEventForEMRRunJobFlowRule",
            "the cluster's start",
            _PAGE,
            conditional_on=_NO_LONGER,
        ),
    )


@frozen(kw_only=True)
class TerminateCluster(ServiceTask):
    """Ends a cluster; with ``SYNC``, waits until it has ended.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_TerminateJobFlows.html
    """

    ClusterId: DynamicText

    service = "elasticmapreduce"
    action = "terminateCluster"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (elasticmapreduce.TerminateJobFlows,),
            resources=(_CLUSTER,),
            documented_when_dynamic=_ANY_CLUSTER,
            reason="ends the cluster",
            page=_PAGE,
        ),
        Grant(
            (elasticmapreduce.DescribeCluster,),
            resources=(_CLUSTER,),
            documented_when_dynamic=_ANY_CLUSTER,
            patterns=(SYNC,),
            reason="asks whether it has ended",
            page=_PAGE,
        ),
        managed_rule(
            "StepFunctionsGetEventForEMRTerminateJobFlowsRule",
            "the cluster's end",
            _PAGE,
            conditional_on=_NO_LONGER,
        ),
    )


@frozen(kw_only=True)
class AddStep(ServiceTask):
    """Adds a step to a cluster; with ``SYNC``, waits until it has succeeded or failed.

    ``Step`` is one step, where the API takes a list. ``ExecutionRoleArn`` is the role that the step
    runs as.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_AddJobFlowSteps.html
    """

    ClusterId: DynamicText
    Step: DynamicMapping
    ExecutionRoleArn: DynamicText | None = None

    service = "elasticmapreduce"
    action = "addStep"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (elasticmapreduce.AddJobFlowSteps,),
            resources=(_CLUSTER,),
            documented_when_dynamic=_ANY_CLUSTER,
            conditions=(
                Condition(
                    "StringEquals",
                    "elasticmapreduce:ExecutionRoleArn",
                    ArgumentResource("ExecutionRoleArn", ROLE),
                    only_in_scope=Scope.LEAST_PRIVILEGE,
                ),
            ),
            reason="adds the step",
            page=_PAGE,
        ),
        Grant(
            (elasticmapreduce.DescribeStep, elasticmapreduce.CancelSteps),
            resources=(_CLUSTER,),
            documented_when_dynamic=_ANY_CLUSTER,
            patterns=(SYNC,),
            reason="asks how the step stands, and cancels that of an execution that is stopped",
            page=_PAGE,
        ),
        managed_rule(
            "StepFunctionsGetEventForEMRAddJobFlowStepsRule",
            "the step's end",
            _PAGE,
            conditional_on=_NO_LONGER,
        ),
    )


@frozen(kw_only=True)
class CancelStep(ServiceTask):
    """Cancels a step that has not ended.

    ``StepId`` is one id, where the API takes a list.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_CancelSteps.html
    """

    ClusterId: DynamicText
    StepId: DynamicText
    StepCancellationOption: DynamicText | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "elasticmapreduce"
    action = "cancelStep"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (elasticmapreduce.CancelSteps,),
            resources=(_CLUSTER,),
            documented_when_dynamic=_ANY_CLUSTER,
            reason="cancels the step",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class SetClusterTerminationProtection(ServiceTask):
    """Protects a cluster from being ended, or no longer does.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_SetTerminationProtection.html
    """

    TerminationProtected: Boolean
    ClusterId: DynamicText
    pattern: Pattern = REQUEST_RESPONSE

    service = "elasticmapreduce"
    action = "setClusterTerminationProtection"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (elasticmapreduce.SetTerminationProtection,),
            resources=(_CLUSTER,),
            documented_when_dynamic=_ANY_CLUSTER,
            reason="protects the cluster",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class ModifyInstanceFleetByName(ServiceTask):
    """Changes the size of a fleet of instances, which is found by its name.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_ModifyInstanceFleet.html
    """

    ClusterId: DynamicText
    InstanceFleet: DynamicMapping
    InstanceFleetName: DynamicText
    pattern: Pattern = REQUEST_RESPONSE

    service = "elasticmapreduce"
    action = "modifyInstanceFleetByName"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (elasticmapreduce.ModifyInstanceFleet, elasticmapreduce.ListInstanceFleets),
            resources=(_CLUSTER,),
            documented_when_dynamic=_ANY_CLUSTER,
            reason="finds the fleet and changes its size",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class ModifyInstanceGroupByName(ServiceTask):
    """Changes the size of a group of instances, which is found by its name.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_ModifyInstanceGroups.html
    """

    ClusterId: DynamicText
    InstanceGroupName: DynamicText
    InstanceGroup: DynamicMapping
    pattern: Pattern = REQUEST_RESPONSE

    service = "elasticmapreduce"
    action = "modifyInstanceGroupByName"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (elasticmapreduce.ModifyInstanceGroups, elasticmapreduce.ListInstanceGroups),
            resources=(_CLUSTER,),
            documented_when_dynamic=ALL_RESOURCES,
            reason="finds the group and changes its size",
            page=_PAGE,
        ),
    )
