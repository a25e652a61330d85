"""Hold the engine against executions recorded from AWS: ``make recorded CASES=folder``.

The folder holds ``cases.jsonl``, one recording a line, and ``compare.py``, which says what differs. A
recording has the definition, the input, the answers of the tasks, the objects in S3, and what AWS made of
them. Its ids of events are compared here: each with the id of the event before it, where AWS's order is
fixed.
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from cfngen.execution import Return, Throw, run
from cfngen.execution.json_values import to_text

STRICT = ("status", "error", "output", "order", "states", "tries")
"""The differences after which an execution is not identical."""


def main() -> None:
    """Run all recordings, and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of the recordings")
    parser.add_argument("--verbose", action="store_true", help="print the values that differ")
    arguments = parser.parse_args()
    file = arguments.folder / "cases.jsonl"
    if not file.is_file():
        print(f"skipped: there are no recordings in {arguments.folder}")
        return
    compare = _module(arguments.folder / "compare.py")
    cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    kinds: Counter[str] = Counter()
    identical = same_ids = changed = with_events = 0
    started = time.perf_counter()
    for case in cases:
        outcome = _outcome(case)
        differences = compare.compare(case, outcome)
        if case["expected"].get("events"):
            with_events += 1
            recorded, events = _chain(case["expected"]["events"]), _chain(outcome["events"] or [])
            same_ids += recorded == events
            if recorded != events:
                differences["event ids"] = []
                if _as_today(recorded) == events:
                    changed += 1
                    differences["event ids, of which AWS has changed"] = differences.pop("event ids")
        kinds.update(list(differences))
        identical += not any(kind in differences for kind in STRICT)
        if differences:
            _show(case, differences, arguments.verbose)
    seconds = time.perf_counter() - started
    print(f"\n{identical} of {len(cases)} identical: {identical / len(cases):.1%}")
    types = with_events - kinds["event types"]
    print(f"{types} of {with_events} histories have the same types of events: {types / with_events:.1%}")
    share = same_ids / with_events
    print(f"{same_ids} of {with_events} histories have the same types, ids and previous ids: {share:.1%}")
    share = (same_ids + changed) / with_events
    print(f"with {changed} recorded before AWS changed the event before MapStateExited: {share:.1%}")
    print("differences: " + (", ".join(f"{kind} {count}" for kind, count in kinds.most_common()) or "none"))
    print(f"{seconds:.2f} s, {seconds / len(cases) * 1000:.2f} ms an execution")
    if identical < 0.99 * len(cases) or types < 0.97 * with_events or share < 0.97:
        sys.exit(1)


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("compare", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _outcome(case: Mapping[str, Any]) -> dict[str, Any]:
    try:
        execution = run(
            case["definition"],
            json.loads(case["input"]),
            mocks=_mocks(case),
            s3=_objects(case),
            type=case["type"],
            start=case.get("start"),
        )
    except Exception as error:  # what cannot run at all is a difference like others
        return {
            "status": f"{type(error).__name__}: {error}",
            "output": None,
            "error": None,
            "cause": None,
            "events": [],
        }
    output = to_text(execution.output) if execution.status == "SUCCEEDED" else None
    return {
        "status": execution.status,
        "output": output,
        "error": execution.error,
        "cause": execution.cause,
        "events": json.loads(json.dumps(execution.events, default=str)),
    }


def _mocks(case: Mapping[str, Any]) -> dict[str, Callable[[Any], Return | Throw]]:
    """Return what the tasks of a recording came to, in order, through all iterations of a Map."""
    answers: defaultdict[str, list[Return | Throw]] = defaultdict(list)
    for mock in case["mocks"]:
        answer = mock["answer"]
        if "Return" in answer:
            answers[mock["state"]].append(Return(answer["Return"]))
            continue
        error, cause = answer["Throw"]["Error"], answer["Throw"]["Cause"]
        if (error, cause) == ("States.TaskFailed", "") and mock["event"] == "TaskFailed":
            error = cause = None  # SendTaskFailure without either: the recording's way to say it
        answers[mock["state"]].append(Throw(error, cause))

    def in_turn(results: list[Return | Throw]) -> Callable[[Any], Return | Throw]:
        left: Iterator[Return | Throw] = iter(results)
        return lambda sent: next(left)

    return {state: in_turn(results) for state, results in answers.items()}


def _objects(case: Mapping[str, Any]) -> dict[tuple[str, str], bytes]:
    return {
        (arguments["Bucket"], arguments["Key"]): base64.b64decode(arguments["Body64"])
        for service, operation, arguments in case["setup"]
        if (service, operation) == ("s3", "put_object")
    }


def _chain(events: list[Mapping[str, Any]]) -> list[tuple[str, int, int]]:
    if any(isinstance(event["id"], list) for event in events):
        return []
    return [(event["type"], event["id"], event["previousEventId"]) for event in events]


def _as_today(chain: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Return the events of a recording as AWS makes them since November 2024.

    In all 7 recordings of distributed Maps since then the event before ``MapStateExited`` is
    ``MapRunStarted``,
    in all 11 until July 2024 it was ``MapRunSucceeded``, which came right after that.
    """
    types = {number: kind for kind, number, _ in chain}
    return [
        (kind, number, previous - (kind == "MapStateExited" and types.get(previous) == "MapRunSucceeded"))
        for kind, number, previous in chain
    ]


def _show(case: Mapping[str, Any], differences: Mapping[str, Any], verbose: bool) -> None:
    name = case["test"].rpartition("::")[2]
    print(f"{case['id']} {name}: {', '.join(differences)}")
    if verbose:
        for kind, values in differences.items():
            print(f"    {kind}: {json.dumps(values)[:600]}")


if __name__ == "__main__":
    main()
