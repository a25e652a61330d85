"""The values that stand in the fields of a state: text, numbers, payloads, paths and intrinsics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from cfngen.core.declared import Declared, frozen

if TYPE_CHECKING:
    from typing import TypeAlias


class Intrinsic(Protocol):
    """A CloudFormation intrinsic function, such as troposphere's ``Ref`` or ``Sub``.

    It stands where text, a number or a truth stands. What CloudFormation fills in is text: for a number the
    definition is written as a string, in which that text has no quotation marks.
    """

    def to_dict(self) -> Any:
        """Return the function as CloudFormation spells it: ``{"Ref": "Topic"}``."""


@frozen
class Function(Declared):
    """A CloudFormation intrinsic in an object that was read: ``{"Ref": "Topic"}``. It is text there."""

    spelled: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return it as it is spelled."""
        return dict(self.spelled)


class Omit(Enum):
    """The type of ``OMIT``: a field that is not given, where ``None`` would mean JSON's null."""

    OMIT = "omitted"


OMIT: Final = Omit.OMIT


@frozen
class Path(Declared):
    """A JSONPath (``$.job.id``, ``$$.Execution.Id``) or a call of an ASL intrinsic function.

    Renders as ``"Key.$"`` in a payload, and as the sibling field (``SecondsPath``) in fixed fields.
    CloudFormation may fill something in: ``Path(Sub("States.Format('${Stage}-{}', $.id)"))``.
    https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
    """

    expression: Text


@frozen
class Jsonata(Declared):
    """A JSONata expression, without the ``{% %}`` that it is rendered in.

    CloudFormation may fill something in: ``Jsonata(Sub("$states.input.stage = '${Stage}'"))``.
    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """

    expression: Text


class Pattern(Enum):
    """How a task waits for the service it calls; the value is the suffix of the task's ``Resource``.

    ``SYNC_2`` is ``SYNC`` of a nested execution that returns its output as JSON instead of as text.
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
    """

    REQUEST_RESPONSE = ""
    SYNC = ".sync"
    SYNC_2 = ".sync:2"
    CALLBACK = ".waitForTaskToken"


REQUEST_RESPONSE: Final = Pattern.REQUEST_RESPONSE
SYNC: Final = Pattern.SYNC
SYNC_2: Final = Pattern.SYNC_2
CALLBACK: Final = Pattern.CALLBACK

JSONPATH: Final = "JSONPath"
JSONATA: Final = "JSONata"


_LANGUAGES: Final[tuple[Language, ...]] = (JSONPATH, JSONATA)


def query_language(value: object, inherited: Language, names: Iterable[object] = ()) -> Language:
    """Return the language that a ``QueryLanguage`` means, or seems to mean where it is none.

    It is that of ``inherited`` where there is none; otherwise ``names`` tell, which are those of the fields
    beside it.
    """
    if value is None:
        return inherited
    meant = value.lower() if isinstance(value, str) else value
    for language in _LANGUAGES:
        if meant == language.lower():
            return language
    return JSONATA if any(name in ("Arguments", "Output", "Items") for name in names) else JSONPATH


STANDARD: Final = "STANDARD"
EXPRESS: Final = "EXPRESS"


@frozen
class ServiceArn(Declared):
    """The resource of an optimized integration, in whichever partition it is rendered for.

    ``ServiceArn("batch", "submitJob", SYNC)`` renders as ``arn:aws:states:::batch:submitJob.sync``.
    """

    service: str
    action: str
    pattern: Pattern

    def __str__(self) -> str:
        return f"{self.service}:{self.action}{self.pattern.value}"


WorkflowType: TypeAlias = Literal["STANDARD", "EXPRESS"]
Text: TypeAlias = "str | Intrinsic"
Language: TypeAlias = Literal["JSONPath", "JSONata"]
Dynamic: TypeAlias = "Path | Jsonata"
DynamicText: TypeAlias = "Text | Dynamic"
DynamicMapping: TypeAlias = "Mapping[str, PayloadValue] | Intrinsic | Dynamic"
DynamicList: TypeAlias = "Sequence[PayloadValue] | Intrinsic | Dynamic"
Integer: TypeAlias = "int | Intrinsic | Dynamic"
Number: TypeAlias = "float | Intrinsic | Dynamic"
Boolean: TypeAlias = "bool | Intrinsic | Dynamic"
Scalar: TypeAlias = "bool | int | float | str | None"
PayloadValue: TypeAlias = (
    "Scalar | Sequence[PayloadValue] | Mapping[str, PayloadValue] | Dynamic | Intrinsic"
)
