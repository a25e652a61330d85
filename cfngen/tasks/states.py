"""AWS Step Functions.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import states

from cfngen.asl.values import (
    CALLBACK,
    REQUEST_RESPONSE,
    SYNC,
    SYNC_2,
    DynamicText,
    Pattern,
    PayloadValue,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ALL_RESOURCES, ArgumentResource, Grant, regional
from cfngen.tasks.service import ServiceTask
from cfngen.tasks.shared import managed_rule

__all__ = ["StartExecution"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html"

_MACHINE = ArgumentResource("StateMachineArn", regional("states", "stateMachine:{}"))
_EXECUTIONS = ArgumentResource(
    "StateMachineArn", regional("states", "execution:{}:*"), arn_segment=(":", 6)
)


@frozen(kw_only=True)
class StartExecution(ServiceTask):
    """Starts an execution of another state machine; with ``SYNC`` or ``SYNC_2``, waits until it has ended.

    ``SYNC_2`` returns the execution's output as JSON, ``SYNC`` as text. ``Name_`` is the argument ``Name``.
    ``StateMachineArn`` may end in a version or an alias. ``Input`` may hold
    ``"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": Path("$$.Execution.Id")``, which links the two.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """

    StateMachineArn: DynamicText
    Input: PayloadValue = None
    Name_: DynamicText | None = None
    TraceHeader: DynamicText | None = None

    service = "states"
    action = "startExecution"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC, SYNC_2, CALLBACK)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (states.StartExecution,),
            resources=(_MACHINE,),
            documented_when_dynamic=ALL_RESOURCES,
            reason="starts the execution",
            page=_PAGE,
        ),
        Grant(
            (states.DescribeExecution, states.StopExecution),
            resources=(_EXECUTIONS,),
            patterns=(SYNC,),
            documented_when_dynamic=ALL_RESOURCES,
            reason="asks how the execution stands, and stops it with this one",
            page=_PAGE,
        ),
        managed_rule("StepFunctionsGetEventsForStepFunctionsExecutionRule", "the execution's end", _PAGE),
    )
