"""Versions of a state machine, and an alias that goes from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from troposphere import GetAtt, Ref, Template
from troposphere.stepfunctions import DeploymentPreference, StateMachineAlias, StateMachineVersion

from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.stacks.additions import add_resources
from cfngen.stacks.options import BOOLEAN, Options, choice, integer, invalid_combination, option
from cfngen.stacks.properties import without_none


@frozen(kw_only=True)
class VersionOptions(Options):
    """How changes of a state machine reach its executions."""

    versions: bool = option(
        BOOLEAN, False, help="publish a version at each change, and an alias of the newest, which starts it"
    )
    deployment: Literal["ALL_AT_ONCE", "CANARY", "LINEAR"] = option(
        choice("ALL_AT_ONCE", "CANARY", "LINEAR"), "ALL_AT_ONCE", help="how the alias goes to a new version"
    )
    deployment_percentage: int | None = option(
        integer(1, 99),
        None,
        help="percent of executions in a step of CANARY and LINEAR, by default 10",
    )
    deployment_interval: int | None = option(
        integer(1, 2100), None, help="minutes between the steps of CANARY and LINEAR, by default 10"
    )

    @property
    def is_gradual(self) -> bool:
        """Whether a new version begins with a part of the executions."""
        return self.deployment != "ALL_AT_ONCE"

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for steps of a deployment that has none."""
        yield from super().invalid_combinations()
        if self.is_gradual and not self.versions:
            yield invalid_combination("deployment", "there are no versions to deploy", "set versions")
        for name in ("deployment_percentage", "deployment_interval"):
            if getattr(self, name) is not None and not self.is_gradual:
                yield invalid_combination(name, "ALL_AT_ONCE has no steps", "set deployment too")

    def add_versions(self, template: Template, logical_id: str, alarms: Sequence[Ref]) -> Ref:
        """Add a version, which each change of the machine replaces, and an alias of it; return its ARN.

        The version before is kept: executions and the steps of a deployment go on with it. An alarm during
        these steps rolls back.
        https://docs.aws.amazon.com/step-functions/latest/dg/version-rolling-deployment.html
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachinealias.html
        """
        version = StateMachineVersion(
            f"{logical_id}Version",
            DeletionPolicy="Retain",
            UpdateReplacePolicy="Retain",
            StateMachineArn=Ref(logical_id),
            StateMachineRevisionId=GetAtt(logical_id, "StateMachineRevisionId"),
        )
        preference = DeploymentPreference(
            StateMachineVersionArn=version.ref(), Type=self.deployment, **self._steps(alarms)
        )
        alias = StateMachineAlias(f"{logical_id}Alias", DeploymentPreference=preference)
        add_resources(self, template, [version, alias])
        return alias.ref()

    def _steps(self, alarms: Sequence[Ref]) -> dict[str, Any]:
        if not self.is_gradual:
            return {}
        return without_none(
            Percentage=self.deployment_percentage or 10,
            Interval=self.deployment_interval or 10,
            Alarms=list(alarms) or None,
        )
