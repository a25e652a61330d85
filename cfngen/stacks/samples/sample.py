"""What the stacks of samples have in common: parts, a machine that refers to them, and outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, ClassVar

from awacs import batch as actions
from awacs.aws import Allow, PolicyDocument, Statement
from troposphere import GetAtt, Output, Ref, Template

from cfngen.cfn.arns import all_revisions
from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.iam.derive import DOCUMENTED, Scope
from cfngen.stacks.additions import resources_of
from cfngen.stacks.machine_options import SCOPE
from cfngen.stacks.options import integer, invalid_combination, option, part_of, value
from cfngen.stacks.parts.batch import BatchOptions
from cfngen.stacks.parts.job import BatchJob
from cfngen.stacks.parts.topic import AWS_MANAGED, CREATE, NotificationTopic, TopicOptions
from cfngen.stacks.state_machine import Stack, StateMachine
from cfngen.tasks.batch import SubmitJob
from cfngen.workflow import Workflow


@frozen(kw_only=True)
class SampleStack(Stack):
    """A stack of parts around a workflow, which may be replaced by one that refers to the same parts.

    A sample says ``NAME``, with which the logical ids of its machine begin, and ``DESCRIPTION``; it adds
    its parts, and makes its workflow from the references that they return.
    """

    NAME: ClassVar[str]
    DESCRIPTION: ClassVar[str]
    INPUT: ClassVar[str] = "{}"

    scope: Scope = option(SCOPE, DOCUMENTED, help="how narrow the policy of its role is")
    timeout: int = option(integer(1, 99_999_999), 3600, help="seconds after which an execution ends")
    workflow: Workflow | None = option(
        value("a Workflow", Workflow), None, help="a workflow of your own instead of the sample's"
    )

    def template(self) -> Template:
        """Return the template, to which the caller may add. Raises ``WorkflowError``."""
        parts = Template()
        references = self.add_parts(parts)
        template = Template(self.DESCRIPTION)
        template.set_version()
        template.resources.update(parts.resources)  # on which it depends what the role needs
        self._machine(references).add_to(template)
        for name in parts.resources:  # they stand behind the machine
            template.resources[name] = template.resources.pop(name)
        for section in ("parameters", "conditions", "metadata"):
            getattr(template, section).update(getattr(parts, section))
        for name, (description, output) in self._outputs(references).items():
            template.add_output(Output(name, Description=description, Value=output))
        return template

    def machine(self) -> StateMachine:
        """Return the state machine at the heart of the stack."""
        return self._machine(self.add_parts(Template()))

    def neighbours(self) -> Mapping[str, Any]:
        """Return the resources of the parts."""
        parts = Template()
        self.add_parts(parts)
        return resources_of(parts)

    def add_parts(self, template: Template) -> Mapping[str, Any]:
        """Add what the workflow needs, and return references to it by name."""
        raise NotImplementedError(f"{type(self).__name__} has no parts")

    def sample_workflow(self, references: Mapping[str, Any]) -> Workflow:
        """Return the workflow of the sample."""
        raise NotImplementedError(f"{type(self).__name__} has no workflow")

    def part_statements(self, workflow: Workflow) -> Iterator[Statement]:
        """Yield what the role needs because of the parts, in addition to what the workflow tells."""
        yield from ()

    def part_outputs(self, references: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
        """Yield the outputs of the parts: their names, descriptions and values."""
        yield from ()

    def _machine(self, references: Mapping[str, Any]) -> StateMachine:
        workflow = self.workflow or self.sample_workflow(references)
        options = {item.name: getattr(self, item.name) for item in fields(Stack)}
        options["extra_statements"] = (*self.extra_statements, *self.part_statements(workflow))
        if self.alarms and self.alarm_topic is None:
            options["alarm_topic"] = references["topic"]
        return StateMachine(
            workflow,
            logical_id=f"{self.NAME}StateMachine",
            role_logical_id=f"{self.NAME}ExecutionRole",
            policy_name=f"{self.NAME}AccessPolicy",
            **options,
        )

    def _outputs(self, references: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
        machine, role = f"{self.NAME}StateMachine", f"{self.NAME}ExecutionRole"
        outputs = {
            "StateMachineArn": ("The state machine.", Ref(machine)),
            "ExecutionInput": ("Sample input to StartExecution.", self.INPUT),
            "ExecutionRoleArn": ("The role of the state machine.", GetAtt(role, "Arn")),
        }
        for name, description, output in self.part_outputs(references):
            outputs[name] = (description, output)
        if self.log_level != "OFF":
            outputs["LogGroupName"] = ("The log group of the state machine.", Ref(f"{machine}LogGroup"))
        return outputs


@frozen(kw_only=True)
class BatchSample(BatchOptions, SampleStack):
    """A sample that submits jobs to a queue of its own."""

    def add_parts(self, template: Template) -> Mapping[str, Any]:
        """Add the job definition, the network, the queue and the compute environment."""
        batch = self.add_batch(template)
        return {item.name: getattr(batch, item.name) for item in fields(batch)}

    def job_with(self, policy: PolicyDocument, environment: Mapping[str, Any]) -> BatchJob:
        """Return the job with what the sample's own may do and is told, unless the options say more."""
        return replace(
            super().job(),
            job_role_policy=self.job_role_policy or policy,
            environment={**environment, **self.environment},
        )

    def part_statements(self, workflow: Workflow) -> Iterator[Statement]:
        """Yield what an execution needs that began before the job definition was updated."""
        yield from super().part_statements(workflow)
        states = (node.state for node, _ in workflow.linked.walk())
        if self.scope is Scope.LEAST_PRIVILEGE and any(isinstance(it, SubmitJob) for it in states):
            revisions = all_revisions(f"{self.job().prefix}JobDefinition")
            yield Statement(Effect=Allow, Action=[actions.SubmitJob], Resource=[revisions])

    def part_outputs(self, references: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
        """Yield the queue, the definition and the environment."""
        yield from super().part_outputs(references)
        yield "JobQueueArn", "The queue of the job.", references["job_queue"]
        yield "JobDefinitionArn", "The definition of the job.", references["job_definition"]
        yield "ComputeEnvironmentArn", "What the job runs on.", references["compute_environment"]


@frozen(kw_only=True)
class NotifyingSample(TopicOptions, BatchSample):
    """A sample that submits jobs, and tells a topic how they went."""

    HEARS_ALARMS: ClassVar[bool] = True

    def add_parts(self, template: Template) -> Mapping[str, Any]:
        """Add the topic, and what jobs need."""
        return {"topic": self._topic().add_to(template), **super().add_parts(template)}

    def part_statements(self, workflow: Workflow) -> Iterator[Statement]:
        """Yield what publishing to an encrypted topic needs too."""
        yield from super().part_statements(workflow)
        yield from self._topic().publisher_statements()

    def part_outputs(self, references: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
        """Yield the topic, unless it is not this stack's to tell."""
        if self.topic is None:
            yield "TopicArn", "The topic that hears how the job went.", references["topic"]
        yield from super().part_outputs(references)

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for alarms that do not reach the topic."""
        yield from super().invalid_combinations()
        if self.alarms and self.alarm_topic is None and self.topic_key == AWS_MANAGED:
            yield invalid_combination(
                "alarms",
                f"CloudWatch cannot publish to a topic that {AWS_MANAGED} encrypts",
                f"set topic_key to '{CREATE}' or to a key that allows CloudWatch, or set alarm_topic",
            )

    def _topic(self) -> NotificationTopic:
        return part_of(NotificationTopic, self, hears_alarms=bool(self.alarms) and self.alarm_topic is None)
