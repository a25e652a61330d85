"""The network that jobs run in: a VPC of the stack's own, or one that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

from cfngen.core.declared import Declared, frozen
from cfngen.stacks.parameters import ask
from cfngen.stacks.properties import given, tag_list

if TYPE_CHECKING:
    from cfngen.stacks.samples.batch_job_notification import BatchJobNotification


@frozen
class Network(Declared):
    """Where jobs run; ``needed`` must be there as long as there are instances, which need a route."""

    subnets: Any
    security_groups: Any
    needed: tuple[str, ...] = ()


def add_network(template: Template, stack: BatchJobNotification) -> Network:
    """Add what the stack needs of a network, and return where its jobs run."""
    if stack.subnets is None:
        vpc, subnets, needed = Ref("BatchVPC"), *_add_vpc(template, stack)
    else:
        vpc, subnets, needed = _existing_vpc(template, stack), _existing_subnets(template, stack), ()
    if stack.security_groups is not None:
        return Network(subnets, stack.security_groups, needed)
    template.add_resource(_security_group(vpc, stack))
    return Network(subnets, [Ref("BatchSecurityGroup")], needed)


def _existing_vpc(template: Template, stack: BatchJobNotification) -> Any:
    parameter = Parameter("VpcId", Type="AWS::EC2::VPC::Id", Description="The VPC that the jobs run in.")
    return ask(template, stack.vpc, parameter, "Network", "VPC")


def _existing_subnets(template: Template, stack: BatchJobNotification) -> Any:
    parameter = Parameter(
        "SubnetIds",
        Type="List<AWS::EC2::Subnet::Id>",
        Description="The subnets of that VPC that the jobs run in; they need a way to the internet.",
    )
    return ask(template, stack.subnets, parameter, "Network", "Subnets")


def _add_vpc(template: Template, stack: BatchJobNotification) -> tuple[list[Ref], tuple[str, ...]]:
    tags = given(Tags=tag_list(stack.tags))
    vpc = Ref("BatchVPC")
    template.add_resource(VPC("BatchVPC", CidrBlock="10.0.0.0/16", **tags))
    numbers = ["", *map(str, range(2, stack.availability_zones + 1))]
    for index, number in enumerate(numbers):
        zone = Select(index, GetAZs("")) if stack.availability_zones > 1 else None
        template.add_resource(
            Subnet(
                f"BatchSubnet{number}",
                VpcId=vpc,
                CidrBlock=f"10.0.{index}.0/24",
                **given(AvailabilityZone=zone),
                MapPublicIpOnLaunch=True,
                **tags,
            )
        )
    template.add_resource(InternetGateway("BatchInternetGateway", **tags))
    template.add_resource(
        VPCGatewayAttachment(
            "BatchVPCGatewayAttachment", VpcId=vpc, InternetGatewayId=Ref("BatchInternetGateway")
        )
    )
    template.add_resource(RouteTable("PublicRouteTable", VpcId=vpc, **tags))
    template.add_resource(
        Route(
            "PublicRoute",
            DependsOn="BatchVPCGatewayAttachment",
            RouteTableId=Ref("PublicRouteTable"),
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=Ref("BatchInternetGateway"),
        )
    )
    associations = [f"BatchSubnetRouteTableAssociation{number}" for number in numbers]
    for association, number in zip(associations, numbers, strict=True):
        template.add_resource(
            SubnetRouteTableAssociation(
                association,
                RouteTableId=Ref("PublicRouteTable"),
                SubnetId=Ref(f"BatchSubnet{number}"),
            )
        )
    return [Ref(f"BatchSubnet{number}") for number in numbers], ("PublicRoute", *associations)


def _security_group(vpc: Any, stack: BatchJobNotification) -> SecurityGroup:
    """Return a group that lets jobs reach what they pull and call, and nothing reach them."""
    https = SecurityGroupRule(
        Description="HTTPS to the container registry and to AWS",
        IpProtocol="tcp",
        FromPort=443,
        ToPort=443,
        CidrIp="0.0.0.0/0",
    )
    return SecurityGroup(
        "BatchSecurityGroup",
        GroupDescription="Batch jobs: HTTPS out, nothing in",
        VpcId=vpc,
        SecurityGroupEgress=[https],
        **given(Tags=tag_list(stack.tags)),
    )
