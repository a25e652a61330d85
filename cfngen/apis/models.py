"""The API models of botocore as shapes: one service is read at a time, one operation compiled at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from cfngen.apis.limits import LIMITS
from cfngen.apis.shapes import ANY, Shape, ShapeType
from cfngen.core.installation import install_command


class MissingModelsError(ImportError):
    """The API models are not installed."""

    def __init__(self) -> None:
        super().__init__(
            "the arguments of calls are checked against the API models of botocore, "
            f"which is not installed: {install_command('apis')}"
        )


class Model:
    """The operations of one service, by the names of actions that Step Functions gives them.

    ``sdk`` says whose spelling of arguments holds: that of ``aws-sdk:`` integrations, which follows the
    AWS SDK for Java, or that of the optimized ones, which follows the API.
    """

    def __init__(self, model: Mapping[str, Any], *, sdk: bool, name: str = "") -> None:
        self._name = name
        self._shapes: Mapping[str, Any] = model["shapes"]
        self._operations: Mapping[str, Any] = model["operations"]
        self._sdk = sdk
        self._compiled: dict[str, Shape] = {}
        self.actions: dict[str, str] = {
            uncapitalized(_VERSION.sub("", name)): name for name in self._operations
        }

    def arguments(self, operation: str) -> Shape:
        """Return the shape of what an operation takes, by the operation's name in the API."""
        input_shape = self._operations[operation].get("input")
        shape = self._shape(input_shape["shape"]) if input_shape else _NOTHING
        limits = LIMITS.get((self._name, operation))
        return limits.applied(shape) if limits else shape

    def _shape(self, name: str) -> Shape:
        """Compile a shape with all it holds; shapes may hold themselves."""
        if name in self._compiled:
            return self._compiled[name]
        pending = [name]
        while pending:
            current = pending.pop()
            if current not in self._compiled:
                self._compiled[current] = _shape_without_members(self._shapes[current], sdk=self._sdk)
                pending += _held(self._shapes[current])
        # every shape is there now, so that the links can be made
        pending, linked = [name], {name}
        while pending:
            current = pending.pop()
            self._link(self._compiled[current], self._shapes[current])
            for inner in _held(self._shapes[current]):
                if inner not in linked:
                    linked.add(inner)
                    pending.append(inner)
        return self._compiled[name]

    def _link(self, shape: Shape, model: Mapping[str, Any]) -> None:
        if shape.kind == "list":
            shape.inner = self._compiled[model["member"]["shape"]]
        elif shape.kind == "map":
            shape.inner = self._compiled[model["value"]["shape"]]
        elif shape.kind == "structure" and not shape.members:
            given_by_sdk = set()
            for name, member in model["members"].items():
                member_name = self._member_name(name)
                shape.members[member_name] = (
                    ANY if member.get("jsonvalue") else self._compiled[member["shape"]]
                )
                other = name[:1].upper() + name[1:]
                if other != member_name:
                    shape.misspelled[other] = member_name
                if member.get("deprecated"):
                    shape.deprecated[member_name] = member.get("deprecatedMessage", "")
                if member.get("idempotencyToken"):  # the SDK makes one up
                    given_by_sdk.add(name)
            shape.required = tuple(
                self._member_name(name) for name in model.get("required", ()) if name not in given_by_sdk
            )

        if self._sdk and {"BOOL", "NULL"} <= shape.misspelled.keys():
            _settle_attribute_value(shape)

    def _member_name(self, member: str) -> str:
        if not self._sdk:
            return member[:1].upper() + member[1:]
        name = uncapitalized(member)
        if name.lower() in _JAVA_KEYWORDS or name in _JAVA_METHODS:
            name += "Value"
        return name[:1].upper() + name[1:]


@cache
def load_model(service: str, *, sdk: bool = False) -> Model | None:
    """Return the model of a service by its name in botocore, or None where botocore has none.

    Raises ``MissingModelsError`` when botocore is not installed.
    """
    document = _model_document(service)
    return None if document is None else Model(document, sdk=sdk, name=service)


def require() -> None:
    """Raise ``MissingModelsError`` unless botocore is installed."""
    try:
        import botocore.loaders  # noqa: F401  # whether it is there is all that is asked
    except ImportError:
        raise MissingModelsError from None


def uncapitalized(name: str) -> str:
    """Return a name as the AWS SDK for Java begins it: ``DBInstance`` becomes ``dbInstance``."""
    end = 1
    while end < len(name) and name[end].isupper() and not name[end + 1 : end + 2].islower():
        end += 1
    return name[:end].lower() + name[end:]


@cache
def _model_document(service: str) -> Mapping[str, Any] | None:
    require()
    from botocore.exceptions import UnknownServiceError
    from botocore.loaders import Loader

    try:
        # botocore's own data alone: what lies in the user's ~/.aws/models is not what AWS offers
        loader = Loader(include_default_search_paths=False, extra_search_paths=[Loader.BUILTIN_DATA_PATH])
        document: Mapping[str, Any] = loader.load_service_model(service, "service-2")
    except UnknownServiceError:
        return None
    return document


def _shape_without_members(model: Mapping[str, Any], *, sdk: bool) -> Shape:
    kind = _KINDS.get(model["type"], "any")
    if model.get("document"):
        kind = "any"
    return Shape(
        kind,
        values=tuple(model.get("enum", ())),
        pattern=_compiled(model["pattern"]) if "pattern" in model else None,
        least=model.get("min"),
        most=model.get("max"),
        # the input of an execution or of a schedule is given as JSON, and arrives as text
        json=sdk and kind == "text" and not model.keys() & {"enum", "pattern"},
    )


def _settle_attribute_value(shape: Shape) -> None:
    """Let DynamoDB's types have either spelling: the SDK renames them one by one (``NULL`` is ``Nul``)."""
    for name, member_name in shape.misspelled.items():
        shape.members[name] = shape.members[member_name]
    shape.members["Nul"] = shape.members.pop("NullValue")
    shape.misspelled.clear()


def _held(model: Mapping[str, Any]) -> list[str]:
    inner_shapes = [member["shape"] for member in model.get("members", {}).values()]
    return inner_shapes + [model[key]["shape"] for key in ("member", "value") if key in model]


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Compile a pattern of an API, or return None where Python reads it in another way than Java does.

    Services match the whole text, with or without anchors; but what repeats nothing is meant to occur.
    """
    if any(mark in pattern for mark in _FOREIGN) or re.search(_FLAGS_WITHIN, pattern):
        return None
    if not any(mark in pattern for mark in "*+{"):
        pattern = f"(?s:.*)(?:{pattern})(?s:.*)"
    try:
        return re.compile(pattern)
    except re.error:
        return None


_NOTHING: Final = Shape("structure")
_VERSION: Final = re.compile(r"\d{4}_\d{2}_\d{2}$")
_FLAGS_WITHIN: Final = r"(?s).\(\?[a-z]+\)"  # Python takes flags at the beginning alone
_FOREIGN: Final = (r"\p", r"\P", "[[", "[:", "&&", "--", "~~", "||", r"\uD", r"\ud", r"\x{", r"\Q")
_KINDS: Final[Mapping[str, ShapeType]] = {
    "structure": "structure",
    "list": "list",
    "map": "map",
    "string": "text",
    "character": "text",
    "integer": "integer",
    "long": "integer",
    "bigInteger": "integer",
    "float": "number",
    "double": "number",
    "bigDecimal": "number",
    "boolean": "boolean",
    "timestamp": "timestamp",
}  # and 'blob', which takes any JSON

# names that a member cannot have in Java, whose SDK then adds 'Value':
# https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html has 'EqualsValue'
_JAVA_KEYWORDS: Final = frozenset(
    {
        "abstract",
        "assert",
        "boolean",
        "break",
        "byte",
        "case",
        "catch",
        "char",
        "class",
        "const",
        "continue",
        "default",
        "do",
        "double",
        "else",
        "enum",
        "extends",
        "false",
        "final",
        "finally",
        "float",
        "for",
        "goto",
        "if",
        "implements",
        "import",
        "instanceof",
        "int",
        "interface",
        "long",
        "native",
        "new",
        "null",
        "package",
        "private",
        "protected",
        "public",
        "return",
        "short",
        "static",
        "strictfp",
        "super",
        "switch",
        "synchronized",
        "this",
        "throw",
        "throws",
        "transient",
        "true",
        "try",
        "void",
        "volatile",
        "while",
    }
)
_JAVA_METHODS: Final = frozenset(
    {
        "equals",
        "finalize",
        "getClass",
        "hashCode",
        "notify",
        "notifyAll",
        "toString",
        "wait",
        "builder",
        "sdkFields",
        "toBuilder",
        "overrideConfiguration",
        "sdkHttpResponse",
    }
)
