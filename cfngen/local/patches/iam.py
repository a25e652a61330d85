"""AWS's managed policies: each is loaded when it is used, not all at the start."""

from __future__ import annotations

import json
from typing import Any

from moto.iam import aws_managed_policies
from moto.iam.models import AWSManagedPolicy, IAMBackend, Role, iam_backends
from moto.utilities.utils import get_partition

from cfngen.cfn.arns import AWS, in_partition, parse_arn
from cfngen.local.patches.patch import Patch
from cfngen.local.patches.probe_resources import ACCOUNT, REGION

_READ_ONLY = in_partition(AWS, "iam::aws:policy/ReadOnlyAccess")


class ManagedPolicies(Patch):
    name = "managed-policies"
    defect = "AWS's managed policies are unknown unless all of them are loaded at the start, which is slow"

    @staticmethod
    def probe() -> bool:
        """Return whether AWS's managed policies are unknown."""
        return _READ_ONLY not in iam_backends[ACCOUNT]["aws"].managed_policies

    @staticmethod
    def apply() -> None:
        """Load a policy from moto's data when its ARN is used."""
        for name in ("attach_role_policy", "attach_group_policy", "attach_user_policy", "get_policy"):
            setattr(IAMBackend, name, _loading(getattr(IAMBackend, name)))


class ManagedPoliciesOfARole(Patch):
    name = "managed-policies-of-a-role"
    defect = "ManagedPolicyArns of a role is ignored"

    @staticmethod
    def probe() -> bool:
        """Return whether CloudFormation attaches none of a role's ``ManagedPolicyArns``."""
        properties = {"AssumeRolePolicyDocument": {}, "ManagedPolicyArns": [_READ_ONLY]}
        role = Role.create_from_cloudformation_json("probe", {"Properties": properties}, ACCOUNT, REGION)
        ignored = _READ_ONLY not in role.managed_policies
        iam_backends[ACCOUNT]["aws"].roles.pop(role.id, None)
        return ignored

    @staticmethod
    def apply() -> None:
        """Attach the policies, and detach them before the role is deleted."""
        create, delete = Role.create_from_cloudformation_json, Role.delete_from_cloudformation_json

        def create_role(name: str, described: Any, account_id: str, region_name: str, **kwargs: Any) -> Any:
            role = create(name, described, account_id, region_name, **kwargs)
            backend = iam_backends[account_id][get_partition(region_name)]
            try:
                for arn in described["Properties"].get("ManagedPolicyArns", []):
                    backend.attach_role_policy(arn, role.name)
            except Exception:
                delete_role(role.name, described, account_id, region_name)
                raise
            return role

        def delete_role(name: str, described: Any, account_id: str, region_name: str) -> None:
            backend = iam_backends[account_id][get_partition(region_name)]
            for arn in list(backend.get_role(name).managed_policies):
                backend.detach_role_policy(arn, name)
            delete(name, described, account_id, region_name)

        setattr(Role, "create_from_cloudformation_json", staticmethod(create_role))  # noqa: B010
        setattr(Role, "delete_from_cloudformation_json", staticmethod(delete_role))  # noqa: B010


def _loading(original: Any) -> Any:
    def load_first(self: Any, policy_arn: str, *args: Any, **kwargs: Any) -> Any:
        arn = parse_arn(policy_arn)
        if arn and arn.account == "aws" and policy_arn not in self.managed_policies:
            path, _, name = arn.resource.removeprefix("policy").rpartition("/")
            described = _document(name)
            if described.get("Path") == f"{path}/":
                policy = AWSManagedPolicy.from_data(name, self.account_id, self.region_name, described)
                self.managed_policies[policy.arn] = policy
                self.aws_managed_policies.append(policy)
        return original(self, policy_arn, *args, **kwargs)

    return load_first


def _document(name: str) -> dict[str, Any]:
    """Return one policy from the text of all policies, which is several megabytes long."""
    text = aws_managed_policies.aws_managed_policies_data
    start = text.find(f"\n {json.dumps(name)}:")
    if start < 0:
        return {}
    described: dict[str, Any] = json.JSONDecoder().raw_decode(text, text.index("{", start))[0]
    return described
