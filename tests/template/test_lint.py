"""The command ``cfn-lint``, started anew for each template, is the truth that findings are held to."""

import json
import logging
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cfngen.core.installation import install_command
from cfngen.template.lint import (
    ALL_REGIONS,
    LintFinding,
    as_json,
    as_sarif,
    as_text,
    lint,
    lint_file,
    regions,
)
from tests.rows import each_row

VALID = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Topic: {Type: AWS::SNS::Topic}
"""

WITH_ERRORS = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Tusk}}}
  Queue: {Type: AWS::Batch::JobQueue, Properties: {Priority: high}}
"""

WITH_A_WARNING = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Unused: {Type: String}
Resources:
  Topic: {Type: AWS::SNS::Topic}
"""

WITH_INFORMATION = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}
"""

WITH_CHECKS_IGNORED = """\
AWSTemplateFormatVersion: "2010-09-09"
Metadata: {cfn-lint: {config: {ignore_checks: [W2001]}}}
Parameters:
  Unused: {Type: String}
Resources:
  Ignoring:
    Type: AWS::Logs::LogGroup
    Metadata: {cfn-lint: {config: {ignore_checks: [I3011]}}}
    Properties: {RetentionInDays: 7}
  Hearing:
    Type: AWS::Logs::LogGroup
    Properties: {RetentionInDays: 7}
"""

IN_FEW_REGIONS = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Service:
    Type: AWS::AppRunner::Service
    Properties:
      SourceConfiguration:
        ImageRepository:
          ImageIdentifier: public.ecr.aws/nginx/nginx
          ImageRepositoryType: ECR_PUBLIC
"""

BROKEN = """\
Resources: [1,
Outputs: }
"""

IN_JSON = """\
{
\t"AWSTemplateFormatVersion": "2010-09-09",
\t"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"Tpicname": "x"}}}
}
"""

ALIASES_OF_ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefg", "bcdefgh", strict=True)
)


def rules_of(findings: list[LintFinding]) -> list[str]:
    return [finding.rule for finding in findings]


def in_order(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # The command leaves the order of findings on one line by one rule to chance.
    return sorted(found, key=lambda it: json.dumps(it, sort_keys=True))


def without_ids(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return in_order([{k: v for k, v in it.items() if k not in {"Id", "ParentId"}} for it in found])


TEMPLATES = {
    "a-valid-template": (VALID, "us-east-1"),
    "errors": (WITH_ERRORS, "us-east-1"),
    "a-warning": (WITH_A_WARNING, "us-east-1"),
    "information": (WITH_INFORMATION, "us-east-1"),
    "checks-that-the-template-ignores": (WITH_CHECKS_IGNORED, "us-east-1"),
    "another-region": (IN_FEW_REGIONS, "us-west-1"),
    "all-regions": (IN_FEW_REGIONS, "ALL_REGIONS"),
    "broken-yaml": (BROKEN, "us-east-1"),
    "json": (IN_JSON, "us-east-1"),
}


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all of them."""
    folder = tmp_path_factory.mktemp("templates")
    for name, (text, _) in TEMPLATES.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@cache
def command(folder: Path, region: str) -> list[dict[str, Any]]:
    """Give what ``cfn-lint --format json`` prints about the templates of a region."""
    paths: list[str | Path] = [
        folder / f"{name}.yaml" for name, (_, its_region) in TEMPLATES.items() if its_region == region
    ]
    done = subprocess.run(
        [
            Path(sys.executable).with_name("cfn-lint"),
            *("--format", "json", "--include-checks", "I", "--regions", region),
            *("--config-file", os.devnull, "--"),
            *paths,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return in_order(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", TEMPLATES)
def test_findings_are_those_of_the_command(name: str, templates: Path) -> None:
    path = templates / f"{name}.yaml"
    text, region = TEMPLATES[name]
    expected = [it for it in command(templates, region) if it["Filename"] == str(path)]
    from_file = json.loads(as_json(lint_file(path, regions=[region])))
    from_text = json.loads(as_json(lint(text, filename=str(path), regions=[region])))
    assert in_order(from_file) == expected
    # cfn-lint makes its ids from the name of the file, which it is not told when it gets text.
    assert without_ids(from_text) == without_ids(expected)


def test_json_is_written_as_the_command_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(WITH_INFORMATION, encoding="utf-8")
    (finding, *_) = found = lint_file(path)
    assert as_json(found) == json.dumps(
        json.loads(as_json(found)), indent=4, sort_keys=True, separators=(",", ": ")
    )
    assert json.loads(as_json(found))[0]["Id"] == finding.id


def test_findings_come_by_line() -> None:
    lines = [finding.line for finding in lint(WITH_ERRORS)]
    assert lines == [5, 6, 7, 7, 7, 7]


def test_a_finding_names_the_one_that_it_explains() -> None:
    (parent,) = {finding.parent for finding in lint(WITH_ERRORS)} - {None}
    assert [finding.rule for finding in lint(WITH_ERRORS) if finding.id == parent] == ["E3018"]


def test_a_finding_holds_the_keys_that_lead_to_its_place() -> None:
    (finding,) = (finding for finding in lint(WITH_ERRORS) if finding.rule == "E3601")
    assert finding.path is not None
    assert "/".join(map(str, finding.path)) == "Resources/Machine/Properties/Definition/States/A/Type"
    assert {type(key) for key in finding.path} == {str}


def test_text_is_one_line_a_finding() -> None:
    assert as_text(lint(WITH_A_WARNING, filename="stack.yaml")) == (
        "stack.yaml:3:3: Parameter Unused not used. [W2001]"
    )


def test_a_message_of_several_lines_becomes_one() -> None:
    assert str(made_up(message="first\n    second")) == "stack.yaml:3:5: first second [E9999]"


def test_text_has_no_characters_that_a_terminal_obeys() -> None:
    assert as_text([made_up(message="a\x1b[31m\u202eb")]) == ("stack.yaml:3:5: a\\x1b[31m\\u202eb [E9999]")


def test_text_of_no_findings_is_empty() -> None:
    assert as_text([]) == ""


def test_information_can_be_left_out() -> None:
    assert rules_of(lint(WITH_INFORMATION)) == ["I3011", "I3011"]
    assert lint(WITH_INFORMATION, informational=False) == []


def test_experimental_rules_are_heard_on_request() -> None:
    silent = set(rules_of(lint(VALID)))
    heard = set(rules_of(lint(VALID, experimental=True)))
    assert "I4010" in heard - silent


@each_row(
    "text",
    [
        pytest.param("just words", id="a scalar"),
        pytest.param("- a\n- b\n", id="a list"),
        pytest.param("Resources: {}\n---\nResources: {}\n", id="two documents"),
        pytest.param("Resources: {}\nResources: {}\n", id="a key twice"),
        pytest.param("Resources: {1: a, 1: b}\n", id="a number twice as key"),
        pytest.param("a: \x00\n", id="a control character"),
        pytest.param("a: \ud800\n", id="half a surrogate pair"),
        pytest.param("!!python/object:os.system x\n", id="a Python object"),
        pytest.param("Resources: &a {X: *a}\n", id="an alias of itself"),
        pytest.param(ALIASES_OF_ALIASES, id="aliases of aliases"),
        pytest.param("[" * 5000 + "]" * 5000, id="deep nesting"),
    ],
)
def test_text_that_is_no_template_gives_findings(text: str) -> None:
    found = lint(text, filename="stack.yaml")
    assert set(rules_of(found)) == {"E0000"}
    assert {(finding.filename, finding.path) for finding in found} == {("stack.yaml", None)}


@each_row("text", ["", "\n\n", "# nothing\n", "null\n"])
def test_an_empty_template_lacks_resources(text: str) -> None:
    assert rules_of(lint(text)) == ["E1001"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Metadata: []\nResources: {}\n", id="Metadata is a list"),
        pytest.param("Metadata:\nResources: {}\n", id="Metadata is null"),
        pytest.param(
            "Metadata: {cfn-lint: {config: {ignore_checks: [1]}}}\nResources: {}\n",
            id="a rule is a number",
        ),
    ],
)
def test_a_template_that_breaks_cfn_lint_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"^stack\.yaml: cfn-lint \S+ breaks down on this template: "):
        lint(text, filename="stack.yaml")


def test_linting_goes_on_after_a_template_that_broke_cfn_lint() -> None:
    with pytest.raises(ValueError, match="breaks down"):
        lint("Metadata: []\nResources: {}\n")
    assert rules_of(lint(WITH_A_WARNING)) == ["W2001"]


@pytest.mark.parametrize("content", [b"Description: caf\xe9\n", None], ids=["Latin-1", "no file"])
def test_a_file_that_cannot_be_read_gives_a_finding(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    if content is not None:
        path.write_bytes(content)
    assert rules_of(lint_file(path)) == ["E0000"]


def test_only_a_file_has_a_size(tmp_path: Path) -> None:
    text = VALID + "# padding\n" * 110_000
    path = tmp_path / "template.yaml"
    path.write_text(text, encoding="utf-8")
    assert "E1002" in rules_of(lint_file(path))
    assert lint(text, filename=str(path)) == []


def test_all_regions_are_the_regions_that_cfn_lint_knows() -> None:
    assert lint(IN_FEW_REGIONS, regions=ALL_REGIONS) == lint(IN_FEW_REGIONS, regions=regions())
    assert {"us-east-1", "cn-north-1", "us-gov-west-1"} < set(regions())


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["us-east-1", "mars-1"], "^cfn-lint knows no region 'mars-1'$"),
        ("us-east-1", "^regions must be a sequence of one or more names, not 'us-east-1'$"),
        ([], r"^regions must be a sequence of one or more names, not \[\]$"),
    ],
)
def test_regions_must_be_known(names: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lint(VALID, regions=names)


def test_a_template_is_judged_alike_whatever_was_linted_before() -> None:
    first = [lint(IN_FEW_REGIONS), lint(WITH_ERRORS), lint(WITH_CHECKS_IGNORED)]
    lint(WITH_ERRORS, regions=ALL_REGIONS, experimental=True)
    lint(IN_FEW_REGIONS, regions=["us-west-1"], informational=False)
    lint(BROKEN)
    assert [lint(IN_FEW_REGIONS), lint(WITH_ERRORS), lint(WITH_CHECKS_IGNORED)] == first


def test_how_one_template_configures_a_rule_does_not_reach_the_next() -> None:
    lax = """\
Metadata: {cfn-lint: {config: {configure_rules: {E3012: {strict: false}}}}}
Resources:
  Machine:
    Type: AWS::Batch::JobQueue
    Properties: {Priority: "1", ComputeEnvironmentOrder: []}
"""
    strict = lax.replace("strict: false", "strict: true")
    plain = lax.replace("{strict: false}", "{}")
    before = rules_of(lint(plain))
    assert "E3012" in rules_of(lint(strict))
    assert "E3012" not in rules_of(lint(lax))
    assert rules_of(lint(strict)) != rules_of(lint(lax))
    assert rules_of(lint(plain)) == before


@pytest.mark.slow
def test_threads_do_not_disturb_each_other() -> None:
    # The rule on overlapping subnets remembers those that it has met in the present template.
    overlapping = """\
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  One: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Two: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
"""
    apart = overlapping.replace("Two", "Three").replace("10.0.0.0/24", "10.0.1.0/24", 1)
    with ThreadPoolExecutor(max_workers=4) as pool:
        found = list(pool.map(lint, [overlapping, apart] * 12))
    assert [rules_of(it) for it in found] == [["E3060"], []] * 12


def test_rules_are_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lint(VALID)
    monkeypatch.setattr("cfnlint.rules.Rules.create_from_directory", None)
    assert rules_of(lint(WITH_A_WARNING)) == ["W2001"]


def test_configuration_files_and_the_environment_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = lint(WITH_A_WARNING)
    (tmp_path / ".cfnlintrc").write_text("ignore_checks: [W2001]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_REGION", "mars-1")
    assert lint(WITH_A_WARNING) == expected


@pytest.mark.slow
def test_nothing_is_printed(tmp_path: Path) -> None:
    # In a process of its own: pytest's handlers would catch what Python prints for want of any.
    # cfn-lint logs an error for a file that is missing.
    script = "from cfngen.template.lint import lint_file; assert lint_file('missing.yaml')"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_logging_is_left_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    loggers = [logging.getLogger(), logging.getLogger("cfnlint")]
    before = [(logger.level, logger.handlers[:]) for logger in loggers]
    lint_file("missing.yaml")
    assert [(logger.level, logger.handlers[:]) for logger in loggers] == before
    assert "Template file not found: missing.yaml" in caplog.messages


def test_importing_the_module_does_not_import_cfn_lint() -> None:
    script = "import sys, cfngen.template.lint; sys.exit('cfnlint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_without_cfn_lint_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cfnlint.runner", None)
    with pytest.raises(ImportError, match=rf"{re.escape(install_command('lint'))}$"):
        lint(VALID)


def made_up(**fields: Any) -> LintFinding:
    return LintFinding(
        **{
            "rule": "E9999",
            "severity": "error",
            "message": "message",
            "filename": "stack.yaml",
            "line": 3,
            "column": 5,
            "end_line": 3,
            "end_column": 9,
            "path": None,
            "title": "Title",
            "description": "Description",
            "documentation": "https://example.com/",
            "id": "0",
            **fields,
        }
    )


def sarif_run(findings: list[LintFinding]) -> Any:
    (run,) = json.loads(as_sarif(findings))["runs"]
    return run


def sarif_uri(filename: str) -> Any:
    (result,) = sarif_run([made_up(filename=filename)])["results"]
    return result["locations"][0]["physicalLocation"]["artifactLocation"]


# What `cfnlint.formatters.SARIFFormatter` of cfn-lint 1.58.0 made of three matches. It is written
# down because it needs packages that cfn-lint does not bring; its rules, which it lists in random
# order, are in that of the results.
SARIF_OF_CFN_LINT: dict[str, Any] = {
    "rules": [
        {
            "id": "E9999",
            "fullDescription": {"text": "Description"},
            "helpUri": "https://example.com/",
            "shortDescription": {"text": "Title"},
        },
        {
            "id": "W9999",
            "fullDescription": {"text": "Description"},
            "helpUri": "https://example.com/",
            "shortDescription": {"text": "Title"},
        },
        {
            "id": "I9999",
            "fullDescription": {"text": "Description"},
            "helpUri": "https://example.com/",
            "shortDescription": {"text": "Title"},
        },
    ],
    "originalUriBaseIds": {
        "EXECUTIONROOT": {"description": {"text": "The directory in which cfn-lint was run."}}
    },
    "results": [
        {
            "message": {"text": "message"},
            "level": "error",
            "locations": [
                {
                    "physicalLocation": {
                        "region": {"endColumn": 9, "endLine": 4, "startColumn": 5, "startLine": 3},
                        "artifactLocation": {"uri": "stack.yaml", "uriBaseId": "EXECUTIONROOT"},
                    }
                }
            ],
            "ruleId": "E9999",
        },
        {
            "message": {"text": "message"},
            "locations": [
                {
                    "physicalLocation": {
                        "region": {"endColumn": 9, "endLine": 5, "startColumn": 5, "startLine": 4},
                        "artifactLocation": {"uri": "stack.yaml", "uriBaseId": "EXECUTIONROOT"},
                    }
                }
            ],
            "ruleId": "W9999",
        },
        {
            "message": {"text": "message"},
            "level": "note",
            "locations": [
                {
                    "physicalLocation": {
                        "region": {"endColumn": 9, "endLine": 6, "startColumn": 5, "startLine": 5},
                        "artifactLocation": {"uri": "stack.yaml", "uriBaseId": "EXECUTIONROOT"},
                    }
                }
            ],
            "ruleId": "I9999",
        },
    ],
}


def test_sarif_says_what_the_formatter_of_cfn_lint_says() -> None:
    run = sarif_run(
        [
            made_up(rule="E9999", severity="error", line=3, end_line=4),
            made_up(rule="W9999", severity="warning", line=4, end_line=5),
            made_up(rule="I9999", severity="informational", line=5, end_line=6),
        ]
    )
    # The formatter has no index, and omits the level that is SARIF's default.
    results = [{k: v for k, v in it.items() if k != "ruleIndex"} for it in run["results"]]
    expected = [{"level": "warning"} | it for it in SARIF_OF_CFN_LINT["results"]]
    assert results == expected
    assert run["tool"]["driver"]["rules"] == SARIF_OF_CFN_LINT["rules"]
    assert run["originalUriBaseIds"] == SARIF_OF_CFN_LINT["originalUriBaseIds"]


def test_sarif_lists_each_rule_once_in_the_order_first_met() -> None:
    run = sarif_run([made_up(rule=rule) for rule in ("W1", "E2", "W1", "I3", "E2")])
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["W1", "E2", "I3"]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 0, 2, 1]


def test_sarif_of_a_rule_without_documentation_links_to_the_list_of_rules() -> None:
    (rule,) = sarif_run([made_up(documentation="")])["tool"]["driver"]["rules"]
    assert rule["helpUri"] == (
        "https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md#E9999"
    )


def test_sarif_of_no_findings_is_a_run_without_results() -> None:
    assert sarif_run([])["results"] == []


@pytest.mark.parametrize(
    ("filename", "location"),
    [
        ("stacks/batch.yaml", {"uri": "stacks/batch.yaml", "uriBaseId": "EXECUTIONROOT"}),
        ("my stack.yaml", {"uri": "my%20stack.yaml", "uriBaseId": "EXECUTIONROOT"}),
        ("flows:template", {"uri": "flows%3Atemplate", "uriBaseId": "EXECUTIONROOT"}),
    ],
)
def test_sarif_names_files_by_uri(filename: str, location: dict[str, str]) -> None:
    assert sarif_uri(filename) == location


def test_sarif_names_a_file_outside_by_its_whole_address(tmp_path: Path) -> None:
    path = tmp_path / "stack.yaml"
    assert sarif_uri(os.fspath(path)) == {"uri": path.as_uri()}


def test_an_expression_of_jsonata_for_a_number_is_no_text_for_one() -> None:
    text = """\
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/r
      Definition:
        QueryLanguage: JSONata
        StartAt: A
        States:
          A: {Type: Map, MaxConcurrency: '{% $n %}', ItemProcessor: {StartAt: I, States: {I: {Type: Pass, End: true}}}, End: true}
"""
    assert [finding.message for finding in lint(text) if finding.rule == "E3601"] == []
    wrong = lint(text.replace("'{% $n %}'", "'many'"))
    assert [finding.rule for finding in wrong if "'many'" in finding.message] == ["E3601"]
