"""cfngen turns an AWS Step Functions workflow into a CloudFormation template that deploys."""

from __future__ import annotations

from cfngen.core.lazy import lazy_names

TYPE_CHECKING = (
    False  # typing is slow to import, and until the command can be interrupted nothing that is slow is
)
if TYPE_CHECKING:
    __version__: str

    from cfngen.asl.branches import (
        S3_GET_OBJECT,
        S3_LIST_OBJECTS_V2,
        S3_PUT_OBJECT,
        Choice,
        ItemBatcher,
        ItemReader,
        Map,
        Parallel,
        ProcessorConfig,
        ReaderConfig,
        ResultWriter,
        WriterConfig,
    )
    from cfngen.asl.conditions import ChoiceRule, DataTest
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
    from cfngen.asl.handling import with_handlers
    from cfngen.asl.renaming import renamed
    from cfngen.asl.states import Fail, Pass, RawState, Succeed, Task, Wait
    from cfngen.asl.values import (
        CALLBACK,
        EXPRESS,
        JSONATA,
        JSONPATH,
        REQUEST_RESPONSE,
        STANDARD,
        SYNC,
        SYNC_2,
        Jsonata,
        Path,
    )
    from cfngen.core.problems import Problem, WorkflowError
    from cfngen.iam.derive import DOCUMENTED, LEAST_PRIVILEGE
    from cfngen.workflow import PolicyWarning, Workflow

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
    "JSONATA",
    "JSONPATH",
    "LEAST_PRIVILEGE",
    "NO_CHOICE_MATCHED",
    "PARAMETER_PATH_FAILURE",
    "PERMISSIONS",
    "QUERY_EVALUATION_ERROR",
    "REQUEST_RESPONSE",
    "RESULT_PATH_MATCH_FAILURE",
    "RESULT_WRITER_FAILED",
    "RUNTIME",
    "S3_GET_OBJECT",
    "S3_LIST_OBJECTS_V2",
    "S3_PUT_OBJECT",
    "STANDARD",
    "SYNC",
    "SYNC_2",
    "TASK_FAILED",
    "TIMEOUT",
    "Catcher",
    "Choice",
    "ChoiceRule",
    "DataTest",
    "Fail",
    "Goto",
    "ItemBatcher",
    "ItemReader",
    "Jsonata",
    "Map",
    "Parallel",
    "Pass",
    "Path",
    "PolicyWarning",
    "Problem",
    "ProcessorConfig",
    "RawState",
    "ReaderConfig",
    "ResultWriter",
    "Retrier",
    "Succeed",
    "Task",
    "Wait",
    "Workflow",
    "WorkflowError",
    "WriterConfig",
    "chain",
    "renamed",
    "with_handlers",
]

_NAMES = {
    "cfngen.asl.branches": (
        "S3_GET_OBJECT",
        "S3_LIST_OBJECTS_V2",
        "S3_PUT_OBJECT",
        "Choice",
        "ItemBatcher",
        "ItemReader",
        "Map",
        "Parallel",
        "ProcessorConfig",
        "ReaderConfig",
        "ResultWriter",
        "WriterConfig",
    ),
    "cfngen.asl.conditions": ("ChoiceRule", "DataTest"),
    "cfngen.asl.errors": (
        "ALL",
        "BRANCH_FAILED",
        "DATA_LIMIT_EXCEEDED",
        "EXCEED_TOLERATED_FAILURE_THRESHOLD",
        "HEARTBEAT_TIMEOUT",
        "HTTP_SOCKET",
        "INTRINSIC_FAILURE",
        "ITEM_READER_FAILED",
        "NO_CHOICE_MATCHED",
        "PARAMETER_PATH_FAILURE",
        "PERMISSIONS",
        "QUERY_EVALUATION_ERROR",
        "RESULT_PATH_MATCH_FAILURE",
        "RESULT_WRITER_FAILED",
        "RUNTIME",
        "TASK_FAILED",
        "TIMEOUT",
    ),
    "cfngen.asl.flow": ("Goto", "chain"),
    "cfngen.asl.handlers": ("Catcher", "Retrier"),
    "cfngen.asl.handling": ("with_handlers",),
    "cfngen.asl.renaming": ("renamed",),
    "cfngen.asl.states": ("Fail", "Pass", "RawState", "Succeed", "Task", "Wait"),
    "cfngen.asl.values": (
        "CALLBACK",
        "EXPRESS",
        "JSONATA",
        "JSONPATH",
        "REQUEST_RESPONSE",
        "STANDARD",
        "SYNC",
        "SYNC_2",
        "Jsonata",
        "Path",
    ),
    "cfngen.core.problems": ("Problem", "WorkflowError"),
    "cfngen.iam.derive": ("DOCUMENTED", "LEAST_PRIVILEGE"),
    "cfngen.workflow": ("PolicyWarning", "Workflow"),
}
"""By module, which is imported when somebody takes a name of it: no command needs all of them."""

_lazy = lazy_names(__name__, _NAMES)


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("cfngen")
    return _lazy(name)


def __dir__() -> list[str]:
    return sorted((*globals(), "__version__", *__all__))
