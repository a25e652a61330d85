"""What is wrong, as values: every check of the house returns problems, none prints them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Literal

from cfngen.core.declared import Declared, frozen

Severity = Literal["error", "warning", "note"]
"""A note tells what could not be decided, and fails nothing."""


@frozen
class Problem(Declared):
    """One thing that is wrong, and how to mend it.

    ``code`` is AWS's own where ``ValidateStateMachineDefinition`` has one; ``location`` is a JSON
    pointer into the document with unescaped names, as AWS prints it. ``rule`` is the id of the rule that
    found it, where one did.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
    """

    code: str
    location: str
    message: str
    hint: str = ""
    severity: Severity = "error"
    rule: str = field(default="", compare=False, repr=False)

    @property
    def id(self) -> str:
        """By which it is ignored: the id of its rule, or else its code as one."""
        return self.rule or self.code.lower().replace("_", "-")

    def __str__(self) -> str:
        head = f"{_on_one_line(self.location) or '/'}: {self.message} [{self.code}]"
        return f"{head}\n    hint: {self.hint}" if self.hint else head


def _on_one_line(location: str) -> str:
    """Return a pointer to be read, in which control characters of a name are spelled as Python does."""
    if location.isprintable():
        return location
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in location)


class ProblemsError(ValueError):
    """Problems that stand in the way; ``problems`` holds all of them, in document order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class WorkflowError(ProblemsError):
    """The workflow cannot be rendered."""


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return those that stand in the way."""
    return [problem for problem in problems if problem.severity == "error"]
