"""The tests of a mutant: those of its room, and first of all the quick ones that run what it changes."""

from __future__ import annotations

import importlib
import os
import resource
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from enum import Enum
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

from mutation import ROOT, Mutant

FIRST_SECONDS: Final = 5
"""Of the processor, at most, for the tests that are tried before all the others."""
MAX_BYTES: Final = 8 * 2**30
"""Of memory, for one process with a mutant."""

# what `make test` runs, but not the emulator, which is another process
_MARKERS: Final = "not (emulator or browser or npm or index or long)"
_NO_TESTS: Final = 5
_STILLBORN: Final = 99


class Outcome(Enum):
    """What the tests said of a mutant."""

    PASSED = "got through"
    UNSEEN = "got through, no test of its room runs it"
    FAILED = "was caught"
    ENDLESS = "was caught by the time it took"
    STILLBORN = "cannot be imported"


class Tests:
    """Which tests there are, the seconds of the processor that they take, and which lines they run."""

    def __init__(self) -> None:
        self._seconds: dict[str, dict[str, float]] = {}
        self._lines: dict[tuple[str, int], set[str]] = defaultdict(set)

    def record(self, folder: str) -> bool:
        """Run the tests of a folder or file as they are, and take note; return whether they pass."""
        with tempfile.TemporaryDirectory() as temporary:
            file, seconds = Path(temporary, "lines"), Path(temporary, "seconds")
            status = _in_child(lambda: _recorded(folder, file, seconds))
            if status or not file.exists():
                return False
            rows = seconds.read_text(encoding="utf-8").splitlines()
            self._seconds[folder] = {
                test: float(took) for took, test in (row.split(" ", 1) for row in rows)
            }
            self._read(file)
        return True

    def _read(self, file: Path) -> None:
        from coverage import CoverageData

        data = CoverageData(str(file))
        data.read()
        for path in data.measured_files():
            name = Path(path).relative_to(ROOT).as_posix()
            for line, tests in data.contexts_by_lineno(path).items():
                self._lines[name, line].update(test for test in tests if test)

    def outcome(self, mutant: Mutant, folders: Sequence[str]) -> Outcome:
        """Run the tests of some folders with a mutant in the place of its module."""
        seconds = {test: took for folder in folders for test, took in self._seconds[folder].items()}
        first = self._first(mutant, seconds)
        if first:
            outcome = _tried(mutant, _files(first, seconds), first, sum(seconds[test] for test in first))
            if outcome is not Outcome.PASSED:
                return outcome
        # what is kept between tests may hide from one of them that another one runs the line
        outcome = _tried(mutant, folders, None, sum(seconds.values()))
        return Outcome.UNSEEN if outcome is Outcome.PASSED and not first else outcome

    def _first(self, mutant: Mutant, seconds: dict[str, float]) -> set[str]:
        """Return quick tests that run what a mutant changes, or anything of its module if none does."""
        tests = self._of(mutant.path, mutant.lines) & seconds.keys()
        if not tests or not mutant.in_function:
            tests |= self._of(mutant.path, range(1, 10_000)) & seconds.keys()
        first: set[str] = set()
        left = float(FIRST_SECONDS)
        for test in sorted(tests, key=lambda test: seconds[test]):
            left -= seconds[test]
            if left < 0 and first:
                break
            first.add(test)
        return first

    def _of(self, path: str, lines: range) -> set[str]:
        return {test for line in lines for test in self._lines.get((path, line), ())}


def _files(tests: set[str], seconds: dict[str, float]) -> list[str]:
    """Return the files of tests, the quickest first."""
    took: dict[str, float] = defaultdict(float)
    for test in tests:
        took[test.partition("::")[0]] += seconds[test]
    return sorted(took, key=lambda file: (took[file], file))


def prepare() -> None:
    """Import what many tests import and no mutant is in, once; and nothing of cfngen."""
    os.chdir(ROOT)
    sys.dont_write_bytecode = False  # or each child would compile all tests anew
    sys.path.insert(0, str(ROOT))
    for name in (
        "awacs.aws",
        "botocore.loaders",
        "coverage",
        "hypothesis",
        "pytest",
        "troposphere",
        "yaml",
    ):
        importlib.import_module(name)


def _tried(mutant: Mutant, paths: Sequence[str], only: set[str] | None, seconds: float) -> Outcome:
    """Run tests with a mutant, for a few times the seconds that they take without one."""
    status = _in_child(lambda: _with(mutant, paths, only), 10 + 3 * seconds)
    if status in {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM}:
        return Outcome.ENDLESS
    if status == _STILLBORN:
        return Outcome.STILLBORN
    return Outcome.PASSED if status in {0, _NO_TESTS} else Outcome.FAILED


def _in_child(run: Callable[[], int], seconds: float | None = None) -> int:
    """Run something in a child process, silently, and return how it ended."""
    child = os.fork()
    if not child:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        if seconds is not None:
            limit = int(seconds)
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
            resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
            signal.alarm(60 + 5 * limit)  # one that waits takes no time of the processor
        os._exit(run())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _with(mutant: Mutant, paths: Sequence[str], only: set[str] | None) -> int:
    sys.meta_path.insert(0, _Finder(mutant))
    try:
        importlib.import_module(mutant.module)
    except Exception:
        return _STILLBORN
    return _pytest(paths, _Chosen(only))


def _recorded(folder: str, file: Path, seconds: Path) -> int:
    import coverage

    measured = coverage.Coverage(
        data_file=str(file), include=[f"{ROOT}/cfngen/*"], config_file=False, messages=False
    )
    measured.set_option("run:core", "ctrace")  # that of Python 3.14 cannot tell the tests apart
    measured.start()
    recorder = _Recorder(measured.switch_context)
    status = _pytest([folder], recorder)
    measured.stop()
    measured.save()
    seconds.write_text("".join(f"{took} {test}\n" for test, took in recorder.seconds.items()), "utf-8")
    return status


def _pytest(paths: Sequence[str], plugin: object) -> int:
    import pytest

    # pytest would load the modules by itself to rewrite their assertions, and so without their faults
    options = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "-m", _MARKERS]
    return int(pytest.main([*options, *paths], plugins=[plugin]))


class _Chosen:
    """A plugin of pytest: lets some tests run alone."""

    def __init__(self, only: set[str] | None) -> None:
        self.only = only

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        if self.only is not None:
            items[:] = [item for item in items if item.nodeid in self.only]


class _Recorder:
    """A plugin of pytest: tells what measures lines which test runs, and how long it took."""

    def __init__(self, begin: Callable[[str], object]) -> None:
        self.begin = begin
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.begin(nodeid)
        self.seconds[nodeid] = -time.process_time()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.seconds[nodeid] += time.process_time()


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.mutant.module:
            return None
        file = str(ROOT / self.mutant.path)
        loader = _Loader(fullname, file, self.mutant)
        inside = [str(Path(file).parent)] if file.endswith("__init__.py") else None
        return spec_from_file_location(fullname, file, loader=loader, submodule_search_locations=inside)


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, mutant: Mutant) -> None:
        super().__init__(name, path)
        self.tree = mutant.tree

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.tree, self.path, "exec")
