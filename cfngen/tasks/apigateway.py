"""Amazon API Gateway.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import execute_api

from cfngen.asl.values import (
    CALLBACK,
    REQUEST_RESPONSE,
    Boolean,
    DynamicMapping,
    DynamicText,
    Pattern,
    PayloadValue,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import (
    AllOf,
    ArgumentIs,
    ArgumentMatches,
    ArgumentResource,
    Certainly,
    Grant,
    Otherwise,
    regional,
)
from cfngen.tasks.service import ServiceTask

__all__ = ["Invoke"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html"

_METHOD = ArgumentResource(
    "ApiEndpoint",
    regional("execute-api", "{}/{Stage|$default}/{Method}/{/Path|}"),
    name_regex=r"(?:https://)?(?P<name>[^./]+)\.execute-api\.(?:(?P<region>[^./]+)\.)?",
    ref_returns="text",
)
_BY_ROLE = ArgumentIs("AuthType", "IAM_ROLE")
_TO_CONNECTION = Certainly(ArgumentMatches("Path", "/?@connections(/|$)"))


@frozen(kw_only=True)
class Invoke(ServiceTask):
    """Calls an API of API Gateway, REST or HTTP.

    ``ApiEndpoint`` is the host without a scheme: ``example.execute-api.us-east-1.amazonaws.com``. ``Stage``
    is left out where an HTTP API has its ``$default``. ``AuthType="IAM_ROLE"`` signs the call with the
    workflow's own role, which then is allowed this method of this path and no other.
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html
    """

    ApiEndpoint: DynamicText
    Method: DynamicText
    AllowNullValues: Boolean | None = None
    AuthType: DynamicText | None = None
    Headers: DynamicMapping | None = None
    Path: DynamicText | None = None
    QueryParameters: DynamicMapping | None = None
    RequestBody: PayloadValue = None
    Stage: DynamicText | None = None

    service = "apigateway"
    action = "invoke"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, CALLBACK)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (execute_api.Invoke,),
            resources=(_METHOD,),
            documented_when_dynamic=regional("execute-api", "*"),
            when=(AllOf((_BY_ROLE, Otherwise(_TO_CONNECTION))),),
            reason="calls the API with the workflow's own role",
            page=_PAGE,
        ),
        Grant(
            (execute_api.ManageConnections,),
            resources=(_METHOD,),
            when=(AllOf((_BY_ROLE, _TO_CONNECTION)),),
            reason="manages a connection of the WebSocket API with the workflow's own role",
            page="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html",
        ),
    )
