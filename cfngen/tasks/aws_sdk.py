"""Any action of any service of AWS, by the arguments of its API.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, fields
from typing import TYPE_CHECKING, Any, ClassVar

from cfngen.apis.sdk import SDK_SERVICES, unknown_service
from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.values import (
    CALLBACK,
    JSONATA,
    OMIT,
    REQUEST_RESPONSE,
    Integer,
    Jsonata,
    Language,
    Omit,
    Path,
    Pattern,
    PayloadValue,
    ServiceArn,
    Text,
)
from cfngen.core.callers import mistake
from cfngen.core.declared import frozen, unknown_field
from cfngen.tasks.service import CallingTask

__all__ = ["Call"]


@frozen(kw_only=True)
class Call(CallingTask):
    """Calls an action of a service: ``Call("Find", service="dynamodb", action="query", TableName="jobs")``.

    ``service`` and ``action`` are spelled as in the ``Resource`` ``aws-sdk:dynamodb:query``. The API's
    arguments stand beside the state's own fields, in PascalCase; one whose name a state's field has already
    takes a trailing underscore, but for ``Name``, since the state's own comes first. ``arguments`` takes
    them as a mapping, or as one expression of JSONata.

    Raises ``TypeError`` for a service that there is not, and names the nearest. Whether the action and its
    arguments exist is what ``cfngen check --apis`` checks.
    """

    service: str
    action: str
    pattern: Pattern = REQUEST_RESPONSE
    arguments: Mapping[str, PayloadValue] | Jsonata = field(default_factory=dict)

    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, CALLBACK)

    if TYPE_CHECKING:

        def __init__(
            self,
            Name: str,
            /,
            *,
            service: str,
            action: str,
            pattern: Pattern = REQUEST_RESPONSE,
            arguments: Mapping[str, PayloadValue] | Jsonata = ...,
            resources: Sequence[Text] | None = None,
            because: str | None = None,
            derive: bool = True,
            Comment: str | None = None,
            QueryLanguage: Language | None = None,
            InputPath: str | Omit | None = OMIT,
            OutputPath: str | Omit | None = OMIT,
            Output: PayloadValue | Omit = OMIT,
            Assign: Mapping[str, PayloadValue] | None = None,
            ResultSelector: Mapping[str, PayloadValue] | None = None,
            ResultPath: str | Omit | None = OMIT,
            Retry: Sequence[Retrier] = (),
            Catch: Sequence[Catcher] = (),
            TimeoutSeconds: Integer | None = None,
            HeartbeatSeconds: Integer | None = None,
            Credentials: Mapping[str, PayloadValue] | None = None,
            **named: PayloadValue,
        ) -> None:
            """Take the state's fields, and the arguments by their names."""

    else:

        def __init__(self, *args: Any, **values: Any) -> None:
            """Take the state's fields, and the arguments by their names."""
            own = {item.name for item in fields(self)}
            if args and "Name" in values:  # the state has its name, so this is an argument
                values["Name_"] = values.pop("Name")
            named = {name: value for name, value in values.items() if name not in own}
            values = {name: value for name, value in values.items() if name in own}
            if named:
                values["arguments"] = _with(named, values.get("arguments", {}), own)
            super().__init__(*args, **values)

    def wrong_values(self) -> Iterator[str]:
        """Yield a service that there is not, and what is no name of an action or no arguments."""
        yield from super().wrong_values()
        service: object = self.service
        action: object = self.action
        arguments: object = self.arguments
        if not isinstance(service, str) or service not in SDK_SERVICES:
            yield "; ".join(filter(None, unknown_service(str(service))))
        if not isinstance(action, str) or not (action.isascii() and action.isalnum()):
            yield f"action takes the name of an action of {service}, not {action!r}"
        if not isinstance(arguments, (Mapping, Path, Jsonata)):
            yield f"arguments takes a mapping of the API's arguments, not {arguments!r}"

    @property
    def resource(self) -> ServiceArn:
        """Return the integration that is called."""
        return ServiceArn(f"aws-sdk:{self.service}", self.action, self.pattern)

    def payloads(self, language: Language) -> Mapping[str, PayloadValue | Omit]:
        """Return the arguments where the query language has them."""
        return {"Arguments" if language == JSONATA else "Parameters": self.arguments or OMIT}


def _with(named: Mapping[str, Any], arguments: Any, own: set[str]) -> Mapping[str, Any]:
    """Return the arguments with those that are given by name; another name than theirs is mistyped."""
    for name in named:
        if not name[:1].isupper():
            known = [it for it in own if not it[0].isupper()]
            message = unknown_field("Call", name, [*sorted(known), name[:1].upper() + name[1:]])
            raise mistake(TypeError(message))
    named_arguments = {name.rstrip("_"): value for name, value in named.items() if value is not None}
    if not isinstance(arguments, Mapping):
        message = f"Call takes arguments={arguments!r} or {', '.join(named_arguments)}, not both"
        raise mistake(TypeError(message))
    if twice := [name for name in named_arguments if name in arguments]:
        raise mistake(TypeError(f"Call is given {', '.join(twice)} twice, by name and in arguments"))
    return {**arguments, **named_arguments}
