"""Documents with very many things wrong, which are told at once and in few words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cfngen.core.declared import MAX_SUGGESTIONS
from cfngen.documents.nodes import MAX_VALUES
from cfngen.inputs.checking import check_file
from cfngen.reports.findings import Finding


@pytest.fixture
def check(tmp_path: Path) -> Callable[[Any], list[Finding]]:
    """Return what is found in a document, or in the text of one."""

    def check(document: Any) -> list[Finding]:
        path = tmp_path / "machine.asl.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return check_file(str(path))

    return check


def one(**state: Any) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": state}}


def test_places_are_found_in_190_parallels_of_one_name(check: Callable[[Any], list[Finding]]) -> None:
    document = one(Type="Pass", End=True)
    for _ in range(190):
        document = one(Type="Parallel", Branches=[document], End=True)
    text = json.dumps(document)
    columns = [at + 1 for at in range(len(text)) if text.startswith('"A": {', at)][1:]
    assert sorted(finding.column or 0 for finding in check(document)) == columns


def test_places_are_found_under_keys_with_slashes(check: Callable[[Any], list[Finding]]) -> None:
    states = {name: {"Type": "Pass", "Next": "?"} for name in ("a", "a/b", "/", "")}
    document = {"StartAt": "a", "States": states}
    text = json.dumps(document)
    nowhere = [finding for finding in check(document) if finding.problem.location.endswith("/Next")]
    for finding in nowhere:
        name = finding.problem.location.removeprefix("/States/").removesuffix("/Next")
        assert text.startswith('"?"', (finding.column or 0) - 1)
        assert text.index(f'"{name}": {{') < (finding.column or 0)
    assert len(nowhere) >= len(states)


def test_the_first_transitions_to_nowhere_get_a_suggestion(check: Callable[[Any], list[Finding]]) -> None:
    states = {f"s{index}": {"Type": "Pass", "Next": f"s{index}x"} for index in range(MAX_SUGGESTIONS + 5)}
    found = check({"StartAt": "s0", "States": states})
    nowhere = [it.problem for it in found if it.problem.location.endswith("/Next")]
    assert [problem.hint[:12] for problem in nowhere] == ["did you mean"] * MAX_SUGGESTIONS + [
        "a workflow c"
    ] * 5


def test_unknown_fields_beyond_a_thousand_are_counted(check: Callable[[Any], list[Finding]]) -> None:
    found = check(one(Type="Pass", End=True, **{f"Field{index}": 1 for index in range(1_250)}))
    assert len(found) == 1_001
    assert [it.problem.message for it in found if "more" in it.problem.message] == [
        "a Pass has 250 more fields that are not its own"
    ]


def test_json_has_as_many_values_as_yaml(check: Callable[[Any], list[Finding]]) -> None:
    (found,) = check(one(Type="Pass", End=True, Result=[0] * MAX_VALUES))
    assert found.problem.message == "the document has more than 500,000 values"


def test_regular_expressions_that_do_not_end_are_refused(check: Callable[[Any], list[Finding]]) -> None:
    expression = "{% " + "/(" * 4_000 + " %}"
    (found,) = check({"QueryLanguage": "JSONata", **one(Type="Pass", End=True, Output=expression)})
    assert found.problem.code == "INVALID_JSONATA_EXPRESSION"


@pytest.mark.parametrize("command", ["check", "policy", "import", "graph", "audit"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.asl.json", json.dumps(one(Type="Wait", Seconds=1, End=True)).replace("1", f"1{'0' * 400}")),
        ("m.asl.yaml", f"StartAt: A\nStates:\n  A: {{Type: Wait, Seconds: 0x{'f' * 4_000}, End: true}}\n"),
        ("m.asl.json", json.dumps({"QueryLanguage": 1.5, **one(Type="Pass", End=True)})),
        (
            "m.asl.json",
            json.dumps(
                one(
                    Type="Task",
                    Resource="arn:aws:states:::sns:publish",
                    Parameters={"TopicArn": {"at.$": "$.x"}, "Message": "m"},
                    Catch=[{"ErrorEquals": ["States.ALL"], "Next": "A"}],
                    Next="A",
                )
            ),
        ),
        ("m.asl.json", json.dumps(one(Type="Choice", Choices=[], Default={"a": 1}))),
        (
            "m.asl.json",
            json.dumps(
                {
                    "StartAt": "A",
                    "States": {
                        "A": {"Type": "Pass", "Next": "B"},
                        "B": {
                            "Type": "Task",
                            "Resource": "arn:aws:states:::sns:publish",
                            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C"}],
                            "Next": "C",
                        },
                    },
                }
            ),
        ),
    ],
    ids=[
        *("a-number-of-401-digits", "a-hexadecimal-number", "a-language-that-is-a-number", "a-loop"),
        *("a-target-that-is-a-mapping", "two-ways-to-nowhere"),
    ],
)
def test_no_command_breaks_down(tmp_path: Path, command: str, name: str, text: str) -> None:
    from click.testing import CliRunner

    from cfngen.cli import main

    path = tmp_path / name
    path.write_text(text)
    options = {"graph": ["-o", str(tmp_path / "page.html")], "import": ["--force"]}.get(command, [])
    result = CliRunner().invoke(main, [command, str(path), *options])
    assert isinstance(result.exception, SystemExit | None)
    assert result.exit_code in (0, 1, 2)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
@pytest.mark.parametrize("arguments", [["--help"], ["samples"]])
def test_a_full_disk_is_told(arguments: list[str]) -> None:
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "cfngen", *arguments], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert (run.returncode, run.stderr) == (2, "error: cannot write the output: No space left on device\n")
