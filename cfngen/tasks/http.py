"""HTTPS APIs.

https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import events, secretsmanager, states

from cfngen.asl.values import (
    REQUEST_RESPONSE,
    DynamicMapping,
    DynamicText,
    Pattern,
    PayloadValue,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import (
    STATE_MACHINE_NAME,
    ArgumentResource,
    Condition,
    Grant,
    HasArgument,
    regional,
)
from cfngen.tasks.service import ServiceTask

__all__ = ["Invoke"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html"

_CONNECTIONS = regional("events", "connection/{}")
_SECRETS = regional("secretsmanager", "secret:events!connection/{}/*")
_CONNECTED = ("Authentication.ConnectionArn", "InvocationConfig.ConnectionArn")


@frozen(kw_only=True)
class Invoke(ServiceTask):
    """Calls an HTTPS API, with the credentials of an EventBridge connection.

    ``ApiEndpoint`` begins with ``https://``. ``Authentication`` names the connection, ``InvocationConfig``
    that to a private API, each ``{"ConnectionArn": ...}``. The state machine is allowed this method and
    this endpoint alone; where either is only known at run time, whatever begins as it does.
    https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
    """

    ApiEndpoint: DynamicText
    Method: DynamicText
    Authentication: DynamicMapping | None = None
    Headers: DynamicMapping | None = None
    InvocationConfig: DynamicMapping | None = None
    QueryParameters: DynamicMapping | None = None
    RequestBody: PayloadValue = None
    Transform: DynamicMapping | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "http"
    action = "invoke"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (states.InvokeHTTPEndpoint,),
            resources=(regional("states", f"stateMachine:{STATE_MACHINE_NAME}"),),
            conditions=(
                Condition("StringEquals", "states:HTTPMethod", ArgumentResource("Method", "{}")),
                Condition("StringLike", "states:HTTPEndpoint", ArgumentResource("ApiEndpoint", "{}")),
            ),
            reason="calls the API",
            page=_PAGE,
        ),
        Grant(
            (events.RetrieveConnectionCredentials,),
            resources=tuple(ArgumentResource(argument, _CONNECTIONS) for argument in _CONNECTED),
            when=tuple(map(HasArgument, _CONNECTED)),
            reason="takes the credentials of the connection",
            page=_PAGE,
        ),
        Grant(
            (secretsmanager.GetSecretValue, secretsmanager.DescribeSecret),
            resources=tuple(
                ArgumentResource(argument, _SECRETS, arn_segment=("/", 1)) for argument in _CONNECTED
            ),
            documented="arn:${AWS::Partition}:secretsmanager:*:*:secret:events!connection/*",
            when=tuple(map(HasArgument, _CONNECTED)),
            reason="reads the secret in which EventBridge keeps them",
            page=_PAGE,
        ),
    )
