"""What AWS Batch jobs run on: a managed compute environment, and the queue before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from troposphere import GetAtt, Ref, Sub, Template
from troposphere.batch import (
    ComputeEnvironment,
    ComputeEnvironmentOrder,
    ComputeResources,
    JobQueue,
    JobStateTimeLimitAction,
    LaunchTemplateSpecification,
)
from troposphere.ec2 import (
    EBSBlockDevice,
    LaunchTemplate,
    LaunchTemplateBlockDeviceMapping,
    LaunchTemplateData,
    MetadataOptions,
    TagSpecifications,
)
from troposphere.iam import InstanceProfile

from cfngen.core.callers import mistake
from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.iam.trust import trust
from cfngen.stacks.additions import add_resources
from cfngen.stacks.options import (
    BOOLEAN,
    LOGICAL_ID,
    PREFIX,
    integer,
    invalid_combination,
    option,
    references,
)
from cfngen.stacks.parts import instances
from cfngen.stacks.parts.job import PlatformOptions
from cfngen.stacks.parts.network import NetworkReferences
from cfngen.stacks.properties import tag_list, tag_map, without_none
from cfngen.stacks.references import neighbour
from cfngen.stacks.roles import TagOptions, role

ALLOCATION_STRATEGIES: Final = {"EC2": "BEST_FIT_PROGRESSIVE", "SPOT": "SPOT_PRICE_CAPACITY_OPTIMIZED"}
BLOCKED: Final = (
    "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
    "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE",
    "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
)
"""Why a job at the head of a queue never starts, as far as Batch acts on it in every region.

https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_time_limit_actions.html
"""


@frozen(kw_only=True)
class ComputeOptions(PlatformOptions):
    """The options of a compute environment."""

    max_vcpus: int = option(integer(1), 64, help="the most vCPUs at a time")
    instance_types: Sequence[str] | None = option(
        references("a list of instance types or families", r"[a-z][\w.-]*", is_text=True),
        None,
        help="on EC2 only",
    )
    require_imdsv2: bool = option(
        BOOLEAN, False, help="instances answer only IMDSv2, and no container; on EC2 only"
    )
    volume_size: int | None = option(
        integer(30, 16_384), None, help="GiB of the encrypted volume of each instance, on EC2 only"
    )

    @property
    def instance_types_or_default(self) -> Sequence[str]:
        """The instance types that fit the architecture and the GPUs."""
        return self.instance_types or instances.DEFAULTS[self.architecture, bool(self.gpus)]

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for instances that do not fit the jobs."""
        yield from super().invalid_combinations()
        if self.on_fargate:
            for name in ("instance_types", "require_imdsv2", "volume_size"):
                if getattr(self, name):
                    message = "Fargate has no instances to configure"
                    yield invalid_combination(name, message, "leave the option out")
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
    ``BatchIamInstanceProfile``, ``BatchLaunchTemplate``. Batch takes its service-linked role, and an
    allocation strategy that adds instances of other types: with a role of the stack's own, or with
    ``BEST_FIT``, it could not update the environment in place.
    https://docs.aws.amazon.com/batch/latest/userguide/infrastructure-updates.html
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-computeenvironment.html
    """

    prefix: str = option(PREFIX, "Batch", help="the beginning of the logical ids")

    def ref(self) -> Ref:
        """Return a reference to the environment's ARN."""
        return Ref(f"{self.prefix}ComputeEnvironment")

    def add_to(self, template: Template, network: NetworkReferences) -> Ref:
        """Add the environment, whose jobs run in ``network``; return a reference to its ARN."""
        network_option: object = network  # which an author without a type checker may mistake for the part
        if not isinstance(network_option, NetworkReferences):
            kind = type(network_option).__name__
            message = f"network takes the NetworkReferences that Network().add_to returns, not a {kind}"
            raise mistake(TypeError(message))
        add_resources(
            self,
            template,
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
                **without_none(
                    ReplaceComputeEnvironment=None if self.on_fargate else False, Tags=tag_map(self.tags)
                ),
            ),
        )
        if self._has_launch_template:
            add_resources(self, template, self._launch_template())
        if not self.on_fargate:
            self._add_instance_profile(template)
        return self.ref()

    def _instances(self) -> dict[str, Any]:
        """Return what instances need; Batch changes their desired number, so the template does not set it.

        Spot capacity is chosen by price and supply, which needs no role of a Spot fleet.
        """
        return without_none(
            AllocationStrategy=ALLOCATION_STRATEGIES[self.compute],
            MinvCpus=0,
            MaxvCpus=self.max_vcpus,
            InstanceTypes=list(self.instance_types_or_default),
            InstanceRole=GetAtt(f"{self.prefix}IamInstanceProfile", "Arn"),
            LaunchTemplate=self._launch_template_version() if self._has_launch_template else None,
            UpdateToLatestImageVersion=True,
            Tags=tag_map(self.tags),
        )

    @property
    def _has_launch_template(self) -> bool:
        return self.require_imdsv2 or self.volume_size is not None

    def _launch_template_version(self) -> LaunchTemplateSpecification:
        """Return the template with the number of its version: Batch does not follow ``$Latest``."""
        name = f"{self.prefix}LaunchTemplate"
        return LaunchTemplateSpecification(
            LaunchTemplateId=Ref(name), Version=GetAtt(name, "LatestVersionNumber")
        )

    def _launch_template(self) -> LaunchTemplate:
        """Return what Batch does not set itself; the root volume of its images is ``/dev/xvda``."""
        settings: dict[str, Any] = {}
        if self.volume_size is not None:
            volume = EBSBlockDevice(VolumeSize=self.volume_size, VolumeType="gp3", Encrypted=True)
            device = LaunchTemplateBlockDeviceMapping(DeviceName="/dev/xvda", Ebs=volume)
            settings["BlockDeviceMappings"] = [device]
        if self.require_imdsv2:
            settings["MetadataOptions"] = MetadataOptions(HttpTokens="required", HttpPutResponseHopLimit=1)
        tags = tag_list(self.tags)
        specifications = [TagSpecifications(ResourceType="launch-template", Tags=tags)] if tags else None
        return LaunchTemplate(
            f"{self.prefix}LaunchTemplate",
            LaunchTemplateData=LaunchTemplateData(**settings),
            **without_none(TagSpecifications=specifications),
        )

    def _add_instance_profile(self, template: Template) -> None:
        policy = "service-role/AmazonEC2ContainerServiceforEC2Role"
        add_resources(
            self,
            template,
            role(
                f"{self.prefix}EcsInstanceRole",
                self,
                trust=trust("ec2.${AWS::URLSuffix}"),  # EC2's principal is one of the partition's own
                managed=[Sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{policy}")],
            ),
        )
        add_resources(
            self,
            template,
            InstanceProfile(
                f"{self.prefix}IamInstanceProfile",
                **without_none(Path=self.role_path),
                Roles=[Ref(f"{self.prefix}EcsInstanceRole")],
            ),
        )


@frozen(kw_only=True)
class QueueOptions(TagOptions):
    """The options of a job queue."""

    runnable_timeout: int | None = option(
        integer(600, 86_400), None, help="seconds after which Batch cancels a job that cannot start"
    )


@frozen(kw_only=True)
class BatchQueue(QueueOptions):
    """A job queue before one compute environment.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-jobqueue.html
    """

    logical_id: str = option(LOGICAL_ID, "BatchJobQueue", help="the logical id of the queue")

    def add_to(self, template: Template, compute_environment: Any) -> Ref:
        """Add the queue before the environment of this ARN; return a reference to the queue's ARN."""
        order = ComputeEnvironmentOrder(
            Order=1, ComputeEnvironment=neighbour(compute_environment, "compute_environment")
        )
        queue = JobQueue(
            self.logical_id,
            Priority=1,
            ComputeEnvironmentOrder=[order],
            **without_none(
                JobStateTimeLimitActions=list(self._time_limits()) or None, Tags=tag_map(self.tags)
            ),
        )
        add_resources(self, template, queue)
        return queue.ref()

    def _time_limits(self) -> Iterator[JobStateTimeLimitAction]:
        if self.runnable_timeout is not None:
            for reason in BLOCKED:
                yield JobStateTimeLimitAction(
                    State="RUNNABLE",
                    Reason=reason,
                    MaxTimeSeconds=self.runnable_timeout,
                    Action="CANCEL",
                )
