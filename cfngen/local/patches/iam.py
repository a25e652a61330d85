"""AWS's managed policies: there when they are attached, without all being read at the start."""

from __future__ import annotations

import json
from typing import Any

from moto.iam import aws_managed_policies
from moto.iam.models import AWSManagedPolicy, IAMBackend, Role, iam_backends
from moto.utilities.utils import get_partition

from cfngen.cfn.arns import AWS, in_partition, parse_arn
from cfngen.local.patches.probe_resources import ACCOUNT, REGION

READ_ONLY = in_partition(AWS, "iam::aws:policy/ReadOnlyAccess")


def has_no_managed_policies() -> bool:
    """Tell whether AWS's managed policies are unknown, as they are unless all are read at the start."""
    return READ_ONLY not in iam_backends[ACCOUNT]["aws"].managed_policies


def read_managed_policies_when_they_are_named() -> None:
    """Read a policy from what moto has of them once its ARN is asked for."""
    for name in ("attach_role_policy", "attach_group_policy", "attach_user_policy", "get_policy"):
        setattr(IAMBackend, name, _providing(getattr(IAMBackend, name)))


def ignores_the_managed_policies_of_a_role() -> bool:
    """Tell whether CloudFormation attaches none of a role's ``ManagedPolicyArns``."""
    properties = {"AssumeRolePolicyDocument": {}, "ManagedPolicyArns": [READ_ONLY]}
    role = Role.create_from_cloudformation_json("probe", {"Properties": properties}, ACCOUNT, REGION)
    ignored = READ_ONLY not in role.managed_policies
    iam_backends[ACCOUNT]["aws"].roles.pop(role.id, None)
    return ignored


def attach_the_managed_policies_of_a_role() -> None:
    """Attach them, and detach them before the role is deleted."""
    create, delete = Role.create_from_cloudformation_json, Role.delete_from_cloudformation_json

    def created(name: str, described: Any, account_id: str, region_name: str, **kwargs: Any) -> Any:
        role = create(name, described, account_id, region_name, **kwargs)
        backend = iam_backends[account_id][get_partition(region_name)]
        try:
            for arn in described["Properties"].get("ManagedPolicyArns", []):
                backend.attach_role_policy(arn, role.name)
        except Exception:
            deleted(role.name, described, account_id, region_name)
            raise
        return role

    def deleted(name: str, described: Any, account_id: str, region_name: str) -> None:
        backend = iam_backends[account_id][get_partition(region_name)]
        for arn in list(backend.get_role(name).managed_policies):
            backend.detach_role_policy(arn, name)
        delete(name, described, account_id, region_name)

    setattr(Role, "create_from_cloudformation_json", staticmethod(created))  # noqa: B010
    setattr(Role, "delete_from_cloudformation_json", staticmethod(deleted))  # noqa: B010


def _providing(original: Any) -> Any:
    def provided(self: Any, policy_arn: str, *args: Any, **kwargs: Any) -> Any:
        arn = parse_arn(policy_arn)
        if arn and arn.account == "aws" and policy_arn not in self.managed_policies:
            path, _, name = arn.resource.removeprefix("policy").rpartition("/")
            described = _described(name)
            if described.get("Path") == f"{path}/":
                policy = AWSManagedPolicy.from_data(name, self.account_id, self.region_name, described)
                self.managed_policies[policy.arn] = policy
                self.aws_managed_policies.append(policy)
        return original(self, policy_arn, *args, **kwargs)

    return provided


def _described(name: str) -> dict[str, Any]:
    """Return one policy out of the text of all, which is megabytes long."""
    text = aws_managed_policies.aws_managed_policies_data
    start = text.find(f"\n {json.dumps(name)}:")
    if start < 0:
        return {}
    described: dict[str, Any] = json.JSONDecoder().raw_decode(text, text.index("{", start))[0]
    return described
