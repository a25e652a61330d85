"""AWS Elemental MediaConvert.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-mediaconvert.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import mediaconvert

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

__all__ = ["CreateJob"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-mediaconvert.html"

_TEMPLATES = ArgumentResource(
    "JobTemplate", regional("mediaconvert", "jobTemplates/{}"), ref_returns="name"
)
_PRESETS = ArgumentResource(
    "Settings.OutputGroups[].Outputs[].Preset", regional("mediaconvert", "presets/{}"), ref_returns="name"
)
_EVERYTHING = (
    regional("mediaconvert", "queues/*"),
    regional("mediaconvert", "jobTemplates/*"),
    regional("mediaconvert", "presets/*"),
)


@frozen(kw_only=True)
class CreateJob(ServiceTask):
    """Transcodes media; with ``SYNC``, waits until that has succeeded or failed.

    ``Role`` is the role with which MediaConvert reads and writes.
    https://docs.aws.amazon.com/mediaconvert/latest/apireference/jobs.html
    """

    Role: DynamicText
    Settings: DynamicMapping
    AccelerationSettings: DynamicMapping | None = None
    BillingTagsSource: DynamicText | None = None
    ClientRequestToken: DynamicText | None = None
    ElementalInferenceSettings: DynamicMapping | None = None
    HopDestinations: DynamicList | None = None
    JobEngineVersion: DynamicText | None = None
    JobTemplate: DynamicText | None = None
    Priority: Integer | None = None
    Queue: DynamicText | None = None
    SimulateReservedQueue: DynamicText | None = None
    StatusUpdateInterval: DynamicText | None = None
    Tags: DynamicMapping | None = None
    UserMetadata: DynamicMapping | None = None

    service = "mediaconvert"
    action = "createJob"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (mediaconvert.CreateJob,),
            resources=(
                ArgumentResource(
                    "Queue", regional("mediaconvert", "queues/{}"), default="Default", ref_returns="name"
                ),
                _TEMPLATES,
                _PRESETS,
            ),
            documented=_EVERYTHING,
            reason="starts the job in its queue",
            page=_PAGE,
        ),
        Grant(
            (mediaconvert.CreateJob,),
            resources=(regional("mediaconvert", "queues/*"), regional("mediaconvert", "presets/*")),
            when=(HasArgument("JobTemplate"),),
            reason="starts the job with the queue and the presets that its template may name",
            page=_PAGE,
        ),
        Grant(
            (mediaconvert.GetJob, mediaconvert.CancelJob),
            resources=(regional("mediaconvert", "jobs/*"),),
            patterns=(SYNC,),
            conditions=(Condition("StringEquals", "aws:ResourceTag/ManagedByService", "AWSStepFunctions"),),
            reason="asks how the job stands, and cancels that of an execution that is stopped; its id is "
            "only known then",
            page=_PAGE,
        ),
        pass_role("Role", to="mediaconvert.amazonaws.com", page=_PAGE),
        Grant(
            (mediaconvert.TagResource,),
            resources=(regional("mediaconvert", "jobs/*"),),
            when=(HasArgument("Tags"),),
            reason="tags the job; its id is only known then",
            page="https://docs.aws.amazon.com/mediaconvert/latest/ug/tagging-resources.html",
        ),
        managed_rule("StepFunctionsGetEventsForMediaConvertJobRule", "the job's end", _PAGE),
    )
