"""The audit of what cfngen makes is silent: the role of each sample allows what it needs, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfngen import LEAST_PRIVILEGE
from cfngen.inputs.auditing import audit_file
from cfngen.inputs.targets import load
from cfngen.stacks.samples.catalog import SAMPLES

TEMPLATES = Path(__file__).parents[2] / "templates"
SLUGS = [sample.slug for sample in SAMPLES]
TIGHT = [slug for slug in SLUGS if load(slug).scope is LEAST_PRIVILEGE]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_sample_has_no_finding(slug: str) -> None:
    assert [str(finding.problem) for finding in audit_file(str(TEMPLATES / f"{slug}.yaml"))] == []


@pytest.mark.parametrize("slug", TIGHT)
def test_a_sample_of_least_privilege_is_as_tight_as_can_be(slug: str) -> None:
    findings = audit_file(str(TEMPLATES / f"{slug}.yaml"), strict=True)
    assert [str(finding.problem) for finding in findings] == []


def test_there_are_samples_of_least_privilege() -> None:
    assert TIGHT


def test_all_revisions_are_more_than_is_needed_where_old_ones_go(tmp_path: Path) -> None:
    text = (TEMPLATES / "nightly-etl.yaml").read_text(encoding="utf-8")
    assert text.count("SkipDeregisterOnUpdate: true") == 1
    path = tmp_path / "template.yaml"
    path.write_text(text.replace("SkipDeregisterOnUpdate: true", "SkipDeregisterOnUpdate: false"))
    assert [finding.problem.code for finding in audit_file(str(path), strict=True)] == ["EXCESS_RESOURCE"]
