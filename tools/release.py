"""Check what a release would bring: ``make release-check`` runs it.

    python tools/release.py

It builds the source distribution and the wheel into ``dist/``, and holds them to what is promised: twine
accepts them, they hold no test, the wheel is no larger and no extra brings more packages than
``docs/installation.md`` says, the extras resolve together with what users have beside them, and the wheel
works in an empty environment on each Python that is installed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lowest import bound, required

ROOT: Final = Path(__file__).parent.parent
DIST: Final = ROOT / "dist"
PAGE: Final = ROOT / "docs" / "installation.md"
PYTHONS: Final = ("3.10", "3.11", "3.12", "3.13", "3.14")
BESIDE: Final = ("aws-sam-cli", "boto3", "pytest")
"""What users have in the same environment; its newest versions."""
COMMANDS: Final = (
    "--version",
    "template batch-job-notification -o job.yaml",
    "asl batch-job-notification",
    "policy job.yaml --explain",
    "check job.yaml",
    "audit job.yaml",
    "diff batch-job-notification job.yaml",
    "import job.yaml -o job.py",
    "graph job.yaml -o job.mmd",
    "new project",
)


def main() -> None:
    """Build and check; end with 1 and the reasons where a promise is not kept."""
    wheel, sdist = _build()
    faults = [*_contents(wheel, sdist), *_growth(wheel)]
    for version in PYTHONS:
        if python := _interpreter(version):
            _try(wheel, python)
            print(f"Python {version}: {len(COMMANDS)} commands ran in an empty environment")
        else:
            print(f"Python {version} is not installed")
    extras = ",".join(name for name in stated() if name)
    together = _resolved(f"{wheel}[{extras}]", *BESIDE)
    print(f"all extras resolve with {', '.join(f'{name} {together[name]}' for name in BESIDE)}")
    if faults:
        sys.exit("\n".join(faults))


def _build() -> tuple[Path, Path]:
    """Return the wheel, which is built from the source distribution, and that."""
    shutil.rmtree(DIST, ignore_errors=True)
    _run(sys.executable, "-m", "build", "--outdir", DIST, ROOT)
    [wheel], [sdist] = DIST.glob("*.whl"), DIST.glob("*.tar.gz")
    _run(sys.executable, "-m", "twine", "check", "--strict", wheel, sdist)
    return wheel, sdist


def _contents(wheel: Path, sdist: Path) -> Iterator[str]:
    """Yield what is missing from them, or should not be in them."""
    version = wheel.name.split("-")[1]
    if f"\n## {version}" not in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"):
        yield f"CHANGELOG.md has nothing about {version}"
    with zipfile.ZipFile(wheel) as archive:
        wheel_names = archive.namelist()
    with tarfile.open(sdist) as source:
        sdist_names = [name.partition("/")[2] for name in source.getnames()]
    committed = _run("git", "-C", ROOT, "ls-files", "cfngen").split()
    for kind, names in (("wheel", wheel_names), ("source distribution", sdist_names)):
        yield from (f"the {kind} does not hold {name}" for name in committed if name not in names)
        yield from (
            f"the {kind} holds the test {name}"
            for name in names
            if re.search(r"(^|/)(tests/|conftest\.py$)|^(?!cfngen/).*test_\w*\.py$", name)
            and "/projects/files/" not in name
        )
    tops = {name.partition("/")[0] for name in wheel_names}
    if tops != {"cfngen", f"cfngen-{version}.dist-info"}:
        yield f"the wheel holds {', '.join(sorted(tops))}"


def _growth(wheel: Path) -> Iterator[str]:
    """Yield what has grown beyond the page."""
    page = PAGE.read_text(encoding="utf-8")
    size = wheel.stat().st_size / 1024
    limit = int(re.findall(r"wheel is smaller than (\d+) KiB", page)[0])
    print(f"the wheel has {size:.0f} KiB of {limit}")
    if size >= limit:
        yield f"the wheel has {size:.0f} KiB; {PAGE.name} says that it is smaller than {limit} KiB"
    for extra, most in stated().items():
        count = len(_resolved(f"{wheel}[{extra}]" if extra else str(wheel)))
        print(f"{extra or 'no extra'}: {count} packages")
        if count > most:
            yield f"{extra or 'cfngen alone'} brings {count} packages; {PAGE.name} says {most}"


def stated() -> dict[str, int]:
    """Return how many packages each extra brings, as the page says; none is the empty text."""
    rows = re.findall(
        r"^\| (?:`(\w+)`|none) \|.*\| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {extra: int(count) for extra, count in rows}


def _resolved(*requirements: str) -> dict[str, str]:
    """Return the versions that pip would install into an empty environment, by name."""
    command = (sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet")
    report = json.loads(_run(*command, "--report", "-", *requirements))
    return {each["metadata"]["name"]: each["metadata"]["version"] for each in report["install"]}


def _interpreter(version: str) -> str | None:
    """Return the command of an interpreter that starts."""
    command = shutil.which(f"python{version}")
    if command is None or subprocess.run([command, "-c", ""], capture_output=True).returncode:
        return None
    return command


def _try(wheel: Path, python: str) -> None:
    """Run commands of the wheel in an empty environment, with the lowest versions of what it requires."""
    with tempfile.TemporaryDirectory() as folder:
        _run(python, "-m", "venv", "environment", cwd=folder)
        programs = Path(folder, "environment", "bin")
        lowest = "".join(f"{'=='.join(bound(requirement))}\n" for requirement in required())
        Path(folder, "lowest.txt").write_text(lowest, encoding="utf-8")
        _run(programs / "pip", "install", "--quiet", "--constraint", "lowest.txt", wheel, cwd=folder)
        for command in COMMANDS:
            _run(programs / "cfngen", *command.split(), cwd=folder)
        committed = (ROOT / "templates" / "batch-job-notification.yaml").read_bytes()
        if Path(folder, "job.yaml").read_bytes() != committed:
            sys.exit(f"{python} writes another template than the committed one")


def _run(*command: str | Path, cwd: str | Path | None = None) -> str:
    ended = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, encoding="utf-8")
    if ended.returncode:
        words = " ".join(str(part) for part in command)
        sys.exit(f"{words} ended with {ended.returncode}\n{ended.stdout}{ended.stderr}")
    return ended.stdout


if __name__ == "__main__":
    main()
