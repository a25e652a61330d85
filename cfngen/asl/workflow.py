"""A workflow: a flow, and the fields of the state machine around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cfngen.asl.flow import Flow, checked_flow
from cfngen.asl.graph import WORKFLOW_FIELDS, Graph, LinkedWorkflow
from cfngen.asl.link import link
from cfngen.asl.render import render
from cfngen.asl.values import JSONPATH, STANDARD, Intrinsic, Language, Text, WorkflowType
from cfngen.cfn.arns import integration_arn
from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.core.problems import Problem, WorkflowError, errors
from cfngen.core.wording import in_words_of

if TYPE_CHECKING:
    import os

    from typing_extensions import Self

    from cfngen.asl.read import Reading


@frozen(kw_only=True)
class AslWorkflow(Declared):
    """The flow that is to run; ``TimeoutSeconds`` bounds a whole execution.

    ``order`` names states in the order in which the definition shall have them, at each level; without it
    that is the order in which the flow comes to them.
    https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
    """

    flow: Flow = field(kw_only=False)
    Comment: Text | None = None
    TimeoutSeconds: int | Intrinsic | None = None
    Version: str | None = None
    QueryLanguage: Language | None = None
    order: Sequence[str] = ()
    _read: Reading | None = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def read(cls, document: Mapping[str, Any] | str | os.PathLike[str]) -> Self:
        """Return the workflow of a definition: a mapping, JSON or YAML text, or the path of a file.

        It is rendered as it is read, with its order and with what is not known here; ``check()`` says
        what is wrong with it. In text, ``${Delay}`` without quotation marks is a ``Ref`` of that name: a
        number is filled in later. Raises ``ReadError`` for what holds no mapping, and ``OSError``.
        """
        from cfngen.asl import read

        reading = read.read(read.loaded(document))
        workflow = cls(reading.flow, **reading.fields)
        workflow.__dict__["_read"] = reading
        return workflow

    @property
    def is_read(self) -> bool:
        """Whether it was read from a document, which it keeps."""
        return self._read is not None

    def __post_init__(self) -> None:
        """Refuse what is not a flow; what is written was not read."""
        self.__dict__["_read"] = None
        checked_flow(self.flow, "Workflow")

    @cached_property
    def linked(self) -> Graph:
        """The states in their places."""
        if self._read is not None:
            return self._read.graph
        graph = link(self.flow, self.QueryLanguage or JSONPATH)
        for subgraph in graph.graphs() if self.order else ():
            subgraph.put_in_order(self.order)
        return graph

    @cached_property
    def _problems(self) -> tuple[Problem, ...]:
        from cfngen.asl.rules import check

        linked = LinkedWorkflow(self.linked, self._own_fields, self.is_read)
        with in_words_of(document=self.is_read):
            return (*self._unknown_in_order(), *self._in_order(check(linked, self._measured)))

    def _in_order(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems of it in the order of its document."""
        from cfngen.asl.rules.order import in_document_order

        return in_document_order(problems, self.linked, None if self._read is None else self._read.document)

    def _measured(self) -> Mapping[str, Any]:
        """Return the definition to be looked at, and not to be changed."""
        return self.rendered(integration_arn) if self._read is None else self._read.document

    def _unknown_in_order(self) -> Iterator[Problem]:
        known = [name for graph in self.linked.graphs() for name in graph.nodes] if self.order else []
        for name in self.order:
            if name not in known:
                message = f"'order' names {name!r}, and there is no such state"
                yield Problem(
                    "MISSING_TRANSITION_TARGET", "", message, did_you_mean(name, known), "warning"
                )

    @property
    def _own_fields(self) -> dict[str, Any]:
        """The fields of the document around the states."""
        return {name: getattr(self, name) for name in WORKFLOW_FIELDS}

    def __str__(self) -> str:
        """Return each state in a line: what it does, and where it goes on success and on which error."""
        from cfngen.asl.outline import outline

        return outline(self.linked)

    def check(self, type: WorkflowType = STANDARD) -> list[Problem]:  # noqa: A002  the API's word
        """Return every problem, in document order; ``type`` is that of the state machine to be."""
        from cfngen.asl.rules import check_type

        with in_words_of(document=self.is_read):
            by_type = check_type(self.linked, type)
        return self._in_order([*self._problems, *by_type]) if by_type else list(self._problems)

    def raise_errors(self, type: WorkflowType = STANDARD) -> None:  # noqa: A002  the API's word
        """Raise ``WorkflowError`` with every error there is, or do nothing."""
        if problems := errors(self.check(type)):
            raise WorkflowError(problems)

    def to_asl(self, *, partition: str = "aws") -> dict[str, Any]:
        """Return the definition in the Amazon States Language, CloudFormation intrinsics in place.

        ``partition`` is written into the ARNs of optimized integrations, but not into those that were read.
        Raises ``WorkflowError``.
        """
        return self.definition(lambda name: integration_arn(name, partition))

    def definition(self, service_arn: Callable[[str], Text]) -> dict[str, Any]:
        """Return the definition; ``service_arn`` spells ``sns:publish`` as an ARN or an intrinsic.

        Raises ``WorkflowError``.
        """
        self.raise_errors()
        return self.rendered(service_arn)

    def rendered(self, service_arn: Callable[[str], Text]) -> dict[str, Any]:
        """Return the definition as it is, whatever is wrong with it; ``read`` keeps its own."""
        if self._read is not None:
            return self._read.copy()
        return render(self.linked, self._own_fields, service_arn)
