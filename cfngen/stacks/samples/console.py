"""A message of a failure, with a link to the execution in the console."""

from __future__ import annotations

import json
from typing import Final

from troposphere import Equals, If, Ref, Sub, Template, encode_to_dict

from cfngen.asl.values import Path
from cfngen.workflow import Workflow

_CHINA, _GOV_CLOUD = "InChina", "InGovCloud"

# No page of AWS's says what addresses its console has. This one is what the console itself shows, and what
# the links of Airflow's provider are; the domains are certain for three partitions, and a guess for others.
# https://github.com/apache/airflow/tree/main/providers/amazon/src/airflow/providers/amazon/aws/links
_PAGE: Final = "https://${Console}/states/home?region=${AWS::Region}#/v2/executions/details/"


def has_link(workflow: Workflow) -> bool:
    """Tell whether a workflow has a message with a link."""
    return f'"{_CHINA}"' in json.dumps(encode_to_dict(workflow.to_asl()))


def add_console(template: Template) -> None:
    """Add the conditions of a link, which tell where the console is."""
    template.add_condition(_CHINA, Equals(Ref("AWS::Partition"), "aws-cn"))
    template.add_condition(_GOV_CLOUD, Equals(Ref("AWS::Partition"), "aws-us-gov"))


def failure_message(sentence: str) -> Path:
    """Return what a topic hears of a caught error: a sentence, the error, its cause, and the link."""
    gov_cloud = If(_GOV_CLOUD, "console.amazonaws-us-gov.com", "console.aws.amazon.com")
    console = If(_CHINA, "console.amazonaws.cn", gov_cloud)
    text = f"States.Format('{sentence}: {{}}: {{}}. ${{Link}}{{}}', $.Error, $.Cause, $$.Execution.Id)"
    return Path(Sub(text, Link=Sub(_PAGE, Console=console)))
