"""cfn-lint in process: what AWS's linter says of a template, without starting it anew each time.

Loading cfn-lint's rules takes several times as long as linting a template with them, so the rules
are loaded once a process and kept. Importing this module does not import cfn-lint, which is the
optional extra ``cfngen[lint]``.

What CloudFormation refuses of the template and cfn-lint does not tell comes with its findings.

Results depend on the template and on the installed cfn-lint alone: ``.cfnlintrc`` files, whether in
the current directory or in the home directory, and ``AWS_REGION`` are not read. What the template
itself says under ``Metadata: cfn-lint`` counts, as it does for the command ``cfn-lint``.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import version
from threading import Lock
from typing import Any, Final

from cfngen.cfn.functions import is_name
from cfngen.core.installation import install_command
from cfngen.core.problems import Problem
from cfngen.documents.source import ReadError, Source, parse, read_file
from cfngen.template.lint_findings import (
    FORMATS,
    LintFinding,
    as_github,
    as_json,
    as_sarif,
    as_text,
    selected,
)
from cfngen.template.refusals import refusals

__all__ = [
    "ALL_REGIONS",
    "FORMATS",
    "LintFinding",
    "as_github",
    "as_json",
    "as_sarif",
    "as_text",
    "lint",
    "lint_file",
    "regions",
    "selected",
]

ALL_REGIONS: Final = ("ALL_REGIONS",)
"""Every region that cfn-lint knows, for ``regions=``; `regions` gives their names."""


def lint(
    text: str,
    *,
    filename: str = "template",
    regions: Sequence[str] = ("us-east-1",),
    informational: bool = True,
    experimental: bool = False,
) -> list[LintFinding]:
    """Lint a template, in YAML or JSON, from memory; findings come by line, then by rule.

    ``filename`` is what findings call the template, and is never opened. Rules that look at files,
    at the template's own size (E1002, I1002) or at nested templates beside it (E3043), are silent
    here; `lint_file` has them.

    Text that is not a template gives findings too (E0000). Raises ValueError for regions that cfn-lint
    does not know, and for a template on which cfn-lint itself breaks down; ImportError where
    cfn-lint is not installed.
    """
    options = _cfnlint_options(regions, informational, experimental)
    decode = import_module("cfnlint.decode.decode")
    runner = import_module("cfnlint.runner")

    def matches(config: Any, rules: Any) -> Any:
        template, errors = decode.decode_str(text)
        return errors or runner.run_template_by_data(template, config, rules)

    return _with_refusals(_lint_findings(matches, filename, options), text, filename)


def lint_file(
    path: str | os.PathLike[str],
    *,
    regions: Sequence[str] = ("us-east-1",),
    informational: bool = True,
    experimental: bool = False,
) -> list[LintFinding]:
    """Lint a template as the command ``cfn-lint`` does: with its size, and the files it names.

    A file that is missing, a directory, or not UTF-8 gives a finding (E0000). Outputs of a nested
    template are known only if it lies inside the current directory: cfn-lint reads none outside.
    Raises as `lint` does.
    """
    options = _cfnlint_options(regions, informational, experimental)
    filename = os.fspath(path)
    runner = import_module("cfnlint.runner")

    def matches(config: Any, rules: Any) -> Any:
        return runner.run_template_by_file_path(filename, config, rules, False)

    findings = _lint_findings(matches, filename, options)
    try:
        text = read_file(filename)
    except (OSError, ReadError):  # of which cfn-lint has spoken
        return findings
    return _with_refusals(findings, text, filename)


def regions() -> tuple[str, ...]:
    """Give the names of all regions that the installed cfn-lint knows; ImportError without it."""
    _require_cfnlint()
    return tuple(import_module("cfnlint.helpers").REGIONS)


# cfn-lint's rules carry state from one part of a run to the next, and all runs share them.
_ONE_RUN_AT_A_TIME: Final = Lock()

_TROUBLESHOOTING: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html"
)


def _require_cfnlint() -> None:
    try:
        import_module("cfnlint.runner")
    except ImportError as error:
        raise ImportError(
            f"linting needs cfn-lint, which is not installed: {install_command('lint')}"
        ) from error


def _cfnlint_options(names: Sequence[str], informational: bool, experimental: bool) -> dict[str, Any]:
    # With no region at all, cfn-lint would take one from the environment.
    if isinstance(names, str) or not names:
        raise ValueError(f"regions must be a sequence of one or more names, not {names!r}")
    known = {*regions(), *ALL_REGIONS}
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"cfn-lint knows no region {', '.join(map(repr, unknown))}")
    return {
        "regions": list(names),
        "include_checks": ["I"] if informational else [],
        "include_experimental": experimental,
    }


def _cfnlint_config(**options: Any) -> Any:
    # A configuration file that is empty by nature keeps cfn-lint from looking for others.
    return import_module("cfnlint.config").ConfigMixIn(["--config-file", os.devnull], **options)


@cache
def _cfnlint_rules() -> Any:
    return import_module("cfnlint.runner").Runner(_cfnlint_config()).rules


def _lint_findings(
    matches: Callable[[Any, Any], Any], filename: str, options: dict[str, Any]
) -> list[LintFinding]:
    with _ONE_RUN_AT_A_TIME, _logs_kept_off_stderr():
        try:
            findings = [
                _lint_finding(match, filename)
                for match in matches(_cfnlint_config(**options), _cfnlint_rules())
            ]
            findings = [finding for finding in findings if not _is_of_a_jsonata_number(finding)]
        except Exception as error:
            # cfn-lint takes parts of a template on trust, such as the shape of its Metadata.
            raise ValueError(
                f"{filename}: cfn-lint {version('cfn-lint')} breaks down on this template: "
                f"{type(error).__name__}: {error}"
            ) from error
    return _sorted_findings(findings)


def _is_of_a_jsonata_number(finding: LintFinding) -> bool:
    """Tell whether cfn-lint takes an expression of JSONata for text where a number is due.

    https://github.com/aws-cloudformation/cfn-lint/issues/4342
    """
    return finding.rule == "E3601" and _JSONATA_NUMBER.match(finding.message) is not None


_JSONATA_NUMBER: Final = re.compile(r"'\{%.*%\}' is not of type '(?:integer|number|boolean)'", re.DOTALL)


def _sorted_findings(findings: list[LintFinding]) -> list[LintFinding]:
    return sorted(findings, key=lambda it: (it.line, it.rule, it.column, it.message, it.id))


def _with_refusals(findings: list[LintFinding], text: str, filename: str) -> list[LintFinding]:
    """Return the findings and what CloudFormation refuses besides, such as nulls in a definition."""
    try:
        source = parse(text, filename)
        # a section that is missing is no template to cfn-lint
        refused = (
            refusals(source.data) if isinstance(source.data, Mapping) and "Resources" in source.data else []
        )
    except (ReadError, TypeError, ValueError):  # of which cfn-lint speaks
        return findings
    reported = {place for it in findings if it.severity == "error" for place in _places_at(it.path or ())}
    own = (it for it in refused if not reported.intersection(_places_at(source.keys(it.location))))
    return _sorted_findings([*findings, *(_refusal_finding(problem, source) for problem in own)])


def _places_at(path: Iterable[str | int]) -> Iterator[tuple[str, ...]]:
    """Yield a place, and of the argument of a function the place of the function."""
    keys = tuple(map(str, path))
    yield keys
    while keys and (is_name(keys[-1]) or (keys[-1].isdecimal() and is_name(keys[-2]))):
        keys = keys[:-1]
        yield keys


def _refusal_finding(problem: Problem, source: Source) -> LintFinding:
    line, column = source.place(problem.location) or (1, 1)
    return LintFinding(
        rule=problem.code,
        severity="informational" if problem.severity == "note" else problem.severity,
        message=f"{problem.message}: {problem.hint}" if problem.hint else problem.message,
        filename=source.name,
        line=line,
        column=column,
        end_line=line,
        end_column=column + 1,
        path=source.keys(problem.location),
        title=problem.id.replace("-", " ").capitalize(),
        description="CloudFormation or the service refuses it; cfn-lint does not tell",
        documentation=_TROUBLESHOOTING,
        id=f"{problem.code}:{problem.location}",
    )


@contextmanager
def _logs_kept_off_stderr() -> Iterator[None]:
    # Python prints the errors of a logger that has no handler; handlers of the caller's still hear.
    logger = logging.getLogger("cfnlint")
    handler = logging.NullHandler()
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def _lint_finding(match: Any, filename: str) -> LintFinding:
    path = getattr(match, "path", None)
    return LintFinding(
        rule=match.rule.id,
        severity=match.rule.severity,
        message=match.message,
        filename=filename,
        line=match.linenumber,
        column=match.columnnumber,
        end_line=match.linenumberend,
        end_column=match.columnnumberend,
        # cfn-lint's keys are strings that hold on to their place in the text.
        path=None if path is None else tuple(k if isinstance(k, int) else str(k) for k in path),
        title=match.rule.shortdesc,
        description=match.rule.description,
        documentation=match.rule.source_url,
        id=match.id,
        parent=match.parent_id,
    )
