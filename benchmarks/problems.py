"""Time `cfngen check` of documents with many things wrong, on the processor and at two sizes.

python benchmarks/problems.py [--short]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cfngen.inputs.checking import check_file
from cfngen.reports.formats import as_text

TARGET = 2.0
"""How much more time the larger may take for each problem, level or character."""
LONGEST_SECONDS = 2.0
FACTOR = 4


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="small, to see that it runs")
    divisor = 20 if parser.parse_args().short else 1
    print(f"{'document':34}{'size':>10}{'seconds':>10}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name, (document, size) in DOCUMENTS.items():
            large = max(size // divisor, FACTOR)
            before = _seconds(Path(folder), document(large // FACTOR))
            after = _seconds(Path(folder), document(large))
            ratio = after / before / FACTOR
            verdict = "reached" if ratio <= TARGET and after <= LONGEST_SECONDS else "missed"
            print(
                f"{name:34}{large:10,}{after:10.2f}{ratio:8.2f}"
                f"  at most {TARGET} and {LONGEST_SECONDS} s: {verdict}"
            )


def _seconds(folder: Path, document: Any) -> float:
    path = folder / "machine.asl.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    start = time.process_time()
    as_text(check_file(str(path)))
    return time.process_time() - start


def _one(**state: Any) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": state}}


def _nested(depth: int) -> dict[str, Any]:
    document = _one(Type="Pass", End=True)
    for _ in range(depth):
        document = _one(Type="Parallel", Branches=[document], End=True)
    return document


def _nowhere(states: int) -> dict[str, Any]:
    return {
        "StartAt": "0",
        "States": {f"{index}": {"Type": "Pass", "Next": f"to {index}"} for index in range(states)},
    }


def _unknown(fields: int) -> dict[str, Any]:
    return _one(Type="Pass", End=True, **{f"Retri{index}": 1 for index in range(fields)})


def _large(values: int) -> dict[str, Any]:
    return _one(
        Type="Pass", End=True, Result=[{"a": index, "b": f"text {index}"} for index in range(values)]
    )


def _regular(slashes: int) -> dict[str, Any]:
    expression = "{% " + "/(" * slashes + " %}"
    return {"QueryLanguage": "JSONata", **_one(Type="Pass", End=True, Output=expression)}


DOCUMENTS: Mapping[str, tuple[Callable[[int], Any], int]] = {
    "Parallels of one name in another": (_nested, 188),
    "transitions to nowhere": (_nowhere, 5_000),
    "unknown fields": (_unknown, 100_000),
    "values, as 14 MB of JSON": (_large, 430_000),
    "regular expressions without an end": (_regular, 4_000),
}

if __name__ == "__main__":
    main()
