"""The fields of the language: one table, from which reading, order, languages and ranges follow.

The rows stand in the order of a document. AWS refuses a field of the language in a mapping that does not
take it ("Field 'X' is not supported"; seen in published answers of ValidateStateMachineDefinition for 17
pairs of a field and a state type), so the table is also what tells such a field from an unknown one.
https://states-language.net/spec.html
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Final, NamedTuple

from cfngen.asl.values import JSONATA, JSONPATH, Language


class FieldKind(Enum):
    """What a field holds, which decides how it is read."""

    STRUCTURE = "the type and the ways of a state, and the states of a graph"
    WORDS = "text that holds no expression"
    VALUE = "text, or an expression"
    INTEGER = "a whole number, or an expression"
    NUMBER = "a number, or an expression"
    PATH = "a JSONPath as text"
    PAYLOAD = "any JSON with expressions in it"
    STATIC = "any JSON, passed on as it is"
    ERRORS = "a list of error names"
    FLOW = "the name of a state"
    RETRIERS = "a list of retriers"
    CATCHERS = "a list of catchers"
    RULES = "a list of choice rules"
    TESTS = "a list of tests"
    TEST = "a test"
    BRANCHES = "a list of branches"
    PROCESSOR = "what a Map runs"
    PART = "a mapping with fields of its own"


class Field(NamedTuple):
    """A field in the mappings ``of`` these owners.

    ``dynamic`` is what the name of a sibling ends in that holds the path to the value: ``Path`` or ``.$``.
    ``language`` is the one that has the field, where only one has, and ``instead`` what the other has.
    ``sets`` is the field of the class where that has another name; ``least`` and ``most`` are allowed.
    """

    name: str
    of: tuple[str, ...]
    kind: FieldKind
    dynamic: str = ""
    language: Language | None = None
    instead: str = ""
    required: bool = False
    null: bool = False
    least: float | None = None
    most: float | None = None
    sets: str = ""

    def names(self) -> tuple[str, ...]:
        """Return the name, and that of the sibling with a path."""
        return (self.name, self.name + self.dynamic) if self.dynamic else (self.name,)

    @property
    def is_numeric(self) -> bool:
        """Whether it holds a number, or an expression for one."""
        return self.kind in (FieldKind.INTEGER, FieldKind.NUMBER)


TASK: Final = "Task"
PASS: Final = "Pass"
WAIT: Final = "Wait"
CHOICE: Final = "Choice"
SUCCEED: Final = "Succeed"
FAIL: Final = "Fail"
PARALLEL: Final = "Parallel"
MAP: Final = "Map"

STATES: Final = (TASK, PASS, WAIT, CHOICE, SUCCEED, FAIL, PARALLEL, MAP)
"""The types of states."""

WORKFLOW: Final = "workflow"
BRANCH: Final = "Branches"
PROCESSOR: Final = "ItemProcessor"
RETRIER: Final = "Retry"
CATCHER: Final = "Catch"
RULE: Final = "Choices"
TEST: Final = "And"
READER: Final = "ItemReader"
READER_CONFIG: Final = "ReaderConfig"
BATCHER: Final = "ItemBatcher"
WRITER: Final = "ResultWriter"
WRITER_CONFIG: Final = "WriterConfig"
PROCESSOR_CONFIG: Final = "ProcessorConfig"

_DATA: Final = (TASK, PASS, WAIT, CHOICE, SUCCEED, PARALLEL, MAP)
_OPEN: Final = (TASK, PASS, WAIT, PARALLEL, MAP)
_FALLIBLE: Final = (TASK, PARALLEL, MAP)
_CALLS: Final = (TASK, PASS, PARALLEL)
_SECONDS: Final = 99_999_999
_K: Final = FieldKind
_OUTPUT: Final = "use 'Output' instead"

FIELDS: Final = (
    Field("Type", STATES, _K.STRUCTURE, required=True),
    Field("Comment", (*STATES, WORKFLOW, BRANCH, PROCESSOR), _K.WORDS),
    Field("QueryLanguage", (*STATES, WORKFLOW), _K.WORDS),
    Field("Version", (WORKFLOW,), _K.WORDS),
    Field("ProcessorConfig", (PROCESSOR,), _K.PART),
    Field("StartAt", (WORKFLOW, BRANCH, PROCESSOR), _K.STRUCTURE, required=True),
    Field("Resource", (TASK,), _K.VALUE, required=True),
    Field("Credentials", (TASK,), _K.PAYLOAD),
    Field("Error", (FAIL,), _K.VALUE, "Path"),
    Field("Cause", (FAIL,), _K.VALUE, "Path"),
    Field("Seconds", (WAIT,), _K.INTEGER, "Path", least=0, most=_SECONDS),
    Field("Timestamp", (WAIT,), _K.VALUE, "Path"),
    Field(
        "InputPath",
        _DATA,
        _K.PATH,
        null=True,
        language=JSONPATH,
        instead="in JSONata, expressions read $states.input",
    ),
    Field("ItemsPath", (MAP,), _K.PATH, language=JSONPATH, instead="use 'Items' instead"),
    Field("Items", (MAP,), _K.PAYLOAD, null=True, language=JSONATA, instead="use 'ItemsPath' instead"),
    Field("ItemReader", (MAP,), _K.PART),
    Field("ItemSelector", (MAP,), _K.PAYLOAD, ".$", null=True),
    Field("ItemBatcher", (MAP,), _K.PART),
    Field("ItemProcessor", (MAP,), _K.PROCESSOR, required=True),
    Field("Iterator", (MAP,), _K.PROCESSOR, sets="ItemProcessor"),
    Field("ResultWriter", (MAP,), _K.PART),
    Field("MaxConcurrency", (MAP,), _K.INTEGER, "Path", least=0),
    Field("ToleratedFailureCount", (MAP,), _K.INTEGER, "Path", least=0, most=_SECONDS),
    Field("ToleratedFailurePercentage", (MAP,), _K.NUMBER, "Path", least=0, most=100),
    Field("Label", (MAP,), _K.WORDS),
    Field(
        "Parameters",
        _CALLS,
        _K.PAYLOAD,
        ".$",
        null=True,
        language=JSONPATH,
        instead="use 'Arguments' instead",
    ),
    Field(
        "Parameters",
        (MAP,),
        _K.PAYLOAD,
        ".$",
        null=True,
        language=JSONPATH,
        instead="use 'ItemSelector' instead",
        sets="ItemSelector",
    ),
    Field(
        "Arguments",
        (TASK, PARALLEL),
        _K.PAYLOAD,
        null=True,
        language=JSONATA,
        instead="use 'Parameters' instead",
    ),
    Field("Choices", (CHOICE,), _K.RULES, required=True),
    Field("Default", (CHOICE,), _K.FLOW),
    Field("Branches", (PARALLEL,), _K.BRANCHES, required=True),
    Field("Result", (PASS,), _K.STATIC, null=True, language=JSONPATH, instead=_OUTPUT),
    Field(
        "ResultSelector",
        _FALLIBLE,
        _K.PAYLOAD,
        language=JSONPATH,
        instead="use 'Output' instead, which can read $states.result",
    ),
    Field(
        "ResultPath",
        (*_FALLIBLE, PASS),
        _K.PATH,
        null=True,
        language=JSONPATH,
        instead="use 'Output' and 'Assign' instead",
    ),
    Field("OutputPath", _DATA, _K.PATH, null=True, language=JSONPATH, instead=_OUTPUT),
    Field("TimeoutSeconds", (TASK,), _K.INTEGER, "Path", least=1, most=_SECONDS),
    Field("TimeoutSeconds", (WORKFLOW,), _K.INTEGER, least=1, most=_SECONDS),
    Field("HeartbeatSeconds", (TASK,), _K.INTEGER, "Path", least=1, most=_SECONDS),
    Field("Assign", (*_OPEN, CHOICE), _K.PAYLOAD),
    Field(
        "Output",
        _DATA,
        _K.PAYLOAD,
        null=True,
        language=JSONATA,
        instead="use 'ResultSelector', 'ResultPath' and 'OutputPath' instead",
    ),
    Field("Next", _OPEN, _K.STRUCTURE),
    Field("End", _OPEN, _K.STRUCTURE),
    Field("Retry", _FALLIBLE, _K.RETRIERS),
    Field("Catch", _FALLIBLE, _K.CATCHERS),
    Field("States", (WORKFLOW, BRANCH, PROCESSOR), _K.STRUCTURE, required=True),
    # a retrier and a catcher
    Field("ErrorEquals", (RETRIER, CATCHER), _K.ERRORS, required=True),
    Field("IntervalSeconds", (RETRIER,), _K.INTEGER, least=1, most=_SECONDS),
    Field("MaxAttempts", (RETRIER,), _K.INTEGER, least=0, most=_SECONDS),
    Field("BackoffRate", (RETRIER,), _K.NUMBER, least=1.0),
    Field("MaxDelaySeconds", (RETRIER,), _K.INTEGER, least=1, most=31_622_399),
    Field("JitterStrategy", (RETRIER,), _K.VALUE),
    Field("Comment", (RETRIER,), _K.VALUE),
    Field("Next", (CATCHER,), _K.FLOW, required=True),
    Field(
        "ResultPath",
        (CATCHER,),
        _K.PATH,
        null=True,
        language=JSONPATH,
        instead="use 'Output' and 'Assign' instead",
    ),
    Field("Assign", (CATCHER, RULE), _K.PAYLOAD),
    Field(
        "Output", (CATCHER,), _K.PAYLOAD, null=True, language=JSONATA, instead="use 'ResultPath' instead"
    ),
    Field("Comment", (CATCHER, RULE, TEST), _K.WORDS),
    # a rule of a Choice and the tests in it, whose operators follow from their class
    Field("Variable", (RULE, TEST), _K.WORDS, language=JSONPATH),
    Field("And", (RULE, TEST), _K.TESTS, language=JSONPATH),
    Field("Or", (RULE, TEST), _K.TESTS, language=JSONPATH),
    Field("Not", (RULE, TEST), _K.TEST, language=JSONPATH),
    Field("Condition", (RULE,), _K.VALUE, language=JSONATA),
    Field("Next", (RULE,), _K.FLOW, required=True),
    Field("Output", (RULE,), _K.PAYLOAD, null=True, language=JSONATA),
    # what a Map runs, reads and writes
    Field("Mode", (PROCESSOR_CONFIG,), _K.VALUE),
    Field("ExecutionType", (PROCESSOR_CONFIG,), _K.VALUE),
    Field("Resource", (READER,), _K.VALUE, required=True),
    Field("Resource", (WRITER,), _K.VALUE),
    Field("ReaderConfig", (READER,), _K.PART),
    Field("WriterConfig", (WRITER,), _K.PART),
    Field(
        "Parameters",
        (READER, WRITER),
        _K.PAYLOAD,
        ".$",
        null=True,
        language=JSONPATH,
        instead="use 'Arguments' instead",
    ),
    Field(
        "Arguments",
        (READER, WRITER),
        _K.PAYLOAD,
        null=True,
        language=JSONATA,
        instead="use 'Parameters' instead",
    ),
    Field("InputType", (READER_CONFIG,), _K.VALUE),
    Field("Transformation", (READER_CONFIG, WRITER_CONFIG), _K.VALUE),
    Field("ManifestType", (READER_CONFIG,), _K.VALUE),
    Field("CSVHeaderLocation", (READER_CONFIG,), _K.VALUE),
    Field("CSVHeaders", (READER_CONFIG,), _K.VALUE),
    Field("CSVDelimiter", (READER_CONFIG,), _K.VALUE),
    Field("ItemsPointer", (READER_CONFIG,), _K.VALUE),
    Field("MaxItems", (READER_CONFIG,), _K.INTEGER, "Path", least=0, most=100_000_000),
    Field("BatchInput", (BATCHER,), _K.PAYLOAD, ".$", null=True),
    Field("MaxItemsPerBatch", (BATCHER,), _K.INTEGER, "Path", least=1, most=_SECONDS),
    Field("MaxInputBytesPerBatch", (BATCHER,), _K.INTEGER, "Path", least=1, most=262_144),
    Field("OutputType", (WRITER_CONFIG,), _K.VALUE),
)
"""The table."""


@cache
def fields_of(owner: str) -> tuple[Field, ...]:
    """Return the fields of a state type, or of another mapping of the language, in their order."""
    return tuple(row for row in FIELDS if owner in row.of) + (_operators() if owner in (RULE, TEST) else ())


def owners_of(name: str) -> tuple[str, ...]:
    """Return what has a field, by its name or by that of its sibling with a path; nothing if none has."""
    return _owners().get(name, ())


@cache
def _owners() -> dict[str, tuple[str, ...]]:
    owners: dict[str, tuple[str, ...]] = {}
    for owner in _OWNERS:
        for name in names_of(owner):
            owners[name] = (*owners.get(name, ()), owner)
    return owners


@cache
def names_of(owner: str) -> tuple[str, ...]:
    """Return the names of the fields of an owner, those of siblings with paths included."""
    return tuple(dict.fromkeys(name for row in fields_of(owner) for name in row.names()))


@cache
def order() -> dict[str, int]:
    """Return the place of each field of a machine and of its states in a document."""
    ordered = [name for row in FIELDS if not _SMALL.issuperset(row.of) for name in row.names()]
    return {name: place for place, name in enumerate(dict.fromkeys(("", *ordered)))}


_SMALL: Final = frozenset(
    (
        *(RETRIER, CATCHER, RULE, TEST, READER, READER_CONFIG, BATCHER, WRITER, WRITER_CONFIG),
        PROCESSOR_CONFIG,
    )
)
_OWNERS: Final = (*STATES, WORKFLOW, BRANCH, PROCESSOR, *sorted(_SMALL))


def _operators() -> tuple[Field, ...]:
    from cfngen.asl.conditions import JOINING, OPERATORS

    return tuple(
        Field(
            name,
            (RULE, TEST),
            FieldKind.WORDS if name.endswith("Path") else FieldKind.VALUE,
            language=JSONPATH,
        )
        for name in OPERATORS
        if name not in JOINING
    )
