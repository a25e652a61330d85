"""What AWS Batch jobs run on: a managed compute environment, and the queue before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from troposphere import GetAtt, Ref, Sub, Template
from troposphere.batch import ComputeEnvironment, ComputeEnvironmentOrder, ComputeResources, JobQueue
from troposphere.iam import InstanceProfile

from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.iam.trust import trust
from cfngen.stacks.options import LOGICAL_ID, PREFIX, integer, invalid_combination, option, references
from cfngen.stacks.parts import instances
from cfngen.stacks.parts.job import PlatformOptions
from cfngen.stacks.parts.network import NetworkReferences
from cfngen.stacks.properties import tag_map, without_none
from cfngen.stacks.roles import TagOptions, role


@frozen(kw_only=True)
class ComputeOptions(PlatformOptions):
    """The options of a compute environment."""

    max_vcpus: int = option(integer(1), 64, help="the most vCPUs at a time")
    instance_types: Sequence[str] | None = option(
        references("a list of instance types or families", r"[a-z][\w.-]*"), None, help="on EC2 only"
    )

    @property
    def instance_types_or_default(self) -> Sequence[str]:
        """The instance types that fit the architecture and the GPUs."""
        return self.instance_types or instances.DEFAULTS[self.architecture, bool(self.gpus)]

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for instances that do not fit the jobs."""
        yield from super().invalid_combinations()
        if self.on_fargate:
            if self.instance_types:
                message = "Fargate has no instances to choose"
                yield invalid_combination("instance_types", message, "leave the option out")
            return
        types = self.instance_types_or_default
        for name in types:
            if instances.architecture(name) != self.architecture:
                yield invalid_combination(
                    "instance_types",
                    f"{name!r} is {instances.architecture(name)}, and the image {self.architecture}",
                    "choose types of one architecture, and set the option architecture to it",
                )
        if self.gpus and self.architecture != "ARM64" and not any(map(instances.has_gpus, types)):
            yield invalid_combination(
                "gpus",
                f"there are no GPUs in {', '.join(types)}",
                "choose a family such as g4dn, g5 or p4d",
            )


@frozen(kw_only=True)
class BatchCompute(ComputeOptions):
    """A managed compute environment, and on EC2 the role and the profile of its instances.

    ``prefix`` begins the logical ids: ``BatchComputeEnvironment``, ``BatchEcsInstanceRole``,
    ``BatchIamInstanceProfile``. Batch takes its service-linked role: with a role of the stack's own it
    could not update the environment in place.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-computeenvironment.html
    """

    prefix: str = option(PREFIX, "Batch", help="the beginning of the logical ids")

    def ref(self) -> Ref:
        """Return a reference to the environment's ARN."""
        return Ref(f"{self.prefix}ComputeEnvironment")

    def add_to(self, template: Template, network: NetworkReferences) -> Ref:
        """Add the environment, whose jobs run in ``network``; return a reference to its ARN."""
        template.add_resource(
            ComputeEnvironment(
                f"{self.prefix}ComputeEnvironment",
                **without_none(DependsOn=list(network.depends_on) or None),
                Type="MANAGED",
                ComputeResources=ComputeResources(
                    Type=self.compute,
                    **({"MaxvCpus": self.max_vcpus} if self.on_fargate else self._instances()),
                    Subnets=network.subnets,
                    SecurityGroupIds=network.security_groups,
                ),
                **without_none(Tags=tag_map(self.tags)),
            )
        )
        if not self.on_fargate:
            self._add_instance_profile(template)
        return self.ref()

    def _instances(self) -> dict[str, Any]:
        """Return what instances need; Batch changes their desired number, so the template does not set it.

        Spot capacity is chosen by price and supply, which needs no role of a Spot fleet.
        """
        return without_none(
            AllocationStrategy="SPOT_PRICE_CAPACITY_OPTIMIZED" if self.compute == "SPOT" else None,
            MinvCpus=0,
            MaxvCpus=self.max_vcpus,
            InstanceTypes=list(self.instance_types_or_default),
            InstanceRole=GetAtt(f"{self.prefix}IamInstanceProfile", "Arn"),
            Tags=tag_map(self.tags),
        )

    def _add_instance_profile(self, template: Template) -> None:
        policy = "service-role/AmazonEC2ContainerServiceforEC2Role"
        template.add_resource(
            role(
                f"{self.prefix}EcsInstanceRole",
                self,
                trust=trust("ec2.${AWS::URLSuffix}"),  # EC2's principal is one of the partition's own
                managed=[Sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{policy}")],
            )
        )
        template.add_resource(
            InstanceProfile(
                f"{self.prefix}IamInstanceProfile",
                **without_none(Path=self.role_path),
                Roles=[Ref(f"{self.prefix}EcsInstanceRole")],
            )
        )


@frozen(kw_only=True)
class BatchQueue(TagOptions):
    """A job queue before one compute environment.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-jobqueue.html
    """

    logical_id: str = option(LOGICAL_ID, "BatchJobQueue", help="the logical id of the queue")

    def add_to(self, template: Template, compute_environment: Any) -> Ref:
        """Add the queue before the environment of this ARN; return a reference to the queue's ARN."""
        order = ComputeEnvironmentOrder(Order=1, ComputeEnvironment=compute_environment)
        queue = JobQueue(
            self.logical_id,
            Priority=1,
            ComputeEnvironmentOrder=[order],
            **without_none(Tags=tag_map(self.tags)),
        )
        template.add_resource(queue)
        return queue.ref()
