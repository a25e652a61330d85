"""cfngen turns an AWS Step Functions workflow into a CloudFormation template that deploys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfngen.asl.errors import (
    ALL,
    BRANCH_FAILED,
    DATA_LIMIT_EXCEEDED,
    EXCEED_TOLERATED_FAILURE_THRESHOLD,
    HEARTBEAT_TIMEOUT,
    HTTP_SOCKET,
    INTRINSIC_FAILURE,
    ITEM_READER_FAILED,
    NO_CHOICE_MATCHED,
    PARAMETER_PATH_FAILURE,
    PERMISSIONS,
    QUERY_EVALUATION_ERROR,
    RESULT_PATH_MATCH_FAILURE,
    RESULT_WRITER_FAILED,
    RUNTIME,
    TASK_FAILED,
    TIMEOUT,
)
from cfngen.asl.flow import Goto, chain
from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.problems import Problem, WorkflowError
from cfngen.asl.states import Fail, Pass, RawState, Succeed, Task, Wait
from cfngen.asl.values import CALLBACK, EXPRESS, REQUEST_RESPONSE, STANDARD, SYNC, Path
from cfngen.workflow import PolicyWarning, Workflow

if TYPE_CHECKING:
    from cfngen.iam.derive import DOCUMENTED, LEAST_PRIVILEGE

__all__ = [
    "ALL",
    "BRANCH_FAILED",
    "CALLBACK",
    "DATA_LIMIT_EXCEEDED",
    "DOCUMENTED",
    "EXCEED_TOLERATED_FAILURE_THRESHOLD",
    "EXPRESS",
    "HEARTBEAT_TIMEOUT",
    "HTTP_SOCKET",
    "INTRINSIC_FAILURE",
    "ITEM_READER_FAILED",
    "LEAST_PRIVILEGE",
    "NO_CHOICE_MATCHED",
    "PARAMETER_PATH_FAILURE",
    "PERMISSIONS",
    "QUERY_EVALUATION_ERROR",
    "REQUEST_RESPONSE",
    "RESULT_PATH_MATCH_FAILURE",
    "RESULT_WRITER_FAILED",
    "RUNTIME",
    "STANDARD",
    "SYNC",
    "TASK_FAILED",
    "TIMEOUT",
    "Catcher",
    "Fail",
    "Goto",
    "Pass",
    "Path",
    "PolicyWarning",
    "Problem",
    "RawState",
    "Retrier",
    "Succeed",
    "Task",
    "Wait",
    "Workflow",
    "WorkflowError",
    "chain",
]


def __getattr__(name: str) -> object:
    """Import the scopes of a policy, and awacs with them, only when they are asked for."""
    if name in ("DOCUMENTED", "LEAST_PRIVILEGE"):
        from cfngen.iam import derive

        return getattr(derive, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
