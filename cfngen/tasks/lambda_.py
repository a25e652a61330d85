"""AWS Lambda.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import awslambda

from cfngen.asl.values import (
    CALLBACK,
    REQUEST_RESPONSE,
    DynamicText,
    Pattern,
    PayloadValue,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ALL_RESOURCES, ArgumentResource, Grant, regional
from cfngen.tasks.service import ServiceTask

__all__ = ["Invoke"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html"

_HOLE = r"\$\{[^{}]+\}"
_NAME = (
    r"(?:(?P<account>\d{12}):function:)?"
    rf"(?P<name>(?:{_HOLE}(?=[\w-]))?[\w-](?:[\w-]|{_HOLE})*(?::[\w$-]+)?)$"
)
"""A name, with or without its account; what begins with a reference that goes on as a name does is one."""


@frozen(kw_only=True)
class Invoke(ServiceTask):
    """Invokes a function, waits for its result, and passes that on below ``Payload``.

    ``FunctionName`` is a name or an ARN, with or without a version or an alias, which ``Qualifier`` may
    name instead. Without ``Payload`` the function is given an empty object, not the state's input.
    https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    """

    FunctionName: DynamicText
    ClientContext: DynamicText | None = None
    DurableExecutionName: DynamicText | None = None
    InvocationType: DynamicText | None = None
    LogType: DynamicText | None = None
    Payload: PayloadValue = None
    Qualifier: DynamicText | None = None
    TenantId: DynamicText | None = None

    service = "lambda"
    action = "invoke"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, CALLBACK)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (awslambda.InvokeFunction,),
            resources=(
                ArgumentResource(
                    "FunctionName",
                    regional("lambda", "function:{}"),
                    name_regex=_NAME,
                    qualifier="Qualifier",
                    ref_returns="name",
                ),
            ),
            documented_when_dynamic=ALL_RESOURCES,
            reason="invokes the function",
            page=_PAGE,
        ),
    )
