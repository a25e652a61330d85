"""AWS Batch: the service-linked role of its compute environments."""

from __future__ import annotations

from typing import Any

from moto.batch.models import BatchBackend, ComputeEnvironment, batch_backends
from moto.iam.models import SERVICE_NAME_CONVERSION

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
    roles, name = backend.iam_backend, "AWSServiceRoleForBatch"
    SERVICE_NAME_CONVERSION["batch"] = "Batch"
    known = [role for role in roles.get_roles() if role.name == name]
    role = known[0] if known else roles.create_service_linked_role("batch.amazonaws.com", "", "")
    return str(role.arn)
