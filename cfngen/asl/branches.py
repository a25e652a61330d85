"""The states that lead to several flows: Choice takes one of them, Parallel and Map run them inside.

They are not part of ``states`` so that workflows without them need not load them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Final, Literal

from cfngen.asl.conditions import ChoiceRule
from cfngen.asl.flow import Closed, Flow, wrong_flow
from cfngen.asl.states import DataState, FallibleStep, wrong_entries
from cfngen.asl.values import (
    OMIT,
    REQUEST_RESPONSE,
    Integer,
    Number,
    Omit,
    PayloadValue,
    ServiceArn,
    Text,
)
from cfngen.core.declared import Declared, frozen

if TYPE_CHECKING:
    from typing import TypeAlias


@frozen(kw_only=True)
class Choice(DataState, Closed):
    """Goes the way of the first rule that holds, or to ``Default``; without one, the workflow fails.

    ``Assign`` and ``Output`` are for the default; the rules have their own.
    https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
    """

    Choices: Sequence[ChoiceRule]
    Default: Flow | None = field(default=None, compare=False, repr=False)
    Assign: Mapping[str, PayloadValue] | None = None
    target: str | None = field(init=False, repr=False)

    Type = "Choice"

    def wrong_values(self) -> Iterator[str]:
        """Yield what are not rules, and a default that is no flow."""
        yield from super().wrong_values()
        yield from wrong_entries("Choices", self.Choices, ChoiceRule)
        yield from () if self.Default is None else wrong_flow("Default", self.Default)

    def __post_init__(self) -> None:
        """Note the name that ``Default`` begins with, by which equality is decided."""
        target = None if self.Default is None else self.Default.entry.Name
        object.__setattr__(self, "target", target)

    def __repr__(self) -> str:
        """Show the default by name, as the rules show where they lead."""
        shown = super().__repr__()
        return shown if self.target is None else f"{shown[:-1]}, Default=Goto({self.target!r}))"

    def edges(self) -> Iterator[tuple[str, Flow]]:
        """Yield the rules, then the default."""
        for index, rule in enumerate(self.Choices):
            yield f"Choices/{index}/Next", rule.Next
        if self.Default is not None:
            yield "Default", self.Default


@frozen(kw_only=True)
class Parallel(FallibleStep):
    """Runs ``Branches`` side by side on one input, and passes on the list of their results.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
    """

    Branches: Sequence[Flow]
    Parameters: PayloadValue | Omit = OMIT
    Arguments: PayloadValue | Omit = OMIT

    Type = "Parallel"

    def wrong_values(self) -> Iterator[str]:
        """Yield branches that are not flows."""
        yield from super().wrong_values()
        yield from wrong_entries("Branches", self.Branches, Flow)

    def inner_flows(self) -> Iterator[tuple[str, Flow]]:
        """Yield the branches."""
        for index, branch in enumerate(self.Branches):
            yield f"Branches/{index}", branch


@frozen(kw_only=True)
class ProcessorConfig(Declared):
    """How a Map runs: inside the execution, or as child executions of a type of their own."""

    Mode: Literal["INLINE", "DISTRIBUTED"] | None = None
    ExecutionType: Literal["STANDARD", "EXPRESS"] | None = None


_ProcessorConfig: TypeAlias = ProcessorConfig  # a field of this name hides the class


@frozen(kw_only=True)
class ReaderConfig(Declared):
    """What an ``ItemReader`` finds, and how it reads it.

    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
    """

    InputType: Literal["CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"] | None = None
    Transformation: Literal["NONE", "LOAD_AND_FLATTEN"] | None = None
    ManifestType: Literal["ATHENA_DATA", "S3_INVENTORY"] | None = None
    CSVHeaderLocation: Literal["FIRST_ROW", "GIVEN"] | None = None
    CSVHeaders: Sequence[str] | None = None
    CSVDelimiter: Literal["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"] | None = None
    ItemsPointer: str | None = None
    MaxItems: Integer | None = None


_ReaderConfig: TypeAlias = ReaderConfig  # a field of this name hides the class


@frozen(kw_only=True)
class ItemReader(Declared):
    """Where a distributed Map reads: ``Resource`` is ``S3_GET_OBJECT`` or ``S3_LIST_OBJECTS_V2``."""

    Resource: Text | ServiceArn
    ReaderConfig: _ReaderConfig | None = None
    Parameters: PayloadValue | Omit = OMIT
    Arguments: PayloadValue | Omit = OMIT


_ItemReader: TypeAlias = ItemReader  # a field of this name hides the class


@frozen(kw_only=True)
class ItemBatcher(Declared):
    """How many items go to one child execution, and what goes with them.

    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html
    """

    BatchInput: PayloadValue | Omit = OMIT
    MaxItemsPerBatch: Integer | None = None
    MaxInputBytesPerBatch: Integer | None = None


_ItemBatcher: TypeAlias = ItemBatcher  # a field of this name hides the class


@frozen(kw_only=True)
class WriterConfig(Declared):
    """In which form results are written."""

    Transformation: Literal["NONE", "COMPACT", "FLATTEN"] | None = None
    OutputType: Literal["JSON", "JSONL"] | None = None


_WriterConfig: TypeAlias = WriterConfig  # a field of this name hides the class


@frozen(kw_only=True)
class ResultWriter(Declared):
    """Where a distributed Map writes its results: ``Resource`` is ``S3_PUT_OBJECT``.

    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
    """

    Resource: Text | ServiceArn | None = None
    WriterConfig: _WriterConfig | None = None
    Parameters: PayloadValue | Omit = OMIT
    Arguments: PayloadValue | Omit = OMIT


_ResultWriter: TypeAlias = ResultWriter  # a field of this name hides the class


@frozen(kw_only=True)
class Map(FallibleStep):
    """Runs ``ItemProcessor`` once for each item, ``MaxConcurrency`` at a time (0 is without bound).

    ``ItemsPath`` says in JSONPath where the items are, ``Items`` in JSONata; a distributed Map may read
    them with an ``ItemReader``.
    https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html
    """

    ItemProcessor: Flow
    ProcessorConfig: _ProcessorConfig | None = None
    ItemsPath: str | Omit = OMIT
    Items: PayloadValue | Omit = OMIT
    ItemReader: _ItemReader | None = None
    ItemSelector: PayloadValue | Omit = OMIT
    ItemBatcher: _ItemBatcher | None = None
    ResultWriter: _ResultWriter | None = None
    MaxConcurrency: Integer | None = None
    ToleratedFailureCount: Integer | None = None
    ToleratedFailurePercentage: Number | None = None
    Label: Text | None = None

    Type = "Map"

    def wrong_values(self) -> Iterator[str]:
        """Yield an ``ItemProcessor`` that is not a flow."""
        yield from super().wrong_values()
        yield from wrong_flow("ItemProcessor", self.ItemProcessor)

    def inner_flows(self) -> Iterator[tuple[str, Flow]]:
        """Yield the item processor."""
        yield "ItemProcessor", self.ItemProcessor

    @property
    def is_distributed(self) -> bool:
        """Whether each item, or batch of them, is a child execution."""
        return self.ProcessorConfig is not None and self.ProcessorConfig.Mode == "DISTRIBUTED"


S3_GET_OBJECT: Final = ServiceArn("s3", "getObject", REQUEST_RESPONSE)
S3_LIST_OBJECTS_V2: Final = ServiceArn("s3", "listObjectsV2", REQUEST_RESPONSE)
S3_PUT_OBJECT: Final = ServiceArn("s3", "putObject", REQUEST_RESPONSE)
