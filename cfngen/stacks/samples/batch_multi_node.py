"""A job on several instances at once, which talk to one another.

https://docs.aws.amazon.com/batch/latest/userguide/multi-node-parallel-jobs.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from troposphere import Ref

from cfngen.asl.errors import ALL
from cfngen.asl.handlers import Retrier
from cfngen.asl.values import SYNC
from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.stacks.options import integer, invalid_combination, option
from cfngen.stacks.parts.job import BatchJob
from cfngen.stacks.parts.network import Network
from cfngen.stacks.samples.sample import BatchSample
from cfngen.tasks import batch
from cfngen.workflow import Workflow

__all__ = ["BatchMultiNode"]


@frozen(kw_only=True)
class BatchMultiNode(BatchSample):
    """A stack that runs a job on ``nodes`` instances, whose security group lets them reach one another.

    The node ``AWS_BATCH_JOB_MAIN_NODE_INDEX`` is the first; the others find its address in
    ``AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS``.
    """

    NAME: ClassVar[str] = "BatchMultiNode"
    DESCRIPTION: ClassVar[str] = "Run an AWS Batch job on several instances at once with Step Functions"

    nodes: int = option(integer(2, 1000), 2, help="the instances that the job runs on at once")

    def job(self) -> BatchJob:
        """Return the job of several nodes."""
        return replace(super().job(), nodes=self.nodes)

    def network(self) -> Network:
        """Return the network, in which the nodes reach one another."""
        return replace(super().network(), members_talk=True)

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for environments that run no such jobs."""
        yield from super().invalid_combinations()
        if self.compute != "EC2":
            yield invalid_combination(
                "compute", f"{self.compute} runs no jobs of several nodes", "set compute to EC2"
            )
        elif self.nodes * self.vcpus > self.max_vcpus >= self.vcpus:
            yield invalid_combination(
                "nodes",
                f"{self.nodes} nodes of {self.vcpus:g} vCPUs never run where there are at most "
                f"{self.max_vcpus}",
                "set fewer, or raise max_vcpus",
            )

    def sample_workflow(self, references: Mapping[str, Any]) -> Workflow:
        """Return the workflow: run the job, and try it again when it fails."""
        submit = batch.SubmitJob(
            "Submit multi-node job",
            pattern=SYNC,
            JobName="multi-node",
            JobQueue=Ref("BatchJobQueue"),
            JobDefinition=Ref("BatchJobDefinition"),
            Retry=[Retrier(ErrorEquals=[ALL], IntervalSeconds=30, MaxAttempts=2, BackoffRate=1.5)],
        )
        return Workflow(submit, Comment="Run a multi-node parallel job", TimeoutSeconds=self.timeout)
