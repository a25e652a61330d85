"""The network that jobs run in: a VPC of the stack's own, or one that exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from troposphere import GetAZs, Parameter, Ref, Select, Template
from troposphere.ec2 import (
    VPC,
    InternetGateway,
    Route,
    RouteTable,
    SecurityGroup,
    SecurityGroupRule,
    Subnet,
    SubnetRouteTableAssociation,
    VPCGatewayAttachment,
)

from cfngen.asl.values import Text
from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem
from cfngen.stacks.options import (
    PREFIX,
    integer,
    invalid_combination,
    list_or_parameter,
    option,
    references,
    text_or_parameter,
)
from cfngen.stacks.parameters import value_or_parameter
from cfngen.stacks.properties import tag_list, without_none
from cfngen.stacks.roles import TagOptions


@frozen
class NetworkReferences(Declared):
    """Where jobs run.

    ``subnets`` and ``security_groups`` are ids or references. ``depends_on`` are the logical ids of routes,
    which must exist as long as there are instances.
    """

    subnets: Any
    security_groups: Any
    depends_on: tuple[str, ...] = ()


@frozen(kw_only=True)
class NetworkOptions(TagOptions):
    """The options of a network: a new one, or with ``subnets`` one that exists."""

    availability_zones: int = option(integer(1, 6), 1, help="zones of the stack's own network")
    vpc: Text | Parameter | None = option(
        text_or_parameter("the id of a VPC", r"vpc-[0-9a-f]+"), None, help="an existing VPC instead"
    )
    subnets: Sequence[Text] | Text | Parameter | None = option(
        list_or_parameter("a list of subnet ids", r"subnet-[0-9a-f]+"),
        None,
        help="existing subnets of that VPC",
    )
    security_groups: Sequence[Text] | None = option(
        references("a list of security group ids", r"sg-[0-9a-f]+"), None, help="existing ones instead"
    )

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for an existing network that is not complete."""
        yield from super().invalid_combinations()
        if self.subnets is None:
            for name in ("vpc", "security_groups"):
                if getattr(self, name) is not None:
                    yield invalid_combination(
                        name, "an existing network needs its subnets too", "set subnets"
                    )
            return
        if self.vpc is None and self.security_groups is None:
            yield invalid_combination(
                "subnets", "the security group of the jobs needs a VPC", "set vpc too"
            )
        if self.availability_zones > 1:
            message = "existing subnets already have their zones"
            yield invalid_combination("availability_zones", message, "leave the option out")


@frozen(kw_only=True)
class Network(NetworkOptions):
    """A VPC with public subnets and a way to the internet, or existing subnets; and a security group.

    ``prefix`` begins the logical ids, such as ``BatchVPC`` and ``BatchSubnet``, and ``route_prefix`` those
    of the routes: ``PublicRouteTable``, ``PublicRoute``.
    """

    prefix: str = option(PREFIX, "Batch", help="the beginning of the logical ids")
    route_prefix: str = option(PREFIX, "Public", help="the beginning of the logical ids of routes")

    def add_to(self, template: Template) -> NetworkReferences:
        """Add what does not exist yet, and return where jobs run."""
        if self.subnets is None:
            vpc, subnets, depends_on = Ref(f"{self.prefix}VPC"), *self._add_vpc(template)
        else:
            vpc, subnets, depends_on = self._existing_vpc(template), self._existing_subnets(template), ()
        if self.security_groups is not None:
            return NetworkReferences(subnets, self.security_groups, depends_on)
        template.add_resource(self._security_group(vpc))
        return NetworkReferences(subnets, [Ref(f"{self.prefix}SecurityGroup")], depends_on)

    def _existing_vpc(self, template: Template) -> Any:
        parameter = Parameter(
            "VpcId", Type="AWS::EC2::VPC::Id", Description="The VPC that the jobs run in."
        )
        return value_or_parameter(template, self.vpc, parameter, "Network", "VPC")

    def _existing_subnets(self, template: Template) -> Any:
        parameter = Parameter(
            "SubnetIds",
            Type="List<AWS::EC2::Subnet::Id>",
            Description="The subnets of that VPC that the jobs run in; they need a way to the internet.",
        )
        return value_or_parameter(template, self.subnets, parameter, "Network", "Subnets")

    def _add_vpc(self, template: Template) -> tuple[list[Ref], tuple[str, ...]]:
        prefix, tags = self.prefix, without_none(Tags=tag_list(self.tags))
        vpc, gateway = Ref(f"{prefix}VPC"), Ref(f"{prefix}InternetGateway")
        route_table = Ref(f"{self.route_prefix}RouteTable")
        numbers = ["", *map(str, range(2, self.availability_zones + 1))]
        associations = [f"{prefix}SubnetRouteTableAssociation{number}" for number in numbers]
        resources = [
            VPC(f"{prefix}VPC", CidrBlock="10.0.0.0/16", **tags),
            *(self._subnet(index, number) for index, number in enumerate(numbers)),
            InternetGateway(f"{prefix}InternetGateway", **tags),
            VPCGatewayAttachment(f"{prefix}VPCGatewayAttachment", VpcId=vpc, InternetGatewayId=gateway),
            RouteTable(f"{self.route_prefix}RouteTable", VpcId=vpc, **tags),
            Route(
                f"{self.route_prefix}Route",
                DependsOn=f"{prefix}VPCGatewayAttachment",
                RouteTableId=route_table,
                DestinationCidrBlock="0.0.0.0/0",
                GatewayId=gateway,
            ),
            *(
                SubnetRouteTableAssociation(
                    association, RouteTableId=route_table, SubnetId=Ref(f"{prefix}Subnet{number}")
                )
                for association, number in zip(associations, numbers, strict=True)
            ),
        ]
        template.add_resource(resources)
        subnets = [Ref(f"{prefix}Subnet{number}") for number in numbers]
        return subnets, (f"{self.route_prefix}Route", *associations)

    def _subnet(self, index: int, number: str) -> Subnet:
        zone = Select(index, GetAZs("")) if self.availability_zones > 1 else None
        return Subnet(
            f"{self.prefix}Subnet{number}",
            VpcId=Ref(f"{self.prefix}VPC"),
            CidrBlock=f"10.0.{index}.0/24",
            **without_none(AvailabilityZone=zone),
            MapPublicIpOnLaunch=True,
            **without_none(Tags=tag_list(self.tags)),
        )

    def _security_group(self, vpc: Any) -> SecurityGroup:
        """Return a group that lets jobs reach what they pull and call, and nothing reach them."""
        https = SecurityGroupRule(
            Description="HTTPS to the container registry and to AWS",
            IpProtocol="tcp",
            FromPort=443,
            ToPort=443,
            CidrIp="0.0.0.0/0",
        )
        return SecurityGroup(
            f"{self.prefix}SecurityGroup",
            GroupDescription="Batch jobs: HTTPS out, nothing in",
            VpcId=vpc,
            SecurityGroupEgress=[https],
            **without_none(Tags=tag_list(self.tags)),
        )
