"""What a state machine itself needs beside its tasks."""

from __future__ import annotations

from typing import Final

from awacs import logs, xray

from cfngen.tasks.grants import ANYTHING, Grant

LOGGING: Final = Grant(
    (
        logs.CreateLogDelivery,
        logs.CreateLogStream,
        logs.GetLogDelivery,
        logs.UpdateLogDelivery,
        logs.DeleteLogDelivery,
        logs.ListLogDeliveries,
        logs.PutLogEvents,
        logs.PutResourcePolicy,
        logs.DescribeResourcePolicies,
        logs.DescribeLogGroups,
    ),
    resources=(ANYTHING,),
    because="delivers the execution history to CloudWatch Logs, whose delivery knows no resources",
    page="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
)

TRACING: Final = Grant(
    (
        xray.PutTraceSegments,
        xray.PutTelemetryRecords,
        xray.GetSamplingRules,
        xray.GetSamplingTargets,
    ),
    resources=(ANYTHING,),
    because="sends traces to X-Ray, whose actions know no resources",
    page="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html",
)
