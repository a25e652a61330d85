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
_POINTS: Final = re.compile(r"\$\{(?!AWS::)[^}]+\}($|[:/])")


@frozen
class Resolved(Declared):
    """The resources that one argument names; ``widened`` says why they are more than it means."""

    resources: tuple[Resource, ...]
    widened: str = ""


def resolve(named: Named, arguments: Mapping[str, Any], hints: Sequence[Any] | None) -> list[Resolved]:
    """Return what stands at ``named`` in the arguments: nothing, one value, or those of a list."""
    return [_resolve(named, value, hints) for value in _values(arguments, named.argument.split("."))]


def sub(arn: str) -> Resource:
    """Return an ARN, as ``Fn::Sub`` where it holds pseudo parameters."""
    return {"Fn::Sub": arn} if "${" in arn else arn


def _resolve(named: Named, value: Any, hints: Sequence[Any] | None) -> Resolved:
    if isinstance(value, (Path, Jsonata)):
        return _dynamic(named, value, hints)
    if is_intrinsic(value):
        value = value.to_dict()
    if isinstance(value, Mapping):
        return Resolved((_intrinsic(named, value),))
    if not isinstance(value, str):
        return Resolved((sub(named.arn.replace("{}", "*")),), f"{named.argument} holds {value!r}, no name")
    if value.startswith("arn:"):
        return Resolved((_all_revisions(named, value),))
    return Resolved((sub(_all_revisions(named, named.arn.replace("{}", _literal(value)))),))


def _intrinsic(named: Named, value: Mapping[str, Any]) -> Resource:
    """Return an intrinsic as it is, for it points at a resource; ``Fn::Sub`` may spell an ARN or a name.

    What begins with a reference is an ARN if it ends there or goes on as ARNs do, and else a name:
    ``${Queue}``, but ``${AWS::StackName}-queue``.
    """
    text = value.get("Fn::Sub")
    if not isinstance(text, str) or _POINTS.match(text):
        return dict(value)
    return sub(_all_revisions(named, text if text.startswith("arn:") else named.arn.replace("{}", text)))


def _dynamic(named: Named, path: Path | Jsonata, hints: Sequence[Any] | None) -> Resolved:
    known = _beginning(path.expression)
    if known.count(":") >= 5 and known.startswith("arn:"):
        return Resolved((f"{known}*",))
    if known and not known.startswith("arn:"):
        return Resolved((sub(named.arn.replace("{}", f"{_literal(known)}*")),))
    if hints is not None:
        return Resolved(tuple(hint.to_dict() if is_intrinsic(hint) else hint for hint in hints))
    return Resolved(
        (sub(named.arn.replace("{}", "*")),),
        f"{named.argument} is only known at run time ({path.expression})",
    )


def _beginning(expression: str) -> str:
    """Return the text that a call of ``States.Format`` is sure to begin with."""
    if not (call := _FORMAT.match(expression)):
        return ""
    beginning = re.split(r"(?<!\\)\{\}", call[1], maxsplit=1)[0]
    return re.sub(r"\\(.)", r"\1", beginning)


def _all_revisions(named: Named, arn: str) -> str:
    if named.revisions and not re.search(r":(\d+|\*|\$\{[^}]+\})$", arn):
        return f"{arn}:*"
    return arn


def _literal(name: str) -> str:
    """Return a name so that neither ``Fn::Sub`` nor IAM's wildcards read anything into it."""
    escaped = name.replace("${", "${!")
    return re.sub(r"[*?]", lambda wildcard: f"${{!{wildcard[0]}}}", escaped)


def _values(arguments: Any, steps: Sequence[str]) -> Iterator[Any]:
    """Yield what stands at a path; a value known only at run time stands for all that is in it."""
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
