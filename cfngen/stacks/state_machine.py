"""A state machine with its execution role and its log group, from a workflow alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, ClassVar, Final

from awacs.aws import PolicyDocument, Statement
from troposphere import GetAtt, Output, Ref, Select, Split, Sub, Template, encode_to_dict
from troposphere.iam import ManagedPolicy, Policy, Role
from troposphere.stepfunctions import (
    CloudWatchLogsLogGroup,
    EncryptionConfiguration,
    LogDestination,
    LoggingConfiguration,
    TracingConfiguration,
)
from troposphere.stepfunctions import StateMachine as StateMachineResource

from cfngen.asl.values import STANDARD, Text
from cfngen.core.callers import warn_caller
from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.iam.calls import NO_RESOURCES
from cfngen.iam.derive import LEAST_PRIVILEGE, DerivedPolicy, Scope, derive
from cfngen.iam.self_reference import features, name_in_arn
from cfngen.iam.trust import trust
from cfngen.stacks.additions import add_resources, raise_duplicates, resources_of
from cfngen.stacks.definition import add_transform, definition_properties
from cfngen.stacks.machine_options import DESCRIPTION, POLICY_NAME, ROLE_ARN, MachineOptions
from cfngen.stacks.options import (
    LOGICAL_ID,
    invalid_combination,
    option,
    option_metadata,
    part_of,
    value,
)
from cfngen.stacks.parts.alarms import Alarm
from cfngen.stacks.parts.logs import LogGroup
from cfngen.stacks.parts.triggers import EventTrigger, Schedule
from cfngen.stacks.policies import ATTACHED, INLINE, policy_size, split_statements
from cfngen.stacks.properties import tag_list, without_none
from cfngen.stacks.roles import role
from cfngen.workflow import PolicyWarning, Workflow

_OF_OWN_ROLE: Final = ("role_logical_id", "policy_name", "extra_statements", "scope", "narrow")
_OF_ALL_ROLES: Final = ("role_path", "permissions_boundary")
"""The options of roles, which those of a schedule and of an event have too."""


@frozen(kw_only=True)
class Stack(MachineOptions):
    """Base of the stacks, which all hold a state machine, with the options of the machine.

    Raises ``TypeError`` for an option that does not exist, ``StackError`` for options that are not valid.
    """

    HEARS_ALARMS: ClassVar[bool] = False
    """Whether the stack has a topic for alarms where ``alarm_topic`` names none."""

    def template(self) -> Template:
        """Return the template of the stack."""
        raise NotImplementedError(f"{type(self).__name__} has no template")

    def machine(self) -> StateMachine:
        """Return the state machine at the heart of the stack."""
        raise NotImplementedError(f"{type(self).__name__} has no state machine")

    def neighbours(self) -> Mapping[str, Any]:
        """Return the resources beside the machine, on which depends what its role needs, by logical id."""
        return NO_RESOURCES

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for alarms that nobody hears."""
        yield from super().invalid_combinations()
        if self.alarms and self.alarm_topic is None and not self.HEARS_ALARMS:
            yield invalid_combination("alarms", "there is no topic that hears them", "set alarm_topic")

    def machine_ref(self) -> Ref:
        """Return a reference to the machine, which is its ARN."""
        return Ref(self.machine().logical_id)

    def machine_arn(self) -> Ref:
        """Return the ARN that starts an execution: with ``versions``, that of the alias."""
        return Ref(f"{self.machine().logical_id}Alias") if self.versions else self.machine_ref()


@frozen(kw_only=True)
class StateMachine(Stack):
    """A workflow with everything it needs to run: the machine, its role, and its log group.

    The role is derived from the workflow, unless ``role_arn`` names one, which is left as it is.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
    """

    workflow: Workflow = field(
        kw_only=False, metadata=option_metadata(value("a Workflow", Workflow), "the workflow to run")
    )
    logical_id: str = option(LOGICAL_ID, "StateMachine", help="the logical id of the machine")
    role_logical_id: str | None = option(LOGICAL_ID, None, help="the logical id of its role")
    policy_name: str | None = option(POLICY_NAME, None, help="the name of the role's inline policy")
    role_arn: Text | None = option(ROLE_ARN, None, help="an existing role to use instead of a derived one")
    description: str | None = option(DESCRIPTION, None, help="the description of the template")

    def template(self) -> Template:
        """Return a template of its own, with the machine's ARN as an output. Raises ``WorkflowError``."""
        template = Template(self.description)
        template.set_version()
        self.add_to(template)
        template.add_output(
            Output("StateMachineArn", Description="The state machine.", Value=Ref(self.logical_id))
        )
        return template

    def machine(self) -> StateMachine:
        """Return itself."""
        return self

    def add_to(self, template: Template) -> StateMachineResource:
        """Add the machine, its role and its log group; return the machine.

        A template whose definition needs ``AWS::LanguageExtensions`` gets that transform.
        Raises ``WorkflowError``, and ``StackError`` where the template has a resource of the same name.
        """
        self.workflow.raise_errors(self.type)
        raise_duplicates(self, template, self._names())
        definition = self.workflow.definition(_in_any_partition)
        add_transform(template, definition)
        machine = StateMachineResource(self.logical_id, **self._properties(definition))
        add_resources(self, template, machine)
        if self.role_arn is None:
            add_resources(self, template, self._role(template))
        if self._logs:
            self._log_group().add_to(template)
        alarms = [self._alarm(metric).add_to(template, machine, self.alarm_topic) for metric in self.alarms]
        alias = self.add_versions(template, self.logical_id, alarms) if self.versions else None
        if self.schedule is not None:
            schedule = part_of(Schedule, self, logical_id=f"{self.logical_id}Schedule")
            schedule.add_to(template, machine, alias)
        if self.event_pattern is not None:
            trigger = part_of(EventTrigger, self, logical_id=f"{self.logical_id}EventRule")
            trigger.add_to(template, machine, alias)
        return machine

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for options of a role that is not made."""
        yield from super().invalid_combinations()
        if self.role_arn is not None:
            has_other_roles = self.schedule is not None or self.event_pattern is not None
            for name in (*_OF_OWN_ROLE, *(() if has_other_roles else _OF_ALL_ROLES)):
                if getattr(self, name) not in (None, (), [], LEAST_PRIVILEGE):
                    message = "it is an option of the role that is derived, and role_arn names another"
                    yield invalid_combination(name, message, f"remove {name} or role_arn")

    def _names(self) -> list[str]:
        """Return the logical ids that are refused before anything is added."""
        own = [self.logical_id]
        own += [self._role_id] if self.role_arn is None else []
        own += [self._log_group_id] if self._logs else []
        return own

    def derived(
        self, scope: Scope | None = None, resources: Mapping[str, Any] = NO_RESOURCES
    ) -> DerivedPolicy:
        """Return what the role may do for its workflow, and warnings where that is wide.

        ``resources`` are those of the template, by their logical ids, as far as they are known.
        Raises ``WorkflowError``.
        """
        self.workflow.raise_errors(self.type)
        graph, name = self.workflow.linked, name_in_arn(self.name, self.logical_id)
        own_features = features(logs=self._logs, tracing=self.tracing, key=self.kms_key)
        derived = derive(graph, scope or self.scope, own_features, name, resources)
        return derived if self.narrow is None else derived.narrowed(self.narrow)

    def policy(self, scope: Scope | None = None) -> PolicyDocument:
        """Return the policy of the role, extra statements included.

        Warns with ``PolicyWarning`` where it had to be wide. Raises ``WorkflowError``.
        """
        return self._policy(scope, NO_RESOURCES)

    def _policy(self, scope: Scope | None, resources: Mapping[str, Any]) -> PolicyDocument:
        derived = self.derived(scope, resources)
        for problem in derived.warnings:
            warn_caller(str(problem), PolicyWarning)
        document = derived.document()
        extra = [_statement_facts(it) for it in self.extra_statements]
        own = [it for it in document.Statement if _statement_facts(it) not in extra]
        document.Statement = [*own, *self.extra_statements]
        return document

    def _properties(self, definition: Mapping[str, Any]) -> dict[str, Any]:
        return without_none(
            StateMachineName=self.name,
            StateMachineType=None if self.type == STANDARD else self.type,
            RoleArn=GetAtt(self._role_id, "Arn") if self.role_arn is None else self.role_arn,
            **definition_properties(definition),
            EncryptionConfiguration=self._encryption() if self.kms_key is not None else None,
            LoggingConfiguration=self._logging() if self._logs else None,
            TracingConfiguration=TracingConfiguration(Enabled=True) if self.tracing else None,
            Tags=tag_list(self.tags),
        )

    def _role(self, template: Template) -> Role:
        """Return the role; a policy too long to be inline becomes managed ones, which it refers to."""
        document = self._policy(None, resources_of(template))
        name = self.policy_name or f"{self.logical_id}Policy"
        statements = document.Statement
        inline = [Policy(PolicyName=name, PolicyDocument=document)] if statements else []
        managed = self._managed(template, statements) if policy_size(statements) > INLINE else []
        return role(
            self._role_id,
            self,
            trust=trust("states.amazonaws.com", source=("states", "stateMachine:*")),
            policies=[] if managed else inline,
            managed=managed,
        )

    def _managed(self, template: Template, statements: Sequence[Statement]) -> list[Ref]:
        policies = split_statements(statements)
        if len(policies) > ATTACHED:
            warn_caller(
                f"the role needs {len(policies)} managed policies, and takes {ATTACHED} "
                "unless the account's quota is raised",
                PolicyWarning,
            )
        names = [f"{self.logical_id}Policy{number}" for number in range(1, len(policies) + 1)]
        for name, part in zip(names, policies, strict=True):
            add_resources(
                self,
                template,
                ManagedPolicy(
                    name,
                    PolicyDocument=PolicyDocument(Version="2012-10-17", Statement=part),
                    **without_none(Path=self.role_path),
                ),
            )
        return [Ref(name) for name in names]

    def _alarm(self, metric: str) -> Alarm:
        return part_of(Alarm, self, logical_id=f"{self.logical_id}{metric}Alarm", metric=metric)

    def _encryption(self) -> EncryptionConfiguration:
        return EncryptionConfiguration(KmsKeyId=self.kms_key, Type="CUSTOMER_MANAGED_KMS_KEY")

    def _logging(self) -> LoggingConfiguration:
        group = CloudWatchLogsLogGroup(LogGroupArn=GetAtt(self._log_group_id, "Arn"))
        return LoggingConfiguration(
            Level=self.log_level,
            IncludeExecutionData=self.log_execution_data,
            Destinations=[LogDestination(CloudWatchLogsLogGroup=group)],
        )

    def _log_group(self) -> LogGroup:
        """Return a group under the prefix of vended logs, which keeps the log delivery's policy short.

        The stack's own id is part of its name: a group that is kept does not stand in the way of a later
        stack of the same name.
        """
        name = f"/aws/vendedlogs/states/${{AWS::StackName}}-{self.logical_id}-${{StackUuid}}"
        uuid = Select(2, Split("/", Ref("AWS::StackId")))
        return part_of(LogGroup, self, logical_id=self._log_group_id, name=Sub(name, StackUuid=uuid))

    @property
    def _logs(self) -> bool:
        return self.log_level != "OFF"

    @property
    def _role_id(self) -> str:
        return self.role_logical_id or f"{self.logical_id}Role"

    @property
    def _log_group_id(self) -> str:
        return f"{self.logical_id}LogGroup"


def _in_any_partition(tail: str) -> Sub:
    return Sub(f"arn:${{AWS::Partition}}:states:::{tail}")


def _statement_facts(statement: Statement) -> Mapping[str, Any]:
    """Return what a statement says, whatever the order of its actions."""
    facts: Mapping[str, Any] = encode_to_dict(statement)
    actions = facts.get("Action")
    return {**facts, "Action": sorted(actions)} if isinstance(actions, list) else facts
