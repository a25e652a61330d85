"""What jobs run on: a managed compute environment, and the queue before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from troposphere import GetAtt, Ref, Sub, Template
from troposphere.batch import ComputeEnvironment, ComputeEnvironmentOrder, ComputeResources, JobQueue
from troposphere.iam import InstanceProfile

from cfngen.iam.trust import trust
from cfngen.stacks.properties import given, tag_map
from cfngen.stacks.roles import role

if TYPE_CHECKING:
    from cfngen.stacks.parts.batch_network import Network
    from cfngen.stacks.samples.batch_job_notification import BatchJobNotification


def add_computing(template: Template, stack: BatchJobNotification, network: Network) -> None:
    """Add the compute environment and the queue, and on EC2 the profile of the instances.

    Batch takes its service-linked role: a role of the stack's own would keep it from updating the
    environment in place.
    """
    template.add_resource(
        JobQueue(
            "BatchJobQueue",
            Priority=1,
            ComputeEnvironmentOrder=[
                ComputeEnvironmentOrder(Order=1, ComputeEnvironment=Ref("BatchComputeEnvironment"))
            ],
            **given(Tags=tag_map(stack.tags)),
        )
    )
    template.add_resource(
        ComputeEnvironment(
            "BatchComputeEnvironment",
            **given(DependsOn=list(network.needed) or None),
            Type="MANAGED",
            ComputeResources=ComputeResources(
                Type=stack.compute,
                **(_fargate(stack) if stack.on_fargate else _ec2(stack)),
                Subnets=network.subnets,
                SecurityGroupIds=network.security_groups,
            ),
            **given(Tags=tag_map(stack.tags)),
        )
    )
    if not stack.on_fargate:
        _add_instance_profile(template, stack)


def _fargate(stack: BatchJobNotification) -> dict[str, Any]:
    return {"MaxvCpus": stack.max_vcpus}


def _ec2(stack: BatchJobNotification) -> dict[str, Any]:
    """Return what instances need; Batch moves their desired number, so the template does not name it.

    Spot capacity is chosen by price and supply, which needs no role of a Spot fleet.
    """
    spot = "SPOT_PRICE_CAPACITY_OPTIMIZED" if stack.compute == "SPOT" else None
    return given(
        AllocationStrategy=spot,
        MinvCpus=0,
        MaxvCpus=stack.max_vcpus,
        InstanceTypes=list(stack.instance_types_or_default),
        InstanceRole=GetAtt("BatchIamInstanceProfile", "Arn"),
        Tags=tag_map(stack.tags),
    )


def _add_instance_profile(template: Template, stack: BatchJobNotification) -> None:
    policy = "service-role/AmazonEC2ContainerServiceforEC2Role"
    template.add_resource(
        role(
            "BatchEcsInstanceRole",
            stack,
            trust=trust("ec2.${AWS::URLSuffix}"),  # EC2's principal is one of the partition's own
            managed=[Sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{policy}")],
        )
    )
    template.add_resource(
        InstanceProfile(
            "BatchIamInstanceProfile",
            **given(Path=stack.role_path),
            Roles=[Ref("BatchEcsInstanceRole")],
        )
    )
