"""Resources that moto cannot delete from CloudFormation, so that a deleted stack leaves them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from moto.batch.models import ComputeEnvironment, JobDefinition, JobQueue, batch_backends
from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.internet_gateways import InternetGateway, VPCGatewayAttachment
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.vpcs import VPCEndPoint

from cfngen.local.patches.patch import Patch

_DELETED_BY: Final[dict[Any, tuple[Any, str]]] = {
    JobQueue: (batch_backends, "delete_job_queue"),
    ComputeEnvironment: (batch_backends, "delete_compute_environment"),
    JobDefinition: (batch_backends, "deregister_job_definition"),
    InternetGateway: (ec2_backends, "delete_internet_gateway"),
    RouteTable: (ec2_backends, "delete_route_table"),
    ElasticAddress: (ec2_backends, "release_address"),
}
"""The backends of a type of resource, and their call that deletes one."""


class ResourcesLeftByADeletedStack(Patch):
    name = "resources-left-by-a-deleted-stack"
    defect = (
        "deleting a stack leaves queues, compute environments, job definitions, gateways, addresses, "
        "VPC endpoints and route tables"
    )

    @staticmethod
    def probe() -> bool:
        """Return whether CloudFormation cannot delete one of them."""
        return bool(_undeletable())

    @staticmethod
    def apply() -> None:
        """Delete each resource as its own API does."""
        for resource in _undeletable():
            resource.delete_from_cloudformation_json = staticmethod(_deletion(resource))


def _deletion(resource: Any) -> Callable[[str, Any, str, str], None]:
    if resource in _BY_HAND:
        return _BY_HAND[resource]
    backends, call = _DELETED_BY[resource]
    return lambda name, described, account, region: getattr(backends[account][region], call)(name)


def _detach(vpc: str, described: Any, account: str, region: str) -> None:
    backend = ec2_backends[account][region]
    for gateway in list(backend.internet_gateways.values()):
        if gateway.vpc is not None and gateway.vpc.id == vpc:
            backend.detach_internet_gateway(gateway.id, vpc)


def _remove(gateway_id: str, described: Any, account: str, region: str) -> None:
    backend = ec2_backends[account][region]
    gateway = backend.nat_gateways.pop(gateway_id)
    for address in gateway.address_set:
        if association := address.get("associationId"):
            backend.disassociate_address(association_id=association)
    backend.delete_network_interface(gateway._eni.id)


def _close(endpoint_id: str, described: Any, account: str, region: str) -> None:
    backend = ec2_backends[account][region]
    endpoint = backend.vpc_end_points.pop(endpoint_id)
    for interface in endpoint.network_interface_ids:
        backend.delete_network_interface(interface)
    if destination := endpoint.destination_prefix_list_id:
        for table in endpoint.route_table_ids:
            backend.delete_route(table, None, destination_prefix_list_id=destination)


_BY_HAND: Final[dict[Any, Callable[[str, Any, str, str], None]]] = {
    VPCGatewayAttachment: _detach,
    NatGateway: _remove,
    VPCEndPoint: _close,
}


def _undeletable() -> list[Any]:
    return [
        resource
        for resource in (*_DELETED_BY, *_BY_HAND)
        if hasattr(resource.delete_from_cloudformation_json, "__isabstractmethod__")
        and not hasattr(resource, "delete")
    ]
