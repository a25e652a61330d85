"""From what a task passes to the ARNs it may touch.

The first that applies: a literal ARN; an intrinsic; the ARN of a name; the literal beginning of a value
known only at run time; the ARNs that the author names for such values; every resource of the type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cfngen.asl.declared import Declared, frozen
from cfngen.asl.values import Jsonata, Path, is_intrinsic
from cfngen.tasks.grants import Named

Resource = Any
"""An ARN as text, or a CloudFormation intrinsic as the mapping that spells it."""

_FORMAT: Final = re.compile(r"States\.Format\(\s*'((?:[^'\\]|\\.)*)'", re.DOTALL)
_QUOTED: Final = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(&|$)""", re.DOTALL)
_POINTS: Final = re.compile(r"\$\{(?!AWS::)[^}]+\}($|[:/])")
_OTHER: Final = re.compile(r"(?<!\$)\{(?P<name>[A-Z][\w.\[\]]*)(\|(?P<default>[^{}]*))?\}")
_FULL_ARN: Final = 5


@frozen
class Resolved(Declared):
    """The resources that one argument names; ``widened`` says why they are more than it means."""

    resources: tuple[Resource, ...]
    widened: str = ""


def resolve(named: Named, arguments: Mapping[str, Any], hints: Sequence[Any] | None) -> list[Resolved]:
    """Return what stands at ``named`` in the arguments: nothing, one value, or those of a list."""
    values = list(values_at(arguments, named.argument))
    if not values and named.default is not None:
        values = [named.default]
    return [_Naming(named, arguments, hints).resolved(value) for value in values]


def values_at(arguments: Any, path: str) -> Iterator[Any]:
    """Yield what stands at a path; a value known only at run time stands for all that is in it."""
    yield from _values(arguments, path.split("."))


def sub(arn: str) -> Resource:
    """Return an ARN, as ``Fn::Sub`` where it holds pseudo parameters."""
    return {"Fn::Sub": arn} if "${" in arn else arn


@frozen
class _Naming(Declared):
    """How the values of one argument of one call name resources."""

    named: Named
    arguments: Mapping[str, Any]
    hints: Sequence[Any] | None

    def resolved(self, value: Any) -> Resolved:
        named = self.named
        if isinstance(value, (Path, Jsonata)):
            return self._dynamic(value)
        if is_intrinsic(value):
            value = value.to_dict()
        if isinstance(value, Mapping):
            return Resolved((self._intrinsic(value),))
        if not isinstance(value, str):
            return Resolved((self._arn("*"),), f"{named.argument} holds {value!r}, no name")
        if value.startswith("arn:"):
            return Resolved((self._all_revisions(value),))
        if named.reads is not None:
            if not (read := re.match(named.reads, value, re.DOTALL)):
                return Resolved((self._arn("*"),), f"{named.argument} holds {value!r}, which names none")
            value = read[1]
        return Resolved((self._arn(_literal(value)),))

    def _intrinsic(self, value: Mapping[str, Any]) -> Resource:
        """Return an intrinsic that is an ARN as it is, and the ARN of one that is a name.

        ``Fn::Sub`` that begins with a reference is an ARN if it ends there or goes on as ARNs do, and else
        a name: ``${Queue}``, but ``${AWS::StackName}-queue``. The others are what ``reference`` says.
        """
        named, text = self.named, value.get("Fn::Sub")
        if isinstance(text, str):
            if text.startswith("arn:"):
                return sub(self._all_revisions(text))
            attribute = re.match(r"\$\{[^}.]+\.(\w+)\}", text)
            is_arn = attribute[1].endswith("Arn") if attribute else named.reference == "arn"
            if _POINTS.match(text) and is_arn:
                return dict(value)
            if named.reads is not None:
                read = re.match(named.reads, text)
                return self._arn(read[1] if read else "*")
            return self._arn(text)
        if named.reference == "arn" or _attribute(value).endswith("Arn"):
            return dict(value)
        if named.reference == "url":
            value = {"Fn::Select": [4, {"Fn::Split": ["/", dict(value)]}]}
        elif "Ref" in value:
            return self._arn(f"${{{value['Ref']}}}")
        arn = self._arn("${Name}")["Fn::Sub"]
        return {"Fn::Sub": [arn, {"Name": dict(value)}]}

    def _dynamic(self, path: Path | Jsonata) -> Resolved:
        known = beginning(path.expression)
        if known.count(":") >= _FULL_ARN and known.startswith("arn:"):
            return Resolved((sub(f"{_literal(known)}*"),))
        if known and not known.startswith("arn:") and self.named.reads is None:
            return Resolved((self._arn(f"{_literal(known)}*", revisions=False),))
        if self.hints is not None:
            return Resolved(tuple(hint.to_dict() if is_intrinsic(hint) else hint for hint in self.hints))
        return Resolved(
            (self._arn("*"),), f"{self.named.argument} is only known at run time ({path.expression})"
        )

    def _arn(self, name: str, *, revisions: bool = True) -> Resource:
        arn = _OTHER.sub(self._other, self.named.arn).replace("{}", name)
        return sub(self._all_revisions(arn) if revisions and name != "*" else arn)

    def _other(self, other: re.Match[str]) -> str:
        """Return another argument's text in the ARN."""
        value = next(values_at(self.arguments, other["name"]), None)
        if value is None:
            return "*" if other["default"] is None else other["default"]
        if is_intrinsic(value):
            value = value.to_dict()
        if isinstance(value, Mapping):
            text = value.get("Fn::Sub", f"${{{value['Ref']}}}" if "Ref" in value else "*")
            return text if isinstance(text, str) else "*"
        if isinstance(value, (Path, Jsonata)):
            return f"{_literal(beginning(value.expression))}*"
        return _literal(value) if isinstance(value, str) else "*"

    def _all_revisions(self, arn: str) -> str:
        if self.named.revisions and not re.search(r":(\d+|\*|\$\{[^}]+\})$", arn):
            return f"{arn}:*"
        return arn


def beginning(expression: str) -> str:
    """Return the text that an expression is sure to begin with.

    That is the literal part of ``States.Format('jobs-{}', $.id)`` and of JSONata's ``'jobs-' & $id``.
    """
    if call := _FORMAT.match(expression):
        return re.sub(r"\\(.)", r"\1", re.split(r"(?<!\\)\{\}", call[1], maxsplit=1)[0])
    if quoted := _QUOTED.match(expression):
        text = quoted[1] if quoted[1] is not None else quoted[2]
        return text if "\\" not in text else ""
    return ""


def _attribute(value: Mapping[str, Any]) -> str:
    attribute = value.get("Fn::GetAtt")
    if isinstance(attribute, str):
        return attribute
    return str(attribute[-1]) if isinstance(attribute, (list, tuple)) and attribute else ""


def _literal(name: str) -> str:
    """Return a name so that neither ``Fn::Sub`` nor IAM's wildcards read anything into it."""
    escaped = name.replace("${", "${!")
    return re.sub(r"[*?]", lambda wildcard: f"${{!{wildcard[0]}}}", escaped)


def _values(arguments: Any, steps: Sequence[str]) -> Iterator[Any]:
    if isinstance(arguments, (Path, Jsonata)) or not steps:
        if arguments is not None:
            yield arguments
        return
    if isinstance(arguments, Mapping):
        step = steps[0]
        inner = arguments.get(step.removesuffix("[]"))
        if not step.endswith("[]") or isinstance(inner, (Path, Jsonata)):
            yield from _values(inner, steps[1:])
        elif isinstance(inner, (list, tuple)):
            for item in inner:
                yield from _values(item, steps[1:])
