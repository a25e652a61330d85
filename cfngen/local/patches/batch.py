"""AWS Batch: properties that a template may omit."""

from __future__ import annotations

import json
from typing import Any

from moto.batch.models import BatchBackend, ComputeEnvironment, JobDefinition

from cfngen.local.patches.patch import Patch
from cfngen.local.patches.probe_resources import ACCOUNT, REGION

_CONTAINER = {
    "Image": "probe",
    "ResourceRequirements": [{"Type": "VCPU", "Value": "1"}, {"Type": "MEMORY", "Value": "4"}],
}


class JobDefinitionWithoutRetryStrategy(Patch):
    name = "job-definition-without-retry-strategy"
    defect = "a job definition without RetryStrategy is refused"

    @staticmethod
    def probe() -> bool:
        """Return whether ``RetryStrategy`` is required."""
        described = {"Properties": {"Type": "container", "ContainerProperties": _CONTAINER}}
        try:
            JobDefinition.create_from_cloudformation_json("probe", described, ACCOUNT, REGION)
        except KeyError:
            return True
        return False

    @staticmethod
    def apply() -> None:
        """Use one attempt where it is missing, as AWS Batch does."""
        original = JobDefinition.create_from_cloudformation_json

        def create(name: str, described: dict[str, Any], *args: Any, **kwargs: Any) -> JobDefinition:
            properties = {"RetryStrategy": {"Attempts": 1}, **described["Properties"]}
            return original(name, {**described, "Properties": properties}, *args, **kwargs)

        setattr(JobDefinition, "create_from_cloudformation_json", staticmethod(create))  # noqa: B010


class MultiNodeJobDefinition(Patch):
    name = "multi-node-job-definition"
    defect = "a template's job definition of several nodes is taken for one of a container"

    @staticmethod
    def probe() -> bool:
        """Return whether ``NodeProperties`` is not enough."""
        nodes = {
            "MainNode": 0,
            "NumNodes": 1,
            "NodeRangeProperties": [{"TargetNodes": "0", "Container": _CONTAINER}],
        }
        properties = {"Type": "multinode", "RetryStrategy": {"Attempts": 1}, "NodeProperties": nodes}
        try:
            definition = JobDefinition.create_from_cloudformation_json(
                "probe", {"Properties": properties}, ACCOUNT, REGION
            )
        except Exception:
            return True
        definition.backend.deregister_job_definition(definition.arn)
        return str(definition.type) != "multinode"

    @staticmethod
    def apply() -> None:
        """Take what has nodes for what it is."""
        register = BatchBackend.register_job_definition

        def registered(self: BatchBackend, **fields: Any) -> JobDefinition:
            if fields.get("node_properties") is not None:
                fields["_type"] = "multinode"
            return register(self, **fields)

        setattr(BatchBackend, "register_job_definition", registered)  # noqa: B010


class ComputeEnvironmentWithoutServiceRole(Patch):
    name = "compute-environment-without-service-role"
    defect = "a compute environment without ServiceRole is refused"

    @staticmethod
    def probe() -> bool:
        """Return whether ``ServiceRole`` is required."""
        described = {"Properties": {"Type": "UNMANAGED", "ComputeResources": {}}}
        try:
            ComputeEnvironment.create_from_cloudformation_json("probe", described, ACCOUNT, REGION)
        except KeyError as error:
            return error.args == ("ServiceRole",)
        except Exception as error:
            return "ServiceRole" in str(error)
        return False

    @staticmethod
    def apply() -> None:
        """Use the service-linked role of AWS Batch, and create it where it is missing."""
        from_template = ComputeEnvironment.create_from_cloudformation_json
        from_call = BatchBackend.create_compute_environment

        def create(name: str, described: dict[str, Any], *args: Any, **kwargs: Any) -> ComputeEnvironment:
            properties = {"ServiceRole": None, **described["Properties"]}
            return from_template(name, {**described, "Properties": properties}, *args, **kwargs)

        def call(
            self: BatchBackend,
            compute_environment_name: str,
            _type: str,
            state: str,
            compute_resources: dict[str, Any],
            service_role: str | None = None,
            **kwargs: Any,
        ) -> ComputeEnvironment:
            role = service_role or _service_linked_role(self)
            return from_call(
                self, compute_environment_name, _type, state, compute_resources, role, **kwargs
            )

        setattr(ComputeEnvironment, "create_from_cloudformation_json", staticmethod(create))  # noqa: B010
        setattr(BatchBackend, "create_compute_environment", call)  # noqa: B010


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
