"""Print the lower bounds of ``setup.cfg`` as constraints for pip: what ``make test-lowest`` installs.

    python tools/lowest.py > lowest.txt

A requirement without a lower bound is a mistake.
"""

from __future__ import annotations

import configparser
import re
import sys
from collections.abc import Iterator
from pathlib import Path

SETTINGS = Path(__file__).parent.parent / "setup.cfg"
OTHERS = ("test", "tools", "bench", "fuzz", "dev")
"""Extras of those who work on cfngen: their tools may be new."""
MATCHED = ("awscli",)
"""Of those, what asks for one version of what users have."""


def requirements() -> Iterator[str]:
    """Yield what the package and the extras that its users install require."""
    settings = configparser.ConfigParser()
    settings.read(SETTINGS, encoding="utf-8")
    extras = settings["options.extras_require"]
    yield from settings["options"]["install_requires"].split()
    for extra, text in extras.items():
        for line in text.split():
            if not line.startswith("cfngen[") and (extra not in OTHERS or line.startswith(MATCHED)):
                yield line


def constraint(requirement: str) -> str:
    """Return ``name==1.2`` for ``name[extra]>=1.2,<2;marker``."""
    found = re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?>=([\w.]+)(?:[,;].*)?", requirement)
    if found is None:
        raise SystemExit(f"setup.cfg: {requirement} has no lower bound")
    return f"{found[1]}=={found[2]}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(sorted({constraint(each) for each in requirements()})) + "\n")
