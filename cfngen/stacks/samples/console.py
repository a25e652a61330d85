"""A message of a failure, with a link to the execution in the console."""

from __future__ import annotations

from typing import Final

from troposphere import If, Sub, Template

from cfngen.asl.values import Path
from cfngen.cfn.arns import integration_arn
from cfngen.cfn.functions import if_branches
from cfngen.core.walk import values_of
from cfngen.stacks.partitions import IN_CHINA, IN_GOV_CLOUD, add_condition
from cfngen.workflow import Workflow

# No page of AWS's says what addresses its console has. This one is what the console itself shows, and what
# the links of Airflow's provider are; the domains are certain for three partitions, and a guess for others.
# https://github.com/apache/airflow/tree/main/providers/amazon/src/airflow/providers/amazon/aws/links
_PAGE: Final = "https://${Console}/states/home?region=${AWS::Region}#/v2/executions/details/"


def add_console(template: Template, workflow: Workflow | None) -> None:
    """Add the conditions that tell where the console is, unless a workflow of one's own asks for none."""
    if workflow is None or any(
        (parts := if_branches(value)) and parts[0] == IN_CHINA
        for value in values_of(workflow.rendered(integration_arn))
    ):
        add_condition(template, IN_CHINA)
        add_condition(template, IN_GOV_CLOUD)


def failure_message(sentence: str) -> Path:
    """Return what a topic hears of a caught error: a sentence, the error, its cause, and the link."""
    gov_cloud = If(IN_GOV_CLOUD, "console.amazonaws-us-gov.com", "console.aws.amazon.com")
    console = If(IN_CHINA, "console.amazonaws.cn", gov_cloud)
    text = f"States.Format('{sentence}: {{}}: {{}}. ${{Link}}{{}}', $.Error, $.Cause, $$.Execution.Id)"
    return Path(Sub(text, Link=Sub(_PAGE, Console=console)))
