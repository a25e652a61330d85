"""Amazon Elastic Container Service and AWS Fargate.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import ecs, iam

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
from cfngen.tasks.shared import ROLE, managed_rule

__all__ = ["RunTask"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html"

_CLUSTER = ArgumentResource("Cluster", regional("ecs", "cluster/{}"), default="default", ref_returns="name")
_TASKS = ArgumentResource(
    "Cluster", regional("ecs", "task/{}/*"), default="default", arn_segment=("/", 1), ref_returns="name"
)
_DEFINITION = ArgumentResource("TaskDefinition", regional("ecs", "task-definition/{}"), revisions=(":*",))
_OWN_ROLES = "the roles of the task definition are not in the call"


@frozen(kw_only=True)
class RunTask(ServiceTask):
    """Runs a task; with ``SYNC``, waits until it has stopped.

    ``TaskDefinition`` is a family, with or without a revision, or an ARN. The roles of the task definition
    are passed on with it and not in the call: ``resources`` names them, so that no other may be passed.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    """

    TaskDefinition: DynamicText
    CapacityProviderStrategy: DynamicList | None = None
    ClientToken: DynamicText | None = None
    Cluster: DynamicText | None = None
    Count: Integer | None = None
    EnableECSManagedTags: Boolean | None = None
    EnableExecuteCommand: Boolean | None = None
    Group: DynamicText | None = None
    LaunchType: DynamicText | None = None
    NetworkConfiguration: DynamicMapping | None = None
    Overrides: DynamicMapping | None = None
    PlacementConstraints: DynamicList | None = None
    PlacementStrategy: DynamicList | None = None
    PlatformVersion: DynamicText | None = None
    PropagateTags: DynamicText | None = None
    ReferenceId: DynamicText | None = None
    StartedBy: DynamicText | None = None
    Tags: DynamicList | None = None
    VolumeConfigurations: DynamicList | None = None

    service = "ecs"
    action = "runTask"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC, CALLBACK)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (ecs.RunTask,),
            resources=(_DEFINITION,),
            documented_when_dynamic=ALL_RESOURCES,
            conditions=(
                Condition("ArnEquals", "ecs:cluster", _CLUSTER, only_in_scope=Scope.LEAST_PRIVILEGE),
            ),
            reason="runs the task in its cluster",
            page=_PAGE,
        ),
        Grant(
            (ecs.StopTask, ecs.DescribeTasks),
            resources=(_TASKS,),
            documented=ALL_RESOURCES,
            patterns=(SYNC,),
            reason="asks how the task stands, and stops that of an execution that is stopped; its id is "
            "only known then",
            page=_PAGE,
        ),
        Grant(
            (iam.PassRole,),
            resources=(
                ArgumentResource(
                    "Overrides.TaskRoleArn", ROLE, when_missing=_OWN_ROLES, ref_returns="name"
                ),
                ArgumentResource(
                    "Overrides.ExecutionRoleArn", ROLE, when_missing=_OWN_ROLES, ref_returns="name"
                ),
            ),
            conditions=(Condition("StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com"),),
            reason="passes the task the roles that it works with",
            conditional_on="the task definition may have no roles",
            page="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
        ),
        Grant(
            (ecs.TagResource,),
            resources=(_TASKS,),
            when=(
                HasArgument("Tags"),
                HasArgument("PropagateTags"),
                HasArgument("EnableECSManagedTags"),
            ),
            conditions=(Condition("StringEquals", "ecs:CreateAction", "RunTask"),),
            reason="tags the task as it is run",
            page="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html",
        ),
        managed_rule("StepFunctionsGetEventsForECSTaskRule", "the task's end", _PAGE),
    )
