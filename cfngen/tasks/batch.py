"""AWS Batch.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from awacs import batch, events

from cfngen.asl.declared import frozen
from cfngen.asl.values import (
    REQUEST_RESPONSE,
    SYNC,
    Boolean,
    DynamicText,
    Integer,
    Json,
    Path,
)
from cfngen.tasks.grants import ANYTHING, Grant, Named, regional
from cfngen.tasks.service import ServiceTask

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html"


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
    ArrayProperties: Mapping[str, Json] | Path | None = None
    ConsumableResourcePropertiesOverride: Mapping[str, Json] | Path | None = None
    ContainerOverrides: Mapping[str, Json] | Path | None = None
    DependsOn: Sequence[Json] | Path | None = None
    EcsPropertiesOverride: Mapping[str, Json] | Path | None = None
    EksPropertiesOverride: Mapping[str, Json] | Path | None = None
    NodeOverrides: Mapping[str, Json] | Path | None = None
    Parameters: Mapping[str, Json] | Path | None = None
    PropagateTags: Boolean | None = None
    RetryStrategy: Mapping[str, Json] | Path | None = None
    SchedulingPriorityOverride: Integer | None = None
    ShareIdentifier: DynamicText | None = None
    Tags: Mapping[str, Json] | Path | None = None
    Timeout: Mapping[str, Json] | Path | None = None

    service = "batch"
    action = "submitJob"
    patterns = (REQUEST_RESPONSE, SYNC)
    grants = (
        Grant(
            (batch.SubmitJob,),
            resources=(
                Named("JobDefinition", regional("batch", "job-definition/{}"), revisions=True),
                Named("JobQueue", regional("batch", "job-queue/{}")),
                Named(
                    "ConsumableResourcePropertiesOverride.ConsumableResourceList[].ConsumableResource",
                    regional("batch", "consumable-resource/{}"),
                ),
            ),
            documented=ANYTHING,
            because="submits the job to its queue",
            page=_PAGE,
        ),
        Grant(
            (batch.DescribeJobs,),
            resources=(ANYTHING,),
            patterns=(SYNC,),
            because="asks how the job stands; the action knows no resources",
            page=_PAGE,
        ),
        Grant(
            (batch.TerminateJob,),
            resources=(regional("batch", "job/*"),),
            documented=ANYTHING,
            patterns=(SYNC,),
            because="ends the job of an execution that is stopped; its id is only known then",
            page=_PAGE,
        ),
        Grant(
            (batch.TagResource,),
            resources=(regional("batch", "job/*"),),
            when="Tags",
            because="tags the job; its id is only known then",
            page="https://docs.aws.amazon.com/batch/latest/userguide/tag-resources.html",
        ),
        Grant(
            (events.PutTargets, events.PutRule, events.DescribeRule),
            resources=(regional("events", "rule/StepFunctionsGetEventsForBatchJobsRule"),),
            patterns=(SYNC,),
            managed_rule=True,
            because="hears of the job's end through a rule that Step Functions keeps; without it the "
            "state machine cannot be created",
            page=_PAGE,
        ),
    )
