"""Resources that moto cannot delete from CloudFormation, so that a deleted stack leaves them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from moto.batch.models import ComputeEnvironment, JobDefinition, JobQueue, batch_backends
from moto.ec2.models import ec2_backends
from moto.ec2.models.internet_gateways import InternetGateway, VPCGatewayAttachment
from moto.ec2.models.route_tables import RouteTable

from cfngen.local.patches.patch import Patch


def _job_queue(physical: str, account: str, region: str) -> None:
    batch_backends[account][region].delete_job_queue(physical)


def _compute_environment(physical: str, account: str, region: str) -> None:
    batch_backends[account][region].delete_compute_environment(physical)


def _job_definition(physical: str, account: str, region: str) -> None:
    batch_backends[account][region].deregister_job_definition(physical)


def _internet_gateway(physical: str, account: str, region: str) -> None:
    ec2_backends[account][region].delete_internet_gateway(physical)


def _gateway_attachment(physical: str, account: str, region: str) -> None:
    backend = ec2_backends[account][region]
    for gateway in list(backend.internet_gateways.values()):
        if gateway.vpc is not None and gateway.vpc.id == physical:
            backend.detach_internet_gateway(gateway.id, physical)


def _route_table(physical: str, account: str, region: str) -> None:
    ec2_backends[account][region].delete_route_table(physical)


_DELETE_FUNCTIONS: Final[dict[Any, Callable[[str, str, str], None]]] = {
    JobQueue: _job_queue,
    ComputeEnvironment: _compute_environment,
    JobDefinition: _job_definition,
    InternetGateway: _internet_gateway,
    VPCGatewayAttachment: _gateway_attachment,
    RouteTable: _route_table,
}


class ResourcesLeftByADeletedStack(Patch):
    name = "resources-left-by-a-deleted-stack"
    defect = (
        "deleting a stack leaves queues, compute environments, job definitions, gateways and route tables"
    )

    @staticmethod
    def probe() -> bool:
        """Return whether CloudFormation cannot delete one of them."""
        return bool(_undeletable())

    @staticmethod
    def apply() -> None:
        """Delete each resource as its own API does."""
        for resource in _undeletable():
            delete = _DELETE_FUNCTIONS[resource]

            def deleted(
                name: str, described: Any, account: str, region: str, delete: Callable[..., None] = delete
            ) -> None:
                delete(name, account, region)

            resource.delete_from_cloudformation_json = staticmethod(deleted)


def _undeletable() -> list[Any]:
    return [
        resource
        for resource in _DELETE_FUNCTIONS
        if hasattr(resource.delete_from_cloudformation_json, "__isabstractmethod__")
        and not hasattr(resource, "delete")
    ]
