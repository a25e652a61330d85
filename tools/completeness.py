"""Measure how complete the types of cfngen are to those who import it; end with 1 below the least share.

basedpyright is pyright with a node of its own, so that nothing but pip is needed to install it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

LEAST = 0.99

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Print the symbols whose types are not known, and the share of those that are."""
    report = _verified()["typeCompleteness"]
    for symbol in report["symbols"]:
        if not symbol["isTypeKnown"] and symbol["isExported"]:
            print(symbol["name"])
            for diagnostic in symbol["diagnostics"]:
                print(f"  {_place(diagnostic)}{diagnostic['message']}")
    share = report["completenessScore"]
    # a package that is not found has no symbols, and nothing to complain of
    if not report["symbols"]:
        sys.exit("there is nothing to verify: is cfngen installed?")
    print(f"{share:.2%} of {len(report['symbols']):,} symbols have known types; at least {LEAST:.0%} must")
    sys.exit(share < LEAST)


def _verified() -> dict[str, Any]:
    # the type checker does not follow an editable installation to its sources
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "basedpyright", "--pythonpath", sys.executable, "--outputjson"]
    command += ["--verifytypes", "cfngen", "--ignoreexternal"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8")
    try:
        verified: dict[str, Any] = json.loads(ended.stdout)
    except ValueError:
        sys.exit(ended.stderr or ended.stdout)
    return verified


def _place(diagnostic: dict[str, Any]) -> str:
    if "range" not in diagnostic:
        return ""
    path = Path(diagnostic["file"])
    place = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{place}:{diagnostic['range']['start']['line'] + 1}: "


if __name__ == "__main__":
    main()
