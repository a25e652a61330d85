"""A workflow: a flow, and the fields of the state machine around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from functools import cached_property
from typing import Any

from cfngen.asl.declared import Declared, frozen
from cfngen.asl.flow import Flow, checked
from cfngen.asl.graph import Graph, link
from cfngen.asl.problems import Problem, WorkflowError, errors
from cfngen.asl.render import render
from cfngen.asl.rules import check, check_type
from cfngen.asl.values import STANDARD, Text, WorkflowType


@frozen(kw_only=True)
class Workflow(Declared):
    """The flow that is to run; ``TimeoutSeconds`` bounds a whole execution.

    https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
    """

    flow: Flow = field(kw_only=False)
    Comment: str | None = None
    TimeoutSeconds: int | None = None
    Version: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is not a flow."""
        checked(self.flow, "Workflow")

    @cached_property
    def graph(self) -> Graph:
        """The states in their places."""
        return link(self.flow)

    @cached_property
    def _problems(self) -> tuple[Problem, ...]:
        return tuple(check(self))

    def check(self, type: WorkflowType = STANDARD) -> list[Problem]:  # noqa: A002
        """Return every problem, in document order; ``type`` is that of the state machine to be."""
        return [*self._problems, *check_type(self, type)]

    def raise_errors(self, type: WorkflowType = STANDARD) -> None:  # noqa: A002
        """Raise ``WorkflowError`` with every error there is, or do nothing."""
        if found := errors(self.check(type)):
            raise WorkflowError(found)

    def to_asl(self, *, partition: str = "aws") -> dict[str, Any]:
        """Return the definition in the Amazon States Language, CloudFormation intrinsics in place.

        ``partition`` is written into the ARNs of optimized integrations. Raises ``WorkflowError``.
        """
        return self.definition(lambda tail: f"arn:{partition}:states:::{tail}")

    def definition(self, service_arn: Callable[[str], Text]) -> dict[str, Any]:
        """Return the definition; ``service_arn`` spells ``sns:publish`` as an ARN or an intrinsic.

        Raises ``WorkflowError``.
        """
        self.raise_errors()
        return render(self, service_arn)
