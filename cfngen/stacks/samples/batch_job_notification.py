"""AWS's sample project *Manage a batch job*: run an AWS Batch job and tell a topic how it went.

https://docs.aws.amazon.com/step-functions/latest/dg/batch-job-notification.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from troposphere import Ref, Template

from cfngen.asl.errors import ALL
from cfngen.asl.flow import Flow
from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.states import Fail
from cfngen.asl.values import SYNC, Path
from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.stacks.options import BOOLEAN, integer, invalid_combination, number, option
from cfngen.stacks.samples.console import add_console, failure_message
from cfngen.stacks.samples.sample import NotifyingSample
from cfngen.tasks import batch, sns
from cfngen.workflow import Workflow

COMMENT: Final = "An example of the Amazon States Language for notification on an AWS Batch job completion"


@frozen(kw_only=True)
class BatchJobNotification(NotifyingSample):
    """The sample's stack; the defaults are AWS's, and every field is an option.

    ``vcpus`` may be a fraction on Fargate, ``memory`` is in MiB, ``job_timeout`` in seconds for each of
    ``job_attempts``, ``timeout`` in seconds for the whole execution. ``workflow`` replaces the sample's; it
    may refer to ``BatchJobQueue``, ``BatchJobDefinition`` and ``SNSTopic``.

    Raises ``TypeError`` for an option that does not exist, ``StackError`` for options that are not valid.
    """

    NAME: ClassVar[str] = "BatchJobNotification"
    DESCRIPTION: ClassVar[str] = (
        "Run an AWS Batch job with Step Functions and tell an SNS topic how it went"
    )

    array_size: int | None = option(integer(2, 10_000), None, help="run an array job of this size")
    retry_interval: int = option(integer(1, 99_999_999), 30, help="seconds before the first retry")
    retry_attempts: int = option(integer(0, 99_999_999), 2, help="how often the task is tried again")
    retry_backoff: float = option(
        number(1), 1.5, help="the factor by which the interval grows at each retry"
    )
    task_timeout: int | None = option(
        integer(1, 99_999_999), None, help="seconds after which a try of the task fails, and is caught"
    )
    fail_execution: bool = option(
        BOOLEAN, False, help="end as FAILED when the job fails, after a message with the cause"
    )

    def add_parts(self, template: Template) -> Mapping[str, Any]:
        """Add the topic, what jobs need, and where the console of a partition is."""
        if self.fail_execution or self.workflow is not None:
            add_console(template, self.workflow)
        return super().add_parts(template)

    def sample_workflow(self, references: Mapping[str, Any]) -> Workflow:
        """Return the workflow of AWS's sample, which ends as FAILED with ``fail_execution``."""
        topic = references["topic"]
        notify_success = sns.Publish(
            "Notify Success",
            Message="Batch job submitted through Step Functions succeeded",
            TopicArn=topic,
        )
        notify_failure: Flow | sns.Publish = sns.Publish(
            "Notify Failure",
            Message="Batch job submitted through Step Functions failed",
            TopicArn=topic,
        )
        if self.fail_execution:
            notify_failure = sns.Publish(
                "Notify Failure",
                Message=failure_message("The Batch job failed"),
                TopicArn=topic,
                ResultPath="$.Notification",
            ) >> Fail("Fail Execution", Error=Path("$.Error"), Cause=Path("$.Cause"))
        submit_batch_job = batch.SubmitJob(
            "Submit Batch Job",
            pattern=SYNC,
            JobName="BatchJobNotification",
            JobQueue=Ref("BatchJobQueue"),
            JobDefinition=Ref("BatchJobDefinition"),
            TimeoutSeconds=self.task_timeout,
            ArrayProperties=None if self.array_size is None else {"Size": self.array_size},
            Retry=[
                Retrier(
                    ErrorEquals=[ALL],
                    IntervalSeconds=self.retry_interval,
                    MaxAttempts=self.retry_attempts,
                    BackoffRate=self.retry_backoff,
                )
            ],
            Catch=[Catcher(ErrorEquals=[ALL], Next=notify_failure)],
        )
        return Workflow(
            submit_batch_job >> notify_success,
            Comment=COMMENT,
            TimeoutSeconds=self.timeout,
        )

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for tries that take longer than an execution, whose timeout nothing catches."""
        yield from super().invalid_combinations()
        if self.task_timeout is not None:
            tries = self.retry_attempts + 1
            if tries * self.task_timeout >= self.timeout:
                yield invalid_combination(
                    "task_timeout",
                    f"{tries} tries of {self.task_timeout} seconds take longer than an execution, which "
                    f"ends after {self.timeout} seconds without a notification",
                    "raise timeout, or set fewer retry_attempts",
                )
