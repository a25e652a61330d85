"""What a stack needs to run AWS Batch jobs: a definition, a queue, a compute environment, a network."""

from __future__ import annotations

from collections.abc import Iterator

from troposphere import Ref, Template

from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem
from cfngen.stacks.options import invalid_combination, part_of
from cfngen.stacks.parts import endpoints, instances
from cfngen.stacks.parts.compute import BatchCompute, BatchQueue, ComputeOptions, QueueOptions
from cfngen.stacks.parts.job import BatchJob, JobOptions
from cfngen.stacks.parts.network import Network, NetworkOptions


@frozen
class BatchReferences(Declared):
    """The ARNs that the tasks and the outputs of a stack refer to."""

    job_definition: Ref
    job_queue: Ref
    compute_environment: Ref


@frozen(kw_only=True)
class BatchOptions(NetworkOptions, QueueOptions, ComputeOptions, JobOptions):
    """The options of a stack that runs one kind of job in a queue of its own."""

    def add_batch(self, template: Template) -> BatchReferences:
        """Add the job definition, the network, the queue and the compute environment."""
        job_definition = self.job().add_to(template)
        network = self.network().add_to(template)
        compute = part_of(BatchCompute, self)
        job_queue = part_of(BatchQueue, self).add_to(template, compute.ref())
        return BatchReferences(job_definition, job_queue, compute.add_to(template, network))

    def network(self) -> Network:
        """Return where jobs run; they reach what they take their secrets from too."""
        services = [*(self.endpoint_services or ()), *(self.secret_services if self.vpc_endpoints else ())]
        return part_of(Network, self, has_instances=not self.on_fargate, endpoint_services=services or None)

    def job(self) -> BatchJob:
        """Return the job; one in a private subnet needs no address of its own."""
        return part_of(BatchJob, self, public_ip=self.public_ip and not self.is_private)

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for jobs that the environment never runs, or that reach nothing."""
        yield from super().invalid_combinations()
        if self.vcpus > self.max_vcpus:
            yield invalid_combination(
                "vcpus",
                f"a job of {self.vcpus:g} vCPUs never runs where there are at most {self.max_vcpus}",
                "set fewer, or raise max_vcpus",
            )
        types = self.instance_types_or_default
        most = None if self.on_fargate else instances.most_vcpus(types)
        if most is not None and self.vcpus > most:
            names = ", ".join(types)
            yield invalid_combination(
                "vcpus",
                f"a job of {self.vcpus:g} vCPUs never runs on {names}, which have at most {most}",
                "set fewer, or choose larger instance types",
            )
        if self.vpc_endpoints and not self.nat_gateway and not endpoints.reach(self.image):
            yield invalid_combination(
                "vpc_endpoints",
                "they reach no registry but Amazon ECR's private ones, and the image is in another",
                "push the image to Amazon ECR, or set nat_gateway too",
            )
        if self.subnets is None and not self.public_ip and not self.is_private:
            yield invalid_combination(
                "public_ip",
                "without a public address a job reaches nothing from the stack's own network",
                "set nat_gateway or vpc_endpoints, or vpc and subnets with another way to the internet",
            )
