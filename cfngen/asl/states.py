"""The states of the Amazon States Language, spelled as the language spells them.

A field that is not given is not rendered: AWS's defaults are never restated. ``None`` is JSON's null
in the fields that AWS lets be null (``InputPath``, ``ResultPath``, ``OutputPath``, ``Result``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from cfngen.asl.flow import BY_ARROWS, Closed, Flow, Goto, Open
from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.values import (
    OMIT,
    DynamicText,
    Function,
    Integer,
    Language,
    Omit,
    Pattern,
    PayloadValue,
    ServiceArn,
    Text,
)
from cfngen.cfn.functions import is_function
from cfngen.cfn.references import with_references
from cfngen.core.declared import SCALARS, Declared, frozen

if TYPE_CHECKING:
    from typing_extensions import Self


@frozen(kw_only=True)
class State(Declared, Flow):
    """What all states have: a name of at most 80 characters, unique in the workflow, and a comment.

    ``QueryLanguage`` is that of the workflow unless the state has its own.
    """

    Name: str = field(kw_only=False)
    Comment: Text | None = None
    QueryLanguage: Language | None = None

    Type: ClassVar[str]

    def wrong_values(self) -> Iterator[str]:
        """Yield that a name is not text, without which nothing can be said about the state."""
        name: object = self.Name
        if not isinstance(name, str):
            yield f"the name of a state must be text, not {name!r}"

    @property
    def entry(self) -> Self:
        """Return itself: a state is a flow of one."""
        return self

    def edges(self) -> Iterator[tuple[str, Flow]]:
        """Yield where the state can go besides its successor: the field's pointer, and the flow."""
        yield from ()

    def inner_flows(self) -> Iterator[tuple[str, Flow]]:
        """Yield the flows that run inside the state: the field's pointer, and the flow."""
        yield from ()


@frozen(kw_only=True)
class DataState(State):
    """A state that takes data and passes it on: every one but Fail.

    ``InputPath`` and ``OutputPath`` are JSONPath's, ``Output`` is JSONata's.
    """

    InputPath: Text | Omit | None = OMIT
    OutputPath: Text | Omit | None = OMIT
    Output: PayloadValue | Omit = OMIT


@frozen(kw_only=True)
class Step(DataState, Open):
    """A state that another may follow; without a follower it ends the workflow.

    ``Assign`` sets the workflow's variables, in either query language.
    https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    """

    Assign: Mapping[str, PayloadValue] | None = None

    @classmethod
    def field_hints(cls) -> dict[str, str]:
        """Return how flows are written, for those who look for ``Next`` and ``End``."""
        return {
            "Next": "a state does not know what follows it: write 'state >> next'",
            "End": "a state that nothing follows ends the workflow",
        }


@frozen(kw_only=True)
class FallibleStep(Step):
    """A step that can fail: a task, or the flows inside a Parallel or a Map."""

    ResultSelector: Mapping[str, PayloadValue] | None = None
    ResultPath: Text | Omit | None = OMIT
    Retry: Sequence[Retrier] = ()
    Catch: Sequence[Catcher] = ()

    def wrong_values(self) -> Iterator[str]:
        """Yield handlers that are not lists of handlers, which would hide where the step goes."""
        yield from super().wrong_values()
        yield from wrong_entries("Retry", self.Retry, Retrier)
        yield from wrong_entries("Catch", self.Catch, Catcher)

    def edges(self) -> Iterator[tuple[str, Flow]]:
        """Yield the catchers."""
        for index, catcher in enumerate(self.Catch):
            yield f"Catch/{index}/Next", catcher.Next


@frozen(kw_only=True)
class AnyTask(FallibleStep):
    """What all tasks have, typed or not.

    ``TimeoutSeconds`` and ``HeartbeatSeconds`` are seconds, or an expression for them; ``Credentials``
    names the role to assume for the call, ``{"RoleArn": ...}``.
    https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
    """

    TimeoutSeconds: Integer | None = None
    HeartbeatSeconds: Integer | None = None
    Credentials: Mapping[str, PayloadValue] | None = None

    Type = "Task"
    patterns: ClassVar[tuple[Pattern, ...]] = ()
    """The integration patterns that the service supports."""

    def __post_init__(self) -> None:
        """Put references in place of resources: ``JobQueue=queue`` is ``JobQueue=Ref(queue)``."""
        with suppress(RecursionError):  # a payload that is nested so deep is rendered without
            for name, value in self.__dict__.items():
                if type(value) not in _WITHOUT_RESOURCES and name not in ("Retry", "Catch"):
                    self.__dict__[name] = with_references(name, value, Function)

    # no abstract class: whether a state is a task is asked of each, and an abstract class answers slowly
    @property
    def resource(self) -> Text | ServiceArn:
        """Return what the task calls."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it calls")

    def payloads(self, language: Language) -> Mapping[str, PayloadValue | Omit]:
        """Return what the call passes, by the field it stands in."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it passes")


@frozen(kw_only=True)
class Task(AnyTask):
    """A task spelled by hand: the way out for what has no class under ``cfngen.tasks``.

    It passes ``Parameters`` in JSONPath, ``Arguments`` in JSONata.
    """

    Resource: Text
    Parameters: PayloadValue | Omit = OMIT
    Arguments: PayloadValue | Omit = OMIT

    @property
    def resource(self) -> Text:
        """Return ``Resource``."""
        return self.Resource

    def payloads(self, language: Language) -> Mapping[str, PayloadValue | Omit]:
        """Return ``Parameters`` and ``Arguments``, as they are given."""
        return {"Parameters": self.Parameters, "Arguments": self.Arguments}


@frozen(kw_only=True)
class Pass(Step):
    """Passes its input on, or a fixed ``Result``, or what ``Parameters`` or ``Output`` make of the input.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-pass.html
    """

    Parameters: PayloadValue | Omit = OMIT
    Result: PayloadValue | Omit = OMIT
    ResultPath: Text | Omit | None = OMIT

    Type = "Pass"


@frozen(kw_only=True)
class Wait(Step):
    """Waits for ``Seconds``, or until ``Timestamp`` (RFC 3339); either may be an expression.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
    """

    Seconds: Integer | None = None
    Timestamp: DynamicText | None = None

    Type = "Wait"


@frozen(kw_only=True)
class Succeed(DataState, Closed):
    """Ends the workflow, or the branch it stands in, well.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-succeed.html
    """

    Type = "Succeed"


@frozen(kw_only=True)
class Fail(State, Closed):
    """Ends the workflow as failed, with the name of an error and a text for people.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
    """

    Error: DynamicText | None = None
    Cause: DynamicText | None = None

    Type = "Fail"


@frozen
class RawState(Open, State):
    """A state as a mapping of its fields, rendered as it is: the way out for what has no class.

    ``Fields`` may hold ``Next`` or ``End``; otherwise the flow it stands in decides. States that its
    fields name are looked up by name, among ``flows`` where one begins with that name: so a state is
    reached that nothing else leads to.
    """

    Fields: Mapping[str, Any] = field(kw_only=False, default_factory=dict)
    flows: Sequence[Flow] = field(default=(), kw_only=True, compare=False, repr=False)

    Type = "Raw"

    def wrong_values(self) -> Iterator[str]:
        """Yield fields that are not a mapping, and flows that are none."""
        yield from super().wrong_values()
        fields: object = self.Fields
        if not isinstance(fields, Mapping):
            yield f"RawState takes a mapping of the state's fields, not {fields!r}"
        yield from wrong_entries("flows", self.flows, Flow)

    @property
    def leads_itself(self) -> bool:
        """Whether its fields say where it goes, so that the flow it stands in does not."""
        closes = self.Fields.get("Type") in ("Choice", "Succeed", "Fail") or is_function(self.Fields)
        return closes or not self.Fields.keys().isdisjoint(("Next", "End"))

    def edges(self) -> Iterator[tuple[str, Flow]]:
        """Yield the names in ``Next``, ``Default``, ``Catch`` and ``Choices``, or flows that begin so."""
        begin: dict[str, Flow] = {flow.entry.Name: flow for flow in self.flows}
        for key in ("Next", "Default"):
            if isinstance(name := self.Fields.get(key), str):
                yield key, begin.get(name) or Goto(name)
        for key in ("Catch", "Choices"):
            entries = self.Fields.get(key)
            for index, entry in enumerate(entries if isinstance(entries, (list, tuple)) else ()):
                if isinstance(entry, Mapping) and isinstance(name := entry.get("Next"), str):
                    yield f"{key}/{index}/Next", begin.get(name) or Goto(name)


_WITHOUT_RESOURCES: Final = SCALARS | {Omit}


def wrong_entries(field: str, value: object, kind: type) -> Iterator[str]:
    """Yield what is wrong where a field does not hold a list of values of one kind."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, kind) for item in value):
        has_lists = isinstance(value, (list, tuple)) and any(isinstance(item, list) for item in value)
        hint = f"; {BY_ARROWS}" if kind is Flow and has_lists else ""
        yield f"{field} takes a list of {kind.__name__}s, not {value!r}{hint}"
