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
OTHERS = ("test", "tools", "bench", "fuzz", "docs", "dev")
"""Extras of those who work on cfngen: their tools may be new."""
MATCHED = ("awscli", "click")
"""Of those, what asks for one version of what users have, or for a newer one than they need."""


def required() -> list[str]:
    """Return what the package requires without extras."""
    return _settings()["options"]["install_requires"].split()


def requirements() -> Iterator[str]:
    """Yield what the package and the extras that its users install require."""
    yield from required()
    extras = _settings()["options.extras_require"]
    for extra, text in extras.items():
        for line in text.split():
            if not line.startswith("cfngen[") and (extra not in OTHERS or line.startswith(MATCHED)):
                yield line


def constraints() -> dict[str, str]:
    """Return the versions by name: of two lower bounds of a package the higher one."""
    bounds = sorted((bound(requirement) for requirement in requirements()), key=_by_number)
    return dict(bounds)


def bound(requirement: str) -> tuple[str, str]:
    """Return the name and the lower bound of ``name[extra]>=1.2,<2;marker``."""
    match = re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?>=([\w.]+)(?:[,;].*)?", requirement)
    if match is None:
        raise SystemExit(f"setup.cfg: {requirement} has no lower bound")
    return match[1], match[2]


def _settings() -> configparser.ConfigParser:
    settings = configparser.ConfigParser()
    settings.read(SETTINGS, encoding="utf-8")
    return settings


def _by_number(named: tuple[str, str]) -> tuple[str, list[int]]:
    name, version = named
    return name, [int(part) for part in version.split(".")]


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}=={version}\n" for name, version in constraints().items())
