"""A dashboard of the executions of a state machine."""

from __future__ import annotations

import json
from typing import Any, Final

from troposphere import Ref, Sub, Template

from cfngen.core.declared import frozen
from cfngen.stacks.additions import add_resources
from cfngen.stacks.options import LOGICAL_ID, option
from cfngen.stacks.parts.alarms import METRICS
from cfngen.stacks.properties import tag_list, without_none
from cfngen.stacks.references import neighbour
from cfngen.stacks.roles import TagOptions

_COUNTS: Final = ("ExecutionsStarted", "ExecutionsSucceeded", *METRICS)
_HALF: Final = 12
"""Columns of a widget; a dashboard has 24."""


@frozen(kw_only=True)
class Dashboard(TagOptions):
    """A dashboard in CloudWatch: how many executions of a machine ended how, and how long they took.

    CloudWatch gives it the name of the stack and the logical id. An account pays for it from the fourth on.
    https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    """

    logical_id: str = option(LOGICAL_ID, "Dashboard", help="the logical id of the dashboard")

    def add_to(self, template: Template, machine: Any) -> Ref:
        """Add the dashboard of the machine of this ARN; return its name."""
        from troposphere.cloudwatch import Dashboard as DashboardResource

        body = {
            "widgets": [
                _widget(0, "Executions", [_metric(name, stat="Sum") for name in _COUNTS]),
                _widget(
                    _HALF,
                    "Milliseconds of an execution",
                    [_metric("ExecutionTime", stat=stat, label=stat) for stat in ("Average", "p99")],
                ),
            ]
        }
        dashboard = DashboardResource(
            self.logical_id,
            DashboardBody=Sub(json.dumps(body, indent=2), {"Machine": neighbour(machine, "machine")}),
            **without_none(Tags=tag_list(self.tags)),
        )
        add_resources(self, template, dashboard)
        return dashboard.ref()


def _widget(column: int, title: str, metrics: list[Any]) -> dict[str, Any]:
    properties = {"title": title, "region": "${AWS::Region}", "period": 300, "metrics": metrics}
    return {"type": "metric", "x": column, "y": 0, "width": _HALF, "height": 6, "properties": properties}


def _metric(name: str, **shown: str) -> list[Any]:
    return ["AWS/States", name, "StateMachineArn", "${Machine}", shown]
