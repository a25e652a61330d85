"""Resources that deleting a stack leaves, since moto has no way to delete them from CloudFormation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from moto.batch.models import ComputeEnvironment, JobDefinition, JobQueue, batch_backends
from moto.ec2.models import ec2_backends
from moto.ec2.models.internet_gateways import InternetGateway, VPCGatewayAttachment
from moto.ec2.models.route_tables import RouteTable


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


DELETED_BY: Final[dict[Any, Callable[[str, str, str], None]]] = {
    JobQueue: _job_queue,
    ComputeEnvironment: _compute_environment,
    JobDefinition: _job_definition,
    InternetGateway: _internet_gateway,
    VPCGatewayAttachment: _gateway_attachment,
    RouteTable: _route_table,
}


def are_left() -> bool:
    """Tell whether one of these cannot be deleted from CloudFormation."""
    return bool(_left())


def delete_them() -> None:
    """Delete each as its own API would."""
    for resource in _left():
        delete = DELETED_BY[resource]

        def deleted(
            name: str, described: Any, account: str, region: str, delete: Callable[..., None] = delete
        ) -> None:
            delete(name, account, region)

        resource.delete_from_cloudformation_json = staticmethod(deleted)


def _left() -> list[Any]:
    return [
        resource
        for resource in DELETED_BY
        if hasattr(resource.delete_from_cloudformation_json, "__isabstractmethod__")
        and not hasattr(resource, "delete")
    ]
