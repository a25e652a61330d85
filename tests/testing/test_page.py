"""The tests that the page on testing shows are run as they stand there."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_docs import ROOT, blocks

PAGE = ROOT / "docs" / "testing.md"


def shown() -> Iterator[Any]:
    for block in blocks(PAGE, "python"):
        names: dict[str, object] = {}
        exec(compile(block.text, str(block), "exec"), names)
        for name, value in names.items():
            if name.startswith("test_"):
                yield pytest.param(value, id=name)


@pytest.mark.emulator
@pytest.mark.parametrize("test", [*shown()])
def test_what_the_page_shows_passes(
    test: Callable[..., Any],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    [config] = blocks(PAGE, "json")
    Path("MockConfigFile.json").write_text(config.text, encoding="utf-8")
    test(*(request.getfixturevalue(name) for name in inspect.signature(test).parameters))


def test_the_page_shows_what_a_failing_test_says() -> None:
    [said] = blocks(PAGE, "text")
    failures = (ROOT / "tests" / "goldens" / "testing" / "failures.txt").read_text(encoding="utf-8")
    assert said.text in failures
