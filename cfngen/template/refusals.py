"""All that CloudFormation and the services refuse of a template, as far as the template tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cfngen.core.declared import few_suggestions
from cfngen.core.problems import Problem
from cfngen.template.form import form_problems
from cfngen.template.limits import problems
from cfngen.template.references import unresolved_references

__all__ = ["refusals"]


def refusals(template: Mapping[str, Any], body: str = "") -> list[Problem]:
    """Return what is refused of a template, and of its ``body``, the text to deploy, if that is at hand.

    Raises as :func:`cfngen.template.document` does.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
    """
    with few_suggestions():
        return [*problems(template, body), *form_problems(template), *unresolved_references(template)]
