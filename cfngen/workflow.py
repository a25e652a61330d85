"""The workflow as its users meet it: the language's own, and what the rest of the house says of it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cfngen.asl import workflow
from cfngen.asl.values import STANDARD, WorkflowType
from cfngen.core.callers import warn_caller
from cfngen.core.declared import frozen
from cfngen.core.wording import in_words_of

if TYPE_CHECKING:
    from awacs.aws import PolicyDocument

    from cfngen.core.problems import Problem
    from cfngen.iam.credentials import TargetRole
    from cfngen.iam.derive import Scope
    from cfngen.views.drawing import Drawing


class PolicyWarning(UserWarning):
    """A policy allows more than the workflow needs, or may lack what it needs."""


@frozen(kw_only=True)
class Workflow(workflow.AslWorkflow):
    """The flow that is to run; ``TimeoutSeconds`` bounds a whole execution.

    https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
    """

    def check(
        self,
        type: WorkflowType = STANDARD,  # noqa: A002  the API's word
        *,
        apis: bool = False,
    ) -> list[Problem]:
        """Return every problem, in document order; ``type`` is that of the state machine to be.

        What is called must exist. ``apis`` also holds the arguments of calls against the services' API
        models, and raises ``ImportError`` where those are not installed.
        """
        problems = super().check(type)
        calls = self._of_calls(apis=True) if apis else self._of_existence
        return self._in_order([*problems, *calls]) if calls else problems

    @cached_property
    def _of_existence(self) -> list[Problem]:
        from cfngen.asl.rules.calls import is_typed

        if all(is_typed(node.state) for node, _ in self.linked.walk()):
            return []
        return self._of_calls(apis=False)

    def _of_calls(self, *, apis: bool) -> list[Problem]:
        from cfngen.apis import check

        with in_words_of(document=self.is_read):
            return check.check(self.linked, apis=apis)

    def policy(self, scope: Scope | None = None) -> PolicyDocument:
        """Return what the execution role must allow, ``LEAST_PRIVILEGE`` unless ``scope`` says otherwise.

        Warns with ``PolicyWarning`` where it had to be wider. Raises ``WorkflowError``.
        """
        from cfngen.iam.derive import LEAST_PRIVILEGE, derive

        self.raise_errors()
        derived = derive(self.linked, scope or LEAST_PRIVILEGE)
        for problem in derived.warnings:
            warn_caller(str(problem), PolicyWarning)
        return derived.document()

    def target_roles(self, scope: Scope | None = None) -> tuple[TargetRole, ...]:
        """Return the roles that tasks take by their ``Credentials``, with what each must allow.

        The workflow's own policy holds nothing for such tasks but the right to take the role. Raises
        ``WorkflowError``.
        """
        from cfngen.iam.credentials import target_roles
        from cfngen.iam.derive import LEAST_PRIVILEGE

        self.raise_errors()
        return target_roles(self.linked, scope or LEAST_PRIVILEGE)

    def graph(self) -> Drawing:
        """Return a drawing of it, with ``.svg()``, ``.text()``, ``.mermaid()`` and more.

        It is drawn whatever is wrong with it: a name that no state has is a box of its own.
        """
        from cfngen.views.drawing import draw

        return draw(self)
