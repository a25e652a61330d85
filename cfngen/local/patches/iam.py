"""AWS's managed policies: each is loaded when it is used, not all at the start."""

from __future__ import annotations

import json
from typing import Any

from moto.iam import aws_managed_policies
from moto.iam.exceptions import NotFoundException
from moto.iam.models import AWSManagedPolicy, IAMBackend, Role, iam_backends
from moto.utilities.utils import get_partition

from cfngen.cfn.arns import AWS, in_partition, parse_arn
from cfngen.local.patches.patch import ACCOUNT, REGION, Patch, Replacement, replaces

_READ_ONLY = in_partition(AWS, "iam::aws:policy/ReadOnlyAccess")


class ManagedPolicies(Patch):
    name = "managed-policies"
    defect = "AWS's managed policies are unknown unless all of them are loaded at the start, which is slow"

    @classmethod
    def probe(cls) -> bool:
        """Return whether AWS's managed policies are unknown."""
        try:
            iam_backends[ACCOUNT]["aws"].get_policy(_READ_ONLY)
        except NotFoundException:
            return True
        return False

    @classmethod
    def apply(cls) -> None:
        """Load a policy from moto's data when its ARN is used."""
        for name in ("attach_role_policy", "attach_group_policy", "attach_user_policy", "get_policy"):
            Replacement(IAMBackend, name, _load_first).apply()


class ManagedPoliciesOfARole(Patch):
    name = "managed-policies-of-a-role"
    defect = "ManagedPolicyArns of a role is ignored"

    @classmethod
    def probe(cls) -> bool:
        """Return whether CloudFormation attaches none of a role's ``ManagedPolicyArns``."""
        properties = {"AssumeRolePolicyDocument": {}, "ManagedPolicyArns": [_READ_ONLY]}
        role = Role.create_from_cloudformation_json("probe", {"Properties": properties}, ACCOUNT, REGION)
        iam_backends[ACCOUNT]["aws"].roles.pop(role.id)
        return _READ_ONLY not in role.managed_policies

    @replaces(Role, "create_from_cloudformation_json")
    def create(original: Any, name: str, described: Any, account: str, region: str, **kwargs: Any) -> Role:
        """Attach the policies."""
        role = original(name, described, account, region, **kwargs)
        backend = iam_backends[account][get_partition(region)]
        try:
            for arn in described["Properties"].get("ManagedPolicyArns", []):
                backend.attach_role_policy(arn, role.name)
        except Exception:
            Role.delete_from_cloudformation_json(role.name, described, account, region)
            raise
        return role

    @replaces(Role, "delete_from_cloudformation_json")
    def delete(original: Any, name: str, described: Any, account: str, region: str) -> None:
        """Detach the policies before the role is deleted."""
        backend = iam_backends[account][get_partition(region)]
        for arn in [*backend.get_role(name).managed_policies]:
            backend.detach_role_policy(arn, name)
        original(name, described, account, region)


def _load_first(original: Any, self: IAMBackend, policy_arn: str, *args: Any, **kwargs: Any) -> Any:
    arn = parse_arn(policy_arn)
    if arn and arn.account == "aws" and policy_arn not in self.managed_policies:
        path, _, name = arn.resource.removeprefix("policy").rpartition("/")
        described = _document(name)
        if described.get("Path") == f"{path}/":
            policy = AWSManagedPolicy.from_data(name, self.account_id, self.region_name, described)
            self.managed_policies[policy.arn] = policy
            self.aws_managed_policies.append(policy)
    return original(self, policy_arn, *args, **kwargs)


def _document(name: str) -> dict[str, Any]:
    """Return one policy from the text of all policies, which is several megabytes long."""
    text = aws_managed_policies.aws_managed_policies_data
    start = text.find(f"\n {json.dumps(name)}:")
    if start < 0:
        return {}
    described: dict[str, Any] = json.JSONDecoder().raw_decode(text, text.index("{", start))[0]
    return described
