"""The catalogue of samples, as the console's list of sample projects: found by what they do."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from typing import Final

from cfngen.core.declared import Declared, frozen


@frozen
class Sample(Declared):
    """A stack that can be deployed as it is; ``settings`` are options as the command line spells them.

    ``placeholders`` are options that a project made from it must replace, and with what; ``parameters`` are
    what its tests give the template.
    """

    slug: str
    title: str
    summary: str
    services: tuple[str, ...]
    stack: str
    settings: Mapping[str, str] = field(default_factory=dict)
    placeholders: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)

    def matches(self, text: str) -> bool:
        """Tell whether every word of ``text`` stands in what the catalogue says of the sample."""
        description = " ".join((self.slug, self.title, self.summary, *self.services)).lower()
        return all(word in description for word in text.lower().split())


_JOB: Final = {"image": "the image of your job", "command": "what your job runs"}

SAMPLES: Final = (
    Sample(
        slug="batch-job-notification",
        title="Manage a batch job",
        summary=(
            "Submits an AWS Batch job on EC2 and waits for it, tries it again when it fails, "
            "and notifies an Amazon SNS topic of its success or failure."
        ),
        services=("AWS Step Functions", "AWS Batch", "Amazon SNS"),
        stack="cfngen.stacks:BatchJobNotification",
        placeholders=_JOB,
    ),
    Sample(
        slug="batch-job-notification-fargate",
        title="Manage a batch job on Fargate",
        summary=(
            "The same on AWS Fargate, with logs in CloudWatch, traces in X-Ray, an encrypted topic, an "
            "e-mail address as a parameter, a least-privilege policy, and limits for jobs that cannot "
            "start or run too long; an execution whose job fails ends as failed."
        ),
        services=("AWS Step Functions", "AWS Batch", "AWS Fargate", "Amazon SNS", "Amazon CloudWatch"),
        stack="cfngen.stacks:BatchJobNotification",
        settings={
            "compute": "FARGATE",
            "vcpus": "1",
            "memory": "2048",
            "email": "parameter",
            "topic_key": "alias/aws/sns",
            "log_level": "ALL",
            "job_logs": "true",
            "runnable_timeout": "3600",
            "task_timeout": "14400",
            "timeout": "86400",
            "fail_execution": "true",
            "tracing": "true",
            "scope": "least-privilege",
        },
        placeholders=_JOB,
        parameters={"NotificationEmail": "me@example.com"},
    ),
)


def definition(sample: Sample) -> str:
    """Return the path of the sample's definition, for those who need not what is around it."""
    return os.path.join(os.path.dirname(__file__), "definitions", f"{sample.slug}.asl.json")


def search(text: str = "") -> list[Sample]:
    """Return the samples that match, in the order of the catalogue."""
    return [sample for sample in SAMPLES if sample.matches(text)]


def find(slug: str) -> Sample | None:
    """Return the sample of that slug."""
    return next((sample for sample in SAMPLES if sample.slug == slug), None)
