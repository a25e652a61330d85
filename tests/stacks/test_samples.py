"""The committed templates: what people deploy is what the code makes, and cfn-lint has nothing to say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cfn_flip
import pytest

from cfngen.inputs.targets import load, template_of
from cfngen.stacks.samples.catalog import SAMPLES, Sample, search
from cfngen.template import to_json, to_yaml
from tests.rows import each_row

TEMPLATES = Path(__file__).parents[2] / "templates"
SLUGS = [sample.slug for sample in SAMPLES]


@each_row("slug", SLUGS)
def test_the_committed_template_is_what_the_code_makes(slug: str) -> None:
    assert to_yaml(template_of(load(slug))) == (TEMPLATES / f"{slug}.yaml").read_bytes().decode()


@pytest.mark.parametrize("slug", SLUGS)
def test_json_and_yaml_are_the_same_template(slug: str) -> None:
    template = template_of(load(slug))
    assert json.loads(to_json(template)) == json.loads(cfn_flip.to_json(to_yaml(template)))


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_bytes_do_not_depend_on_the_hash_seed(seed: str) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "cfngen", "template", SLUGS[1]],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    assert process.stdout == (TEMPLATES / f"{SLUGS[1]}.yaml").read_bytes()


def test_every_committed_template_is_a_sample() -> None:
    assert sorted(path.stem for path in TEMPLATES.iterdir()) == sorted(SLUGS)


def test_the_catalogue_is_searched_by_words_as_the_console_s_search_box() -> None:
    batch_jobs = ["batch-job-notification", "batch-job-notification-fargate"]
    assert [sample.slug for sample in search("manage a batch")] == batch_jobs
    assert [sample.slug for sample in search("FARGATE no-such-word")] == []
    assert [sample.slug for sample in search("e-mail SNS")] == batch_jobs[1:]


@each_row("sample", SAMPLES, ids=lambda sample: sample.slug)
def test_the_catalogue_names_the_services_of_the_template(sample: Sample) -> None:
    """Each service of the catalogue has a resource, and each service with a resource that a user
    would look for is in the catalogue."""
    prefixes = {
        "AWS Step Functions": "AWS::StepFunctions::",
        "AWS Batch": "AWS::Batch::",
        "AWS Glue": "AWS::Glue::",
        "AWS Lambda": "AWS::Lambda::",
        "Amazon Athena": "AWS::Athena::",
        "Amazon EventBridge": "AWS::Scheduler::",
        "Amazon S3": "AWS::S3::",
        "Amazon SNS": "AWS::SNS::",
        "Amazon CloudWatch": "AWS::Logs::",
    }
    text = (TEMPLATES / f"{sample.slug}.yaml").read_text(encoding="utf-8")
    present = {service for service, prefix in prefixes.items() if f"Type: {prefix}" in text}
    assert present == set(sample.services) & set(prefixes)
    assert ("AWS Fargate" in sample.services) == ("FARGATE" in text)
