"""AWS Batch: the service-linked role of its compute environments."""

from __future__ import annotations

import json
from typing import Any

from moto.batch.models import BatchBackend, ComputeEnvironment, batch_backends

from cfngen.local.patches.patch import ACCOUNT, REGION, Patch, replaces


class ComputeEnvironmentWithoutServiceRole(Patch):
    name = "compute-environment-without-service-role"
    defect = "a compute environment without ServiceRole is refused"

    @classmethod
    def probe(cls) -> bool:
        """Return whether ``ServiceRole`` is required."""
        backend: Any = batch_backends[ACCOUNT][REGION]
        try:
            backend.create_compute_environment("probe", "UNMANAGED", "ENABLED", None, None)
        except Exception:
            return True
        return False

    @replaces(BatchBackend, "create_compute_environment")
    def create(
        original: Any,
        self: BatchBackend,
        compute_environment_name: str,
        _type: str,
        state: str,
        compute_resources: Any,
        service_role: str | None = None,
        **kwargs: Any,
    ) -> ComputeEnvironment:
        """Use the service-linked role of AWS Batch, and create it where it is missing."""
        role = service_role or _service_linked_role(self)
        return original(self, compute_environment_name, _type, state, compute_resources, role, **kwargs)


def _service_linked_role(backend: BatchBackend) -> str:
    """Return the ARN of the service-linked role, which stays when a stack is deleted."""
    name, service = "AWSServiceRoleForBatch", "batch.amazonaws.com"
    for role in backend.iam_backend.get_roles():
        if role.name == name:
            return str(role.arn)
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    role = backend.iam_backend.create_role(
        name,
        json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        f"/aws-service-role/{service}/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
        linked_service=service,
    )
    return str(role.arn)
