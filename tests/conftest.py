"""Goldens, the rings of the suite, and what tests of all rooms share."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import npm, rings

# the same few examples each time, so that a change is judged by itself; CI explores, and prints what it finds:
# few examples of most modules, and many of those that the seed chooses
settings.register_profile("short", max_examples=rings.SHORT, derandomize=True, deadline=None, database=None)
settings.register_profile("long", max_examples=rings.LONG, deadline=None, print_blob=True)
settings.register_profile("seeded", max_examples=rings.SHORT, deadline=None, print_blob=True, database=None)
settings.load_profile("short")

GOLDENS = Path(__file__).parent / "goldens"


def pytest_configure(config: pytest.Config) -> None:
    for marker, meaning in rings.MARKERS.items():
        config.addinivalue_line("markers", f"{marker}: {meaning}")
    rings.watch()
    gc.set_threshold(50_000, 20, 50)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    if parent.config.getoption("--hypothesis-profile") == "seeded":
        seed = parent.config.getoption("--hypothesis-seed")
        is_explored = rings.is_explored(module_path.name, seed)
        settings.load_profile("long" if is_explored else "seeded")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rings.mark(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if rings.begin(item):
        # tests stay, and schemas and models that were read: visiting them again and again took a quarter of a run
        gc.collect(1)
        gc.freeze()
    return (yield)


@pytest.fixture(scope="session")
def npm_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the packages from npm that the tests ask."""
    folder = tmp_path_factory.mktemp("npm")
    npm.install(folder)
    return folder


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let processes be interrupted, also where a shell has started the tests in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@cache
def loader(path: str | None) -> Any:
    from botocore.loaders import create_loader

    return create_loader(path)


@pytest.fixture
def models_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all sessions of botocore have one loader, which keeps the models that it has read."""
    monkeypatch.setattr("botocore.session.create_loader", loader)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--goldens", action="store_true", help="write the goldens instead of comparing")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with ``tests/goldens/NAME``."""

    def compare(name: str, text: str) -> None:
        path = GOLDENS / name
        if request.config.getoption("--goldens"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert path.exists(), f"there is no golden {name}: make goldens writes it"
        assert text == path.read_bytes().decode()

    return compare
