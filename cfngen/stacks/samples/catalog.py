"""The catalogue of samples, as the console's list of sample projects: found by what they do."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final

from cfngen.core.declared import Declared, frozen


@frozen
class Sample(Declared):
    """A stack that can be deployed as it is; ``settings`` are options as the command line spells them.

    ``placeholders`` are options that a project made from it must replace, and with what; ``parameters`` are
    what its tests give the template, and ``mocks`` what the tasks return that no emulator runs. ``page`` is
    the page of AWS whose definition the sample has, if it is AWS's, and ``differs`` what is not as the page
    prints it.
    """

    slug: str
    title: str
    summary: str
    services: tuple[str, ...]
    stack: str
    settings: Mapping[str, str] = field(default_factory=dict)
    placeholders: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    mocks: Mapping[str, Any] = field(default_factory=dict)
    page: str | None = None
    differs: str = ""

    def matches(self, text: str) -> bool:
        """Tell whether every word of ``text`` stands in what the catalogue says of the sample."""
        description = " ".join((self.slug, self.title, self.summary, *self.services)).lower()
        return all(word in description for word in text.lower().split())


_GUIDE: Final = "https://docs.aws.amazon.com/step-functions/latest/dg"
_IMAGE: Final = {"image": "the image of your job"}
_JOB: Final = {**_IMAGE, "command": "what your job runs"}

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
        page=f"{_GUIDE}/batch-job-notification.html",
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
    Sample(
        slug="batch-fan-out",
        title="Fan out a batch job",
        summary=(
            "Asks a Lambda function for a list, and runs an AWS Batch job for each of its items at a time."
        ),
        services=("AWS Step Functions", "AWS Lambda", "AWS Batch", "Amazon CloudWatch"),
        stack="cfngen.stacks.samples.batch_with_lambda:BatchFanOut",
        placeholders=_JOB,
        mocks={"Generate batch job input": {"Payload": [1, 2, 3]}},
        page=f"{_GUIDE}/sample-batch-fan-out.html",
        differs="ItemSelector for the Parameters of a Map, as that field is called today",
    ),
    Sample(
        slug="batch-with-lambda",
        title="Run a batch job with Lambda",
        summary="Asks a Lambda function for the parameters of an AWS Batch job, and runs it with them.",
        services=("AWS Step Functions", "AWS Lambda", "AWS Batch", "Amazon CloudWatch"),
        stack="cfngen.stacks.samples.batch_with_lambda:BatchWithLambda",
        placeholders=_JOB,
        mocks={"Generate batch job input": {"Payload": {"batch_input": {"input": "8"}}}},
        page=f"{_GUIDE}/sample-batch-lambda.html",
        differs="OutputPath $.Payload for $.batch_input, with which the page's fails",
    ),
    Sample(
        slug="batch-over-s3",
        title="Run array jobs over a bucket",
        summary=(
            "Lists the objects of an Amazon S3 bucket with a distributed Map, and runs an AWS Batch array "
            "job for each batch of them; for work that outgrows one machine."
        ),
        services=("AWS Step Functions", "AWS Batch", "Amazon S3"),
        stack="cfngen.stacks.samples.batch_over_s3:BatchOverS3",
        settings={"scope": "least-privilege"},
        placeholders=_IMAGE,
    ),
    Sample(
        slug="batch-multi-node",
        title="Run a multi-node parallel job",
        summary="Runs one AWS Batch job on several instances at once, which reach one another.",
        services=("AWS Step Functions", "AWS Batch"),
        stack="cfngen.stacks.samples.batch_multi_node:BatchMultiNode",
        settings={"scope": "least-privilege", "availability_zones": "1"},
        placeholders={**_JOB, "nodes": "how many instances it needs"},
        mocks={"Submit multi-node job": {"JobId": "1"}},
    ),
    Sample(
        slug="nightly-etl",
        title="Load data every night",
        summary=(
            "Starts by a schedule, loads files with an AWS Batch job on Fargate, and counts their rows by "
            "Amazon Athena; an alarm and a message tell an Amazon SNS topic of a night that failed."
        ),
        services=(
            "AWS Step Functions",
            "AWS Batch",
            "AWS Fargate",
            "Amazon Athena",
            "AWS Glue",
            "Amazon S3",
            "Amazon EventBridge",
            "Amazon SNS",
            "Amazon CloudWatch",
        ),
        stack="cfngen.stacks.samples.nightly_etl:NightlyEtl",
        settings={
            "compute": "FARGATE",
            "vcpus": "1",
            "memory": "2048",
            "schedule": "cron(0 3 * * ? *)",
            "alarms": "ExecutionsFailed,ExecutionsTimedOut",
            "topic_key": "create",
            "log_level": "ERROR",
            "job_logs": "true",
            "runnable_timeout": "3600",
            "timeout": "14400",
            "scope": "least-privilege",
        },
        placeholders={**_IMAGE, "schedule": "when it starts"},
        mocks={"Load": {"JobId": "1"}, "Count the rows": {"QueryExecution": {"QueryExecutionId": "1"}}},
    ),
)


def definition_path(sample: Sample) -> str:
    """Return the path of the sample's definition, for those who need not what is around it."""
    return os.path.join(os.path.dirname(__file__), "definitions", f"{sample.slug}.asl.json")


def search(text: str = "") -> list[Sample]:
    """Return the samples that match, in the order of the catalogue."""
    return [sample for sample in SAMPLES if sample.matches(text)]


def find(slug: str) -> Sample | None:
    """Return the sample of that slug."""
    return next((sample for sample in SAMPLES if sample.slug == slug), None)
