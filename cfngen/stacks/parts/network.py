"""The network that jobs run in: a VPC of the stack's own, or one that exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

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
    VPCEndpoint,
    VPCGatewayAttachment,
)

from cfngen.asl.values import Text
from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem
from cfngen.stacks.additions import add_resources
from cfngen.stacks.options import (
    BOOLEAN,
    PREFIX,
    integer,
    invalid_combination,
    option,
    references,
)
from cfngen.stacks.parameters import list_or_parameter, text_or_parameter, value_or_parameter
from cfngen.stacks.partitions import IN_CHINA, add_condition
from cfngen.stacks.parts.endpoints import EVERY_JOB, INSTANCES, endpoints
from cfngen.stacks.properties import tag_list, without_none
from cfngen.stacks.roles import TagOptions

_PREFIX: Final = "Batch"


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
    vpc_endpoints: bool = option(
        BOOLEAN, False, help="put jobs in private subnets, which reach AWS by VPC endpoints"
    )
    endpoint_services: Sequence[str] | None = option(
        references(
            "a list of names of services, such as sqs", r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)*", is_text=True
        ),
        None,
        help="what jobs reach by VPC endpoints beside what Batch needs",
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
        if self.endpoint_services and not self.vpc_endpoints:
            yield invalid_combination(
                "endpoint_services", "there are no VPC endpoints", "set vpc_endpoints"
            )
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
        for name in ("nat_gateway", "vpc_endpoints"):
            if getattr(self, name):
                message = "existing subnets already have their routes"
                yield invalid_combination(name, message, "leave the option out")

    @property
    def is_private(self) -> bool:
        """Whether jobs are in private subnets of the stack's own network."""
        return self.nat_gateway or self.vpc_endpoints


@frozen(kw_only=True)
class Network(NetworkOptions):
    """A VPC with subnets that reach the internet, or existing subnets; and a security group.

    The default is two zones, since not every zone has every instance type, and AWS chooses the zone of a
    single subnet.
    ``prefix`` begins the logical ids, such as ``BatchVPC`` and ``BatchSubnet``, and ``route_prefix`` those
    of the routes: by default ``PublicRouteTable`` and ``PublicRoute``, after a ``prefix`` of your own.
    """

    prefix: str = option(PREFIX, _PREFIX, help="the beginning of the logical ids")
    route_prefix: str | None = option(PREFIX, None, help="the beginning of the logical ids of routes")
    members_talk: bool = option(BOOLEAN, False, help="let jobs reach one another")
    has_instances: bool = option(
        BOOLEAN, True, help="have the VPC endpoints that instances need, and Fargate does not"
    )

    def add_to(self, template: Template) -> NetworkReferences:
        """Add what does not exist yet, and return where jobs run."""
        if self.subnets is None:
            vpc, subnets, depends_on = Ref(f"{self.prefix}VPC"), *self._add_vpc(template)
        else:
            vpc, subnets, depends_on = self._existing_vpc(template), self._existing_subnets(template), ()
        if self.security_groups is not None:
            return NetworkReferences(subnets, self.security_groups, depends_on)
        add_resources(self, template, self._security_group(vpc))
        if self.members_talk:
            add_resources(self, template, list(self._rules_among_members()))
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
        # https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html: its DNS
        names = {"EnableDnsHostnames": True} if self.vpc_endpoints else {}
        add_resources(
            self, template, VPC(f"{self.prefix}VPC", CidrBlock="10.0.0.0/16", **names, **self._tags)
        )
        ways = self._public_ways() if self.nat_gateway or not self.vpc_endpoints else []
        ways += self._private_ways(template) if self.is_private else []
        add_resources(self, template, ways)
        subnet = f"{self.prefix}PrivateSubnet" if self.is_private else f"{self.prefix}Subnet"
        depends_on = [
            it.title for it in ways if isinstance(it, (Route, SubnetRouteTableAssociation, VPCEndpoint))
        ]
        return [Ref(f"{subnet}{number}") for number in self._numbers], tuple(depends_on)

    def _public_ways(self) -> list[AWSObject]:
        """Return public subnets, and their route to an internet gateway."""
        prefix, vpc = self.prefix, Ref(f"{self.prefix}VPC")
        public = self.route_prefix or ("Public" if prefix == _PREFIX else f"{prefix}Public")
        gateway = Ref(f"{prefix}InternetGateway")
        return [
            *self._subnets(f"{prefix}Subnet", 0, is_public=True),
            InternetGateway(f"{prefix}InternetGateway", **self._tags),
            VPCGatewayAttachment(f"{prefix}VPCGatewayAttachment", VpcId=vpc, InternetGatewayId=gateway),
            RouteTable(f"{public}RouteTable", VpcId=vpc, **self._tags),
            Route(
                f"{public}Route",
                DependsOn=f"{prefix}VPCGatewayAttachment",
                RouteTableId=Ref(f"{public}RouteTable"),
                DestinationCidrBlock="0.0.0.0/0",
                GatewayId=gateway,
            ),
            *self._associations(f"{prefix}Subnet", f"{public}RouteTable"),
        ]

    def _private_ways(self, template: Template) -> list[AWSObject]:
        """Return private subnets, and their ways to a NAT gateway and to endpoints."""
        prefix = self.prefix
        ways = [
            *self._subnets(f"{prefix}PrivateSubnet", 128, is_public=False),
            *(self._nat_gateway() if self.nat_gateway else ()),
            RouteTable(f"{prefix}PrivateRouteTable", VpcId=Ref(f"{prefix}VPC"), **self._tags),
        ]
        ways += self._associations(f"{prefix}PrivateSubnet", f"{prefix}PrivateRouteTable")
        if self.vpc_endpoints:
            services = (
                *EVERY_JOB,
                *(INSTANCES if self.has_instances else ()),
                *(self.endpoint_services or ()),
            )
            subnets = [Ref(f"{prefix}PrivateSubnet{number}") for number in self._numbers]
            ways += endpoints(prefix, services, subnets, self._tags)
            add_condition(template, IN_CHINA)
        return ways

    def _nat_gateway(self) -> Iterator[AWSObject]:
        """Yield a NAT gateway in the first of the public subnets, and the route to it."""
        prefix = self.prefix
        attachment = f"{prefix}VPCGatewayAttachment"
        yield EIP(f"{prefix}NatAddress", DependsOn=attachment, Domain="vpc", **self._tags)
        yield NatGateway(
            f"{prefix}NatGateway",
            AllocationId=GetAtt(f"{prefix}NatAddress", "AllocationId"),
            SubnetId=Ref(f"{prefix}Subnet"),
            **self._tags,
        )
        yield Route(
            f"{prefix}PrivateRoute",
            RouteTableId=Ref(f"{prefix}PrivateRouteTable"),
            DestinationCidrBlock="0.0.0.0/0",
            NatGatewayId=Ref(f"{prefix}NatGateway"),
        )

    @property
    def _tags(self) -> dict[str, Any]:
        return without_none(Tags=tag_list(self.tags))

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
