"""AWS Batch: what CloudFormation may leave out."""

from __future__ import annotations

import json
from typing import Any

from moto.batch.models import BatchBackend, ComputeEnvironment, JobDefinition

from cfngen.local.patches.probe_resources import ACCOUNT, REGION

CONTAINER = {
    "Image": "probe",
    "ResourceRequirements": [{"Type": "VCPU", "Value": "1"}, {"Type": "MEMORY", "Value": "4"}],
}


def refuses_a_job_definition_without_retry_strategy() -> bool:
    """Tell whether ``RetryStrategy`` is taken for required."""
    described = {"Properties": {"Type": "container", "ContainerProperties": CONTAINER}}
    try:
        JobDefinition.create_from_cloudformation_json("probe", described, ACCOUNT, REGION)
    except KeyError:
        return True
    return False


def accept_a_job_definition_without_retry_strategy() -> None:
    """Let a missing one be one attempt, as AWS Batch has it."""
    original = JobDefinition.create_from_cloudformation_json

    def create(name: str, described: dict[str, Any], *args: Any, **kwargs: Any) -> JobDefinition:
        properties = {"RetryStrategy": {"Attempts": 1}, **described["Properties"]}
        return original(name, {**described, "Properties": properties}, *args, **kwargs)

    setattr(JobDefinition, "create_from_cloudformation_json", staticmethod(create))  # noqa: B010


def refuses_a_compute_environment_without_service_role() -> bool:
    """Tell whether ``ServiceRole`` is taken for required."""
    described = {"Properties": {"Type": "UNMANAGED", "ComputeResources": {}}}
    try:
        ComputeEnvironment.create_from_cloudformation_json("probe", described, ACCOUNT, REGION)
    except KeyError as error:
        return error.args == ("ServiceRole",)
    except Exception as error:
        return "ServiceRole" in str(error)
    return False


def use_the_service_linked_role() -> None:
    """Let AWS Batch use, and make where it is missing, its service-linked role."""
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
        return from_call(self, compute_environment_name, _type, state, compute_resources, role, **kwargs)

    setattr(ComputeEnvironment, "create_from_cloudformation_json", staticmethod(create))  # noqa: B010
    setattr(BatchBackend, "create_compute_environment", call)  # noqa: B010


def _service_linked_role(backend: BatchBackend) -> str:
    """Return the ARN of the role that AWS Batch makes for itself, and which stays when a stack goes."""
    name, service = "AWSServiceRoleForBatch", "batch.amazonaws.com"
    for role in backend.iam_backend.get_roles():
        if role.name == name:
            return str(role.arn)
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    made = backend.iam_backend.create_role(
        name,
        json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        f"/aws-service-role/{service}/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
        linked_service=service,
    )
    return str(made.arn)
