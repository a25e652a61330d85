"""IAM roles, each with the boundary, the path and the tags that a stack asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from awacs.aws import PolicyDocument
from troposphere.iam import Policy, Role

from cfngen.stacks.properties import given, tag_list

if TYPE_CHECKING:
    from cfngen.asl.values import Text


class RoleOptions(Protocol):
    """The options that every role of a stack obeys."""

    @property
    def permissions_boundary(self) -> Text | None:
        """The ARN of the managed policy that bounds the role."""

    @property
    def role_path(self) -> str | None:
        """The path of the role, with a slash at both ends."""

    @property
    def tags(self) -> Mapping[str, Text]:
        """The tags of everything that takes tags."""


def role(
    logical_id: str,
    stack: RoleOptions,
    *,
    trust: PolicyDocument,
    policies: Sequence[Policy] = (),
    managed: Sequence[Any] = (),
    description: str | None = None,
) -> Role:
    """Return a role; its policies are inline, so that they exist before whatever takes the role."""
    return Role(
        logical_id,
        **given(
            Description=description,
            AssumeRolePolicyDocument=trust,
            ManagedPolicyArns=list(managed) or None,
            Policies=list(policies) or None,
            Path=stack.role_path,
            PermissionsBoundary=stack.permissions_boundary,
            Tags=tag_list(stack.tags),
        ),
    )
