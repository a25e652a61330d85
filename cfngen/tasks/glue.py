"""AWS Glue.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import glue

from cfngen.asl.values import (
    REQUEST_RESPONSE,
    SYNC,
    Boolean,
    DynamicMapping,
    DynamicText,
    Integer,
    Number,
    Pattern,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ALL_RESOURCES, ArgumentResource, Grant, regional
from cfngen.tasks.service import ServiceTask

__all__ = ["StartJobRun"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html"

_JOB = ArgumentResource("JobName", regional("glue", "job/{}"), ref_returns="name")


@frozen(kw_only=True)
class StartJobRun(ServiceTask):
    """Runs a job; with ``SYNC``, waits until it has succeeded or failed.

    https://docs.aws.amazon.com/glue/latest/webapi/API_StartJobRun.html
    """

    JobName: DynamicText
    AllocatedCapacity: Integer | None = None
    Arguments: DynamicMapping | None = None
    ExecutionClass: DynamicText | None = None
    ExecutionRoleSessionPolicy: DynamicText | None = None
    JobRunId: DynamicText | None = None
    JobRunQueuingEnabled: Boolean | None = None
    MaxCapacity: Number | None = None
    NotificationProperty: DynamicMapping | None = None
    NumberOfWorkers: Integer | None = None
    SecurityConfiguration: DynamicText | None = None
    Timeout: Integer | None = None
    WorkerType: DynamicText | None = None

    service = "glue"
    action = "startJobRun"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (glue.StartJobRun,),
            resources=(_JOB,),
            documented=ALL_RESOURCES,
            reason="runs the job",
            page=_PAGE,
        ),
        Grant(
            (glue.GetJobRun, glue.GetJobRuns, glue.BatchStopJobRun),
            resources=(_JOB,),
            documented=ALL_RESOURCES,
            patterns=(SYNC,),
            reason="asks how the run stands, and stops that of an execution that is stopped",
            page=_PAGE,
        ),
    )
