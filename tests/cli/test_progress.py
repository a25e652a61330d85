"""What a command shows on a terminal while it works."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cfngen.cli import main
from cfngen.cli import progress as progress_module
from cfngen.cli.progress import progress

REMOVED = "\r\x1b[K"


class Terminal(io.StringIO):
    """Standard error as a terminal; tells when a text has been written."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = threading.Condition()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self.changed:
            count = super().write(text)
            self.changed.notify_all()
        return count

    def wait_for(self, text: str) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: text in self.getvalue(), timeout=5)


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make standard error a terminal, which no fixture can: pytest sets it anew for each phase of a test."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress_module, "DELAY_SECONDS", 0.0)
    monkeypatch.setattr(progress_module, "_REDRAW_SECONDS", 0.001)
    return terminal


def test_each_item_is_named_and_the_line_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    with progress() as at:
        for item in at.each(["a.yaml", "b.yaml"]):
            terminal.wait_for(item)
    assert terminal.getvalue() == f"{REMOVED}1 of 2: a.yaml{REMOVED}2 of 2: b.yaml{REMOVED}"
    assert sys.stderr is terminal


def test_a_message_takes_the_place_of_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    with progress("working") as at:
        terminal.wait_for("working")
        at.say("")
        terminal.wait_for(f"working{REMOVED}")
        at.say("on")
        terminal.wait_for("on")
        click.echo("warning: w", err=True)
        at.say("")
    assert f"{REMOVED}on{REMOVED}warning: w\n" in terminal.getvalue()


def test_the_half_of_a_line_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    shown: Callable[..., None] = click.echo
    with progress() as at:
        shown("half ", err=True, nl=False)
        at.say("working")
        threading.Event().wait(0.02)
        shown("a line", err=True)
        terminal.wait_for("working")
    assert terminal.getvalue() == f"half a line\n{REMOVED}working{REMOVED}"


def test_nothing_is_shown_of_what_takes_less_than_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    monkeypatch.setattr(progress_module, "DELAY_SECONDS", 1.0)
    with progress("working"):
        threading.Event().wait(0.02)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("text", ["x" * 40, "字" * 40, "a\x1b[2J\n" * 40])
def test_a_long_name_stays_within_one_line(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    with progress(text):
        terminal.wait_for(REMOVED)
    [_, line, last] = terminal.getvalue().split(REMOVED)
    assert (line[:1], last) == (text[:1], "")
    assert line.isprintable()
    assert len(line) == (14 if line[0] == "字" else 29)


def test_a_file_and_a_dumb_terminal_show_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    monkeypatch.setenv("TERM", "dumb")
    with progress("working"):
        threading.Event().wait(0.02)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress("working"):
        assert isinstance(sys.stderr, io.StringIO)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("command", ["check", "audit", "lint"])
def test_commands_over_many_files_say_which_is_at_work(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(progress_module.Progress, "say", lambda self, text: said.append(text))
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text('{"Resources": {}}')
    paths = [tmp_path] if command != "lint" else sorted(tmp_path.iterdir())
    CliRunner().invoke(main, [command, *map(str, paths)])
    assert said[-2:] == [f"1 of 2: {tmp_path / 'a.json'}", f"2 of 2: {tmp_path / 'b.json'}"]
