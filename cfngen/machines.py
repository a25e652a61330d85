"""State machines in files, as what reads them hands them on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cfngen.asl.values import STANDARD, WorkflowType
from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem, WorkflowError, errors

if TYPE_CHECKING:
    from cfngen.asl.read.documents import Document
    from cfngen.workflow import Workflow

__all__ = ["Place", "SourceMachine"]

Place = Callable[[str], "tuple[int, int] | None"]


@frozen(kw_only=True)
class SourceMachine(Declared):
    """A state machine in a file.

    - ``name``: its logical id, empty where the file is the definition.
    - ``document``: its definition as it is read, not to be changed.
    - ``path``: the file that holds the definition, which a template may name.
    - ``properties``: those of the template's resource.
    - ``resources``: those of the template, by their logical ids.
    """

    name: str
    document: Document = field(repr=False)
    type: WorkflowType = STANDARD
    path: str
    places: Place = field(repr=False, compare=False)
    properties: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    resources: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def workflow(self) -> Workflow:
        """The workflow of the definition."""
        from cfngen.workflow import Workflow

        return Workflow.read(self.document)

    def place(self, pointer: str) -> tuple[int, int] | None:
        """Return the line and column in ``path``, from 1, of a ``Problem.location``."""
        return self.places(pointer)

    def raise_errors(self) -> None:
        """Raise ``WorkflowError`` if the workflow has errors, with their places in the file."""
        if wrong := errors(self.workflow.check(self.type)):
            raise WorkflowError([self.placed(problem) for problem in wrong])

    def placed(self, problem: Problem) -> Problem:
        """Return a problem whose location says the file, the line and the column too."""
        line, column = self.place(problem.location) or (None, None)
        place = self.path if line is None else f"{self.path}:{line}:{column}"
        name = f" {self.name}" if self.name else ""
        return replace(problem, location=f"{place}:{name} {problem.location}")
