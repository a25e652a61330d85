"""AWS's sample project *Manage a batch job*: run an AWS Batch job and tell a topic how it went.

https://docs.aws.amazon.com/step-functions/latest/dg/batch-job-notification.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from awacs import batch as actions
from awacs.aws import Allow, Statement
from troposphere import GetAtt, Output, Ref, Template

from cfngen.asl.errors import ALL
from cfngen.asl.flow import Flow
from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.states import Fail
from cfngen.asl.values import SYNC, Path, Text
from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.iam.derive import DOCUMENTED, Scope
from cfngen.stacks.options import BOOLEAN, integer, invalid_combination, number, option, part_of, value
from cfngen.stacks.parts.batch import BatchOptions, BatchReferences
from cfngen.stacks.parts.topic import AWS_MANAGED, CREATE, NotificationTopic, TopicOptions
from cfngen.stacks.state_machine import SCOPE, Stack, StateMachine
from cfngen.tasks import batch, sns
from cfngen.workflow import Workflow

DESCRIPTION: Final = "Run an AWS Batch job with Step Functions and tell an SNS topic how it went"
COMMENT: Final = "An example of the Amazon States Language for notification on an AWS Batch job completion"
FAILURE: Final = "States.Format('The Batch job failed: {}: {}. {}', $.Error, $.Cause, $$.Execution.Id)"
"""What the topic hears of a failure, with the execution's ARN, which ``cfngen status`` shows."""


@frozen(kw_only=True)
class BatchJobNotification(TopicOptions, BatchOptions, Stack):
    """The sample's stack; the defaults are AWS's, and every field is an option.

    ``vcpus`` may be a fraction on Fargate, ``memory`` is in MiB, ``job_timeout`` in seconds for each of
    ``job_attempts``, ``timeout`` in seconds for the whole execution. ``workflow`` replaces the sample's; it
    may refer to ``BatchJobQueue``, ``BatchJobDefinition`` and ``SNSTopic``.

    Raises ``TypeError`` for an option that does not exist, ``StackError`` for options that are not valid.
    """

    array_size: int | None = option(integer(2, 10_000), None, help="run an array job of this size")
    scope: Scope = option(SCOPE, DOCUMENTED, help="how narrow the policy of its role is")
    timeout: int = option(integer(1, 99_999_999), 3600, help="seconds after which an execution ends")
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
    workflow: Workflow | None = option(
        value("a Workflow", Workflow), None, help="a workflow of your own instead of the sample's"
    )

    def template(self) -> Template:
        """Return the template, to which the caller may add. Raises ``WorkflowError``."""
        parts = Template()
        topic = self._topic().add_to(parts)
        references = self.add_batch(parts)
        template = Template(DESCRIPTION)
        template.set_version()
        self._machine(topic).add_to(template)
        for section in ("resources", "parameters", "conditions", "metadata"):
            getattr(template, section).update(getattr(parts, section))
        self._add_outputs(template, topic, references)
        return template

    def machine(self) -> StateMachine:
        """Return the state machine at the heart of the stack."""
        return self._machine(self._topic().add_to(Template()))

    def _topic(self) -> NotificationTopic:
        return part_of(NotificationTopic, self, hears_alarms=bool(self.alarms) and self.alarm_topic is None)

    def _machine(self, topic: Any) -> StateMachine:
        workflow = self.workflow or self.sample_workflow(topic)
        options = {item.name: getattr(self, item.name) for item in fields(Stack)}
        key_statements = self._topic().publisher_statements()
        options["extra_statements"] = (*self.extra_statements, *self._revisions(workflow), *key_statements)
        options["alarm_topic"] = (self.alarm_topic or topic) if self.alarms else None
        return StateMachine(
            workflow,
            logical_id="BatchJobNotificationStateMachine",
            role_logical_id="BatchJobNotificationExecutionRole",
            policy_name="BatchJobNotificationAccessPolicy",
            **options,
        )

    def _revisions(self, workflow: Workflow) -> Iterator[Statement]:
        """Yield what an execution needs that began before the job definition was updated."""
        states = (node.state for node, _ in workflow.linked.walk())
        if self.scope is Scope.LEAST_PRIVILEGE and any(isinstance(it, batch.SubmitJob) for it in states):
            revisions = self.job().all_revisions().to_dict()
            yield Statement(Effect=Allow, Action=[actions.SubmitJob], Resource=[revisions])

    def sample_workflow(self, topic: Text) -> Workflow:
        """Return the workflow of AWS's sample, which ends as FAILED with ``fail_execution``."""
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
                "Notify Failure", Message=Path(FAILURE), TopicArn=topic, ResultPath="$.Notification"
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
        """Yield a problem for alarms that nobody hears, and tries that take longer than an execution."""
        yield from super().invalid_combinations()
        if self.alarms and self.alarm_topic is None and self.topic_key == AWS_MANAGED:
            yield invalid_combination(
                "alarms",
                f"CloudWatch cannot publish to a topic that {AWS_MANAGED} encrypts",
                f"set topic_key to '{CREATE}' or to a key that allows CloudWatch, or set alarm_topic",
            )
        if self.task_timeout is not None:
            tries = self.retry_attempts + 1
            if tries * self.task_timeout >= self.timeout:
                yield invalid_combination(
                    "task_timeout",
                    f"{tries} tries of {self.task_timeout} seconds take longer than an execution, which "
                    f"ends after {self.timeout} seconds without a notification",
                    "raise timeout, or set fewer retry_attempts",
                )

    def _add_outputs(self, template: Template, topic: Any, references: BatchReferences) -> None:
        outputs = {
            "StateMachineArn": ("The state machine.", Ref("BatchJobNotificationStateMachine")),
            "ExecutionInput": ("Sample input to StartExecution.", "{}"),
            "ExecutionRoleArn": (
                "The role of the state machine.",
                GetAtt("BatchJobNotificationExecutionRole", "Arn"),
            ),
            "TopicArn": ("The topic that hears how the job went.", topic),
            "JobQueueArn": ("The queue of the job.", references.job_queue),
            "JobDefinitionArn": ("The definition of the job.", references.job_definition),
            "ComputeEnvironmentArn": ("What the job runs on.", references.compute_environment),
        }
        if self.topic is not None:
            del outputs["TopicArn"]  # not this stack's to tell
        if self.log_level != "OFF":
            group = Ref("BatchJobNotificationStateMachineLogGroup")
            outputs["LogGroupName"] = ("The log group of the state machine.", group)
        for name, (description, output) in outputs.items():
            template.add_output(Output(name, Description=description, Value=output))
