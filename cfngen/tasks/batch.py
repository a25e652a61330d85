"""AWS Batch.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import batch

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
from cfngen.tasks.shared import managed_rule

__all__ = ["SubmitJob"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html"

# A name without a revision is asked for as it is by some versions of the service, with one by others:
# aws-sdk-js#4280, aws-cdk#26128, iam-floyd#431
_DEFINITION = ArgumentResource(
    "JobDefinition", regional("batch", "job-definition/{}"), revisions=("", ":*")
)
_QUEUE = ArgumentResource("JobQueue", regional("batch", "job-queue/{}"))


@frozen(kw_only=True)
class SubmitJob(ServiceTask):
    """Submits a job; with ``SYNC``, waits until it has succeeded or failed.

    ``JobQueue`` and ``JobDefinition`` take names or ARNs, the latter with or without a revision.
    ``Parameters`` are those of the job definition. ``Timeout`` is ``{"AttemptDurationSeconds": 60}`` or
    more; ``Tags`` need a permission of their own, which the policy then has.
    https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html
    """

    JobName: DynamicText
    JobQueue: DynamicText
    JobDefinition: DynamicText
    ArrayProperties: DynamicMapping | None = None
    ConsumableResourcePropertiesOverride: DynamicMapping | None = None
    ContainerOverrides: DynamicMapping | None = None
    DependsOn: DynamicList | None = None
    EcsPropertiesOverride: DynamicMapping | None = None
    EksPropertiesOverride: DynamicMapping | None = None
    NodeOverrides: DynamicMapping | None = None
    Parameters: DynamicMapping | None = None
    PropagateTags: Boolean | None = None
    RetryStrategy: DynamicMapping | None = None
    SchedulingPriorityOverride: Integer | None = None
    ShareIdentifier: DynamicText | None = None
    Tags: DynamicMapping | None = None
    Timeout: DynamicMapping | None = None

    service = "batch"
    action = "submitJob"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (batch.SubmitJob,),
            resources=(
                _DEFINITION,
                _QUEUE,
                ArgumentResource(
                    "ConsumableResourcePropertiesOverride.ConsumableResourceList[].ConsumableResource",
                    regional("batch", "consumable-resource/{}"),
                ),
            ),
            documented=ALL_RESOURCES,
            reason="submits the job to its queue",
            page=_PAGE,
        ),
        Grant(
            (batch.DescribeJobs,),
            resources=(ALL_RESOURCES,),
            patterns=(SYNC,),
            reason="asks how the job stands; the action knows no resources",
            page=_PAGE,
        ),
        Grant(
            (batch.TerminateJob,),
            resources=(regional("batch", "job/*"),),
            documented=ALL_RESOURCES,
            patterns=(SYNC,),
            reason="ends the job of an execution that is stopped; its id is only known then",
            page=_PAGE,
        ),
        # Batch asks for it on what SubmitJob names too: that is what accounts without it were refused on
        Grant(
            (batch.TagResource,),
            resources=(_DEFINITION, _QUEUE, regional("batch", "job/*")),
            when=(HasArgument("Tags"),),
            reason="tags the job, whose id is only known then",
            page="https://docs.aws.amazon.com/batch/latest/userguide/tag-resources.html",
        ),
        managed_rule("StepFunctionsGetEventsForBatchJobsRule", "the job's end", _PAGE),
    )
