"""The network that jobs run in: a VPC of the stack's own, or one that exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from troposphere import AWSObject, GetAtt, GetAZs, Parameter, Ref, Select, Template
from troposphere.ec2 import (
    EIP,
    VPC,
    InternetGateway,
    NatGateway,
    Route,
    RouteTable,
    SecurityGroup,
    SecurityGroupEgress,
    SecurityGroupIngress,
    SecurityGroupRule,
    Subnet,
    SubnetRouteTableAssociation,
    VPCGatewayAttachment,
)

from cfngen.asl.values import Text
from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem
from cfngen.stacks.options import (
    BOOLEAN,
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

    availability_zones: int | None = option(
        integer(1, 6),
        None,
        help="zones of the stack's own network, by default 2; no more than its region has",
    )
    nat_gateway: bool = option(
        BOOLEAN, False, help="put jobs in private subnets, which reach the internet by a NAT gateway"
    )
    vpc: Text | Parameter | None = option(
        text_or_parameter("the id of a VPC", r"vpc-[0-9a-f]+"), None, help="an existing VPC instead"
    )
    subnets: Sequence[Text] | Text | Parameter | None = option(
        list_or_parameter("a list of subnet ids", r"subnet-[0-9a-f]+"),
        None,
        help="existing subnets of that VPC",
    )
    security_groups: Sequence[Text] | None = option(
        references("a list of security group ids", r"sg-[0-9a-f]+", "GroupId"),
        None,
        help="existing ones instead",
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
        if self.availability_zones is not None:
            message = "existing subnets already have their zones"
            yield invalid_combination("availability_zones", message, "leave the option out")
        if self.nat_gateway:
            message = "existing subnets already have their routes"
            yield invalid_combination("nat_gateway", message, "leave the option out")


@frozen(kw_only=True)
class Network(NetworkOptions):
    """A VPC with subnets that reach the internet, or existing subnets; and a security group.

    The default is two zones, since not every zone has every instance type, and AWS chooses the zone of a
    single subnet.
    ``prefix`` begins the logical ids, such as ``BatchVPC`` and ``BatchSubnet``, and ``route_prefix`` those
    of the routes: ``PublicRouteTable``, ``PublicRoute``.
    """

    prefix: str = option(PREFIX, "Batch", help="the beginning of the logical ids")
    route_prefix: str = option(PREFIX, "Public", help="the beginning of the logical ids of routes")
    members_talk: bool = option(BOOLEAN, False, help="let jobs reach one another")

    def add_to(self, template: Template) -> NetworkReferences:
        """Add what does not exist yet, and return where jobs run."""
        if self.subnets is None:
            vpc, subnets, depends_on = Ref(f"{self.prefix}VPC"), *self._add_vpc(template)
        else:
            vpc, subnets, depends_on = self._existing_vpc(template), self._existing_subnets(template), ()
        if self.security_groups is not None:
            return NetworkReferences(subnets, self.security_groups, depends_on)
        template.add_resource(self._security_group(vpc))
        if self.members_talk:
            template.add_resource(list(self._rules_among_members()))
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
        """Add the VPC; return the subnets of jobs, and the routes without which they reach nothing."""
        prefix, public, tags = self.prefix, self.route_prefix, without_none(Tags=tag_list(self.tags))
        vpc, gateway = Ref(f"{prefix}VPC"), Ref(f"{prefix}InternetGateway")
        associations = list(self._associations(f"{prefix}Subnet", f"{public}RouteTable"))
        template.add_resource(
            [
                VPC(f"{prefix}VPC", CidrBlock="10.0.0.0/16", **tags),
                *self._subnets(f"{prefix}Subnet", 0, is_public=True),
                InternetGateway(f"{prefix}InternetGateway", **tags),
                VPCGatewayAttachment(f"{prefix}VPCGatewayAttachment", VpcId=vpc, InternetGatewayId=gateway),
                RouteTable(f"{public}RouteTable", VpcId=vpc, **tags),
                Route(
                    f"{public}Route",
                    DependsOn=f"{prefix}VPCGatewayAttachment",
                    RouteTableId=Ref(f"{public}RouteTable"),
                    DestinationCidrBlock="0.0.0.0/0",
                    GatewayId=gateway,
                ),
                *associations,
            ]
        )
        depends_on = [f"{public}Route", *(association.title for association in associations)]
        if not self.nat_gateway:
            return [Ref(f"{prefix}Subnet{number}") for number in self._numbers], tuple(depends_on)
        private = list(self._associations(f"{prefix}PrivateSubnet", f"{prefix}PrivateRouteTable"))
        template.add_resource([*self._private_subnets(), *private])
        depends_on += [f"{prefix}PrivateRoute", *(association.title for association in private)]
        return [Ref(f"{prefix}PrivateSubnet{number}") for number in self._numbers], tuple(depends_on)

    def _private_subnets(self) -> Iterator[AWSObject]:
        """Yield subnets beside the public ones, and their route to a NAT gateway in the first of those."""
        prefix, tags = self.prefix, without_none(Tags=tag_list(self.tags))
        yield from self._subnets(f"{prefix}PrivateSubnet", 128, is_public=False)
        yield EIP(f"{prefix}NatAddress", DependsOn=f"{prefix}VPCGatewayAttachment", Domain="vpc", **tags)
        yield NatGateway(
            f"{prefix}NatGateway",
            AllocationId=GetAtt(f"{prefix}NatAddress", "AllocationId"),
            SubnetId=Ref(f"{prefix}Subnet"),
            **tags,
        )
        yield RouteTable(f"{prefix}PrivateRouteTable", VpcId=Ref(f"{prefix}VPC"), **tags)
        yield Route(
            f"{prefix}PrivateRoute",
            RouteTableId=Ref(f"{prefix}PrivateRouteTable"),
            DestinationCidrBlock="0.0.0.0/0",
            NatGatewayId=Ref(f"{prefix}NatGateway"),
        )

    @property
    def _numbers(self) -> list[str]:
        zones = 2 if self.availability_zones is None else self.availability_zones
        return ["", *map(str, range(2, zones + 1))]

    def _subnets(self, logical_id: str, first: int, *, is_public: bool) -> Iterator[Subnet]:
        """Yield a subnet for each zone, also where it is one: another zone would replace the subnet.

        Its block of addresses is fixed, so that it could not be replaced while it exists.
        """
        for index, number in enumerate(self._numbers):
            yield Subnet(
                f"{logical_id}{number}",
                VpcId=Ref(f"{self.prefix}VPC"),
                CidrBlock=f"10.0.{first + index}.0/24",
                AvailabilityZone=Select(index, GetAZs("")),
                **without_none(MapPublicIpOnLaunch=True if is_public else None, Tags=tag_list(self.tags)),
            )

    def _associations(self, subnet: str, route_table: str) -> Iterator[SubnetRouteTableAssociation]:
        for number in self._numbers:
            yield SubnetRouteTableAssociation(
                f"{subnet}RouteTableAssociation{number}",
                RouteTableId=Ref(route_table),
                SubnetId=Ref(f"{subnet}{number}"),
            )

    def _rules_among_members(self) -> Iterator[AWSObject]:
        """Yield rules beside the group, which cannot name itself."""
        group = Ref(f"{self.prefix}SecurityGroup")
        described = {"Description": "Jobs reach one another", "IpProtocol": "-1", "GroupId": group}
        yield SecurityGroupIngress(f"{self.prefix}JobIngress", SourceSecurityGroupId=group, **described)
        yield SecurityGroupEgress(f"{self.prefix}JobEgress", DestinationSecurityGroupId=group, **described)

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
