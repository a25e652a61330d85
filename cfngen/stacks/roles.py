"""IAM roles, each with the boundary, the path and the tags that a stack sets for all of its roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from awacs.aws import PolicyDocument
from troposphere.iam import Policy, Role

from cfngen.asl.values import Text
from cfngen.core.declared import frozen
from cfngen.stacks.options import Options, mapping, option, reference, text
from cfngen.stacks.properties import tag_list, without_none

TAGS: Final = mapping(
    "a mapping of at most 50 tags (keys of at most 128 characters, not beginning with 'aws:', and values "
    "of 1 to 256, all of letters, digits, spaces and .:/=+@_-)",
    r"(?u:(?!aws:)[\w .:/=+@-]{1,128})",
    r"(?u:[\w .:/=+@-]{1,256})",
    most=50,
)
BOUNDARY: Final = reference("the ARN of a managed policy", r"arn:[\w-]+:iam::(\d{12}|aws):policy/.+")
ROLE_PATH: Final = text("a path with a slash at both ends", r"/|/[\x21-\x7e]{1,510}/")


@frozen(kw_only=True)
class TagOptions(Options):
    """The options of whatever takes tags."""

    tags: Mapping[str, Text] = option(TAGS, {}, help="tags of everything that takes tags")


@frozen(kw_only=True)
class RoleOptions(TagOptions):
    """The options of whatever has roles."""

    permissions_boundary: Text | None = option(BOUNDARY, None, help="the boundary of every role")
    role_path: str | None = option(ROLE_PATH, None, help="the path of every role")


def role(
    logical_id: str,
    options: RoleOptions,
    *,
    trust: PolicyDocument,
    policies: Sequence[Policy] = (),
    managed: Sequence[Any] = (),
    description: str | None = None,
) -> Role:
    """Return a role; its policies are inline, so that they exist before whatever takes the role."""
    return Role(
        logical_id,
        **without_none(
            Description=description,
            AssumeRolePolicyDocument=trust,
            ManagedPolicyArns=list(managed) or None,
            Policies=list(policies) or None,
            Path=options.role_path,
            PermissionsBoundary=options.permissions_boundary,
            Tags=tag_list(options.tags),
        ),
    )
