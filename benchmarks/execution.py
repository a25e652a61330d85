"""Time the engine: the sample with mocks, long and wide executions, memory, and what importing takes.

Executions are timed on the processor, which is all that they use.
"""

import argparse
import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from processes import ENVIRONMENT

from cfngen.execution import Execution, Return, Throw, run
from cfngen.stacks import BatchJobNotification

ITEMS, ROWS, RUNS = 40_000, 100_000, 3
IMPORT = 1.5
PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
LOOP = {
    "StartAt": "A",
    "States": {
        "A": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.x", "BooleanEquals": True, "Next": "B"}],
            "Default": "B",
        },
        "B": {"Type": "Pass", "Next": "A"},
    },
}


def main() -> None:
    """Measure, and print a table."""
    global ITEMS, ROWS, RUNS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="once and small, to see that it runs")
    if parser.parse_args().short:
        ITEMS, ROWS, RUNS = ITEMS // 20, ROWS // 20, 1
    plain = min(_timed(_rows) for _ in range(RUNS))
    print(f"for comparison, json.dumps of {ROWS:,} rows one by one: {plain * 1000:.0f} ms\n")
    print(f"{'':44}{'ms':>10}{'to reach':>10}{'':>10}{'to json':>9}")
    _report("the sample with mocks, one retry", 1, _sample(), plain, calls=50)
    _report("25,000 events of Choice and Pass", 1000, lambda: run(LOOP, {"x": False}), plain)
    items = list(range(ITEMS))
    _report(f"an inline Map over {ITEMS:,} items", 2000, lambda: run(_map(), items, type="EXPRESS"), plain)
    objects = {("rows", "rows.csv"): _csv()}
    _report(
        f"a distributed Map over {ROWS:,} rows of CSV",
        5000,
        lambda: run(_distributed(), {}, s3=objects),
        plain,
    )
    own, _ = _peak(lambda: [{"id": str(n), "name": f"name {n}", "price": str(n * 3)} for n in range(ROWS)])
    taken, execution = _peak(lambda: run(_distributed(), {}, s3=objects))
    written = sum(map(len, execution.s3.values()))
    verdict = "reached" if taken <= own + written else "missed"
    print(
        f"\nat most {taken >> 20} MiB are in use for it, its {written >> 20} MiB of files included; ",
        end="",
    )
    print(f"its rows are {own >> 20} MiB: {verdict}")
    ours, click = _imports("cfngen.execution", "click")
    verdict = "reached" if ours <= IMPORT * click else "missed"
    print(f"\nimporting cfngen.execution: {ours * 1000:.1f} ms, importing click: {click * 1000:.1f} ms")
    print(f"ratio {ours / click:.2f}, at most {IMPORT}: {verdict}")


def _report(name: str, limit: float, work: Callable[[], Execution], plain: float, calls: int = 1) -> None:
    taken = []
    for _ in range(RUNS):
        start = time.process_time()
        for _ in range(calls):
            execution = work()
        taken.append((time.process_time() - start) / calls)
    assert execution.status == "SUCCEEDED" or len(execution.events) == 25_000, str(execution)
    best = min(taken)
    verdict = "reached" if best * 1000 <= limit else "missed"
    print(f"{name:44}{best * 1000:10.2f}{limit:10,}{verdict:>10}{best / plain:9.3f}")


def _sample() -> Callable[[], Execution]:
    machine = BatchJobNotification().machine().workflow.to_asl()
    mocks: dict[str, Return | Sequence[Return | Throw]] = {
        "Submit Batch Job": [Throw("Batch.ServerException"), Return({"JobId": "1"})],
        "Notify Success": Return({"MessageId": "1"}),
    }
    return lambda: run(machine, {"day": "2026-11-28"}, mocks=mocks)


def _map() -> dict[str, object]:
    return {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": PASS, "End": True}}}


def _distributed() -> dict[str, object]:
    state = {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
            "Parameters": {"Bucket": "rows", "Key": "rows.csv"},
        },
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **PASS},
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket": "rows", "Prefix": "results"},
        },
        "End": True,
    }
    return {"StartAt": "M", "States": {"M": state}}


def _csv() -> bytes:
    lines = [f"{number},name {number},{number * 3}\n" for number in range(ROWS)]
    return "".join(["id,name,price\n", *lines]).encode()


def _rows() -> None:
    for number in range(ROWS):
        json.dumps({"id": str(number), "name": f"name {number}", "price": str(number * 3)})


def _timed(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _peak(work: Callable[[], Any]) -> tuple[int, Any]:
    """Return the most memory that is in use at once, and what comes of it."""
    tracemalloc.start()
    result = work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, result


def _imports(*modules: str) -> list[float]:
    """Return what each module takes to import in a process of its own, medians taken in turn."""
    taken: dict[str, list[float]] = {module: [] for module in modules}
    for _ in range(15):
        for module, times in taken.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", f"import {module}"], env=ENVIRONMENT, check=True)
            times.append(time.perf_counter() - start)
    return [median(times) for times in taken.values()]


if __name__ == "__main__":
    main()
