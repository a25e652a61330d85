"""Resources of a network that moto cannot delete from CloudFormation: a deleted stack would leave them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.internet_gateways import InternetGateway, VPCGatewayAttachment
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.vpcs import VPCEndPoint

from cfngen.local.patches.patch import Patch


def _detach(backend: Any, vpc: str) -> None:
    for gateway in [*backend.internet_gateways.values()]:
        if gateway.vpc is not None and gateway.vpc.id == vpc:
            backend.detach_internet_gateway(gateway.id, vpc)


def _remove(backend: Any, gateway_id: str) -> None:
    gateway = backend.nat_gateways.pop(gateway_id)
    for address in gateway.address_set:
        if association := address.get("associationId"):
            backend.disassociate_address(association_id=association)
    backend.delete_network_interface(gateway._eni.id)


def _close(backend: Any, endpoint_id: str) -> None:
    backend.delete_vpc_endpoints([endpoint_id])
    backend.vpc_end_points.pop(endpoint_id)


_DELETIONS: Final[dict[Any, Callable[[Any, str], object]]] = {
    ElasticAddress: EC2Backend.release_address,
    InternetGateway: EC2Backend.delete_internet_gateway,
    NatGateway: _remove,
    RouteTable: EC2Backend.delete_route_table,
    VPCEndPoint: _close,
    VPCGatewayAttachment: _detach,
}
"""How EC2 deletes one of each type."""


class ResourcesLeftByADeletedStack(Patch):
    name = "resources-left-by-a-deleted-stack"
    defect = "deleting a stack leaves gateways, addresses, VPC endpoints and route tables"

    @classmethod
    def probe(cls) -> bool:
        """Return whether CloudFormation cannot delete one of them."""
        return any(map(_is_undeletable, _DELETIONS))

    @classmethod
    def apply(cls) -> None:
        """Delete each resource as its own API does."""
        for resource in filter(_is_undeletable, _DELETIONS):
            resource.delete_from_cloudformation_json = staticmethod(_deletion(_DELETIONS[resource]))


def _is_undeletable(resource: Any) -> bool:
    is_abstract = hasattr(resource.delete_from_cloudformation_json, "__isabstractmethod__")
    return is_abstract and not hasattr(resource, "delete")


def _deletion(delete: Callable[[Any, str], object]) -> Callable[[str, Any, str, str], object]:
    return lambda name, described, account, region: delete(ec2_backends[account][region], name)
