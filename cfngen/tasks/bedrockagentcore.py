"""Amazon Bedrock AgentCore.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrockagentcore.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import bedrock_agentcore

from cfngen.asl.values import (
    REQUEST_RESPONSE,
    DynamicList,
    DynamicMapping,
    DynamicText,
    Integer,
    Pattern,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ArgumentResource, Grant, regional
from cfngen.tasks.service import ServiceTask

__all__ = ["InvokeHarness"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrockagentcore.html"


@frozen(kw_only=True)
class InvokeHarness(ServiceTask):
    """Lets the agent of a harness answer messages.

    ``RuntimeSessionId`` names the conversation. ``TimeoutSeconds_`` is the argument of that name, beside
    the state's own.
    https://docs.aws.amazon.com/bedrock-agentcore/latest/APIReference/API_InvokeHarness.html
    """

    HarnessArn: DynamicText
    Messages: DynamicList
    ActorId: DynamicText | None = None
    AllowedTools: DynamicList | None = None
    Baggage: DynamicText | None = None
    MaxIterations: Integer | None = None
    MaxTokens: Integer | None = None
    Model: DynamicMapping | None = None
    Qualifier: DynamicText | None = None
    RuntimeSessionId: DynamicText | None = None
    RuntimeUserId: DynamicText | None = None
    Skills: DynamicList | None = None
    SystemPrompt: DynamicList | None = None
    TimeoutSeconds_: Integer | None = None
    Tools: DynamicList | None = None
    TraceId: DynamicText | None = None
    TraceParent: DynamicText | None = None
    TraceState: DynamicText | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "bedrockagentcore"
    action = "invokeHarness"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (bedrock_agentcore.InvokeHarness, bedrock_agentcore.InvokeAgentRuntime),
            resources=(ArgumentResource("HarnessArn", regional("bedrock-agentcore", "harness/{}")),),
            reason="invokes the harness, and the agent's runtime by it",
            page=_PAGE,
        ),
    )
