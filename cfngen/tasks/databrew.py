"""AWS Glue DataBrew.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-databrew.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import databrew

from cfngen.asl.values import (
    REQUEST_RESPONSE,
    SYNC,
    DynamicText,
    Pattern,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ArgumentResource, Grant, regional
from cfngen.tasks.service import ServiceTask

__all__ = ["StartJobRun"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-databrew.html"

_JOB = ArgumentResource("Name", regional("databrew", "job/{}"), ref_returns="name")


@frozen(kw_only=True)
class StartJobRun(ServiceTask):
    """Runs a job; with ``SYNC``, waits until it has succeeded or failed.

    ``Name_`` is the argument ``Name``, the job's.
    https://docs.aws.amazon.com/databrew/latest/dg/API_StartJobRun.html
    """

    Name_: DynamicText

    service = "databrew"
    action = "startJobRun"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant((databrew.StartJobRun,), resources=(_JOB,), reason="runs the job", page=_PAGE),
        Grant(
            (databrew.ListJobRuns, databrew.StopJobRun),
            resources=(_JOB,),
            patterns=(SYNC,),
            reason="asks how the run stands, and ends that of an execution that is stopped",
            page=_PAGE,
        ),
    )
