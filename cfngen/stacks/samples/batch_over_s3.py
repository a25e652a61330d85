"""Array jobs over the objects of a bucket, for work that outgrows one machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from awacs import s3
from awacs.aws import Allow, PolicyDocument, Statement
from troposphere import Ref, Sub, Template

from cfngen.asl.branches import S3_LIST_OBJECTS_V2, ItemBatcher, ItemReader, Map, ProcessorConfig
from cfngen.asl.values import JSONATA, SYNC, Jsonata, Text
from cfngen.core.declared import frozen
from cfngen.stacks.options import integer, option, part_of, references
from cfngen.stacks.parts.bucket import DataBucket
from cfngen.stacks.parts.job import BatchJob
from cfngen.stacks.samples.sample import BatchSample
from cfngen.tasks import batch
from cfngen.workflow import Workflow

__all__ = ["BatchOverS3"]

PREFIX: Final = "in/"
SCRIPT: Final = """\
import json, os
keys, index = json.loads(os.environ["KEYS"]), int(os.environ["AWS_BATCH_JOB_ARRAY_INDEX"])
print(os.environ["BUCKET"], keys[index] if index < len(keys) else "has no more objects")
"""


@frozen(kw_only=True)
class BatchOverS3(BatchSample):
    """A stack that runs an array job for each batch of the objects below ``in/`` of its bucket.

    A distributed Map lists the objects and starts a child execution for each batch; the job of an index
    finds its object in ``KEYS``, a JSON list, at ``AWS_BATCH_JOB_ARRAY_INDEX``. An array has two jobs or
    more, so that the second job of a batch of one finds nothing to do. ``batch_size`` is bounded by what
    a job's overrides may hold: 20 keys of 1024 bytes.
    https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html
    https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
    """

    NAME: ClassVar[str] = "BatchOverS3"
    DESCRIPTION: ClassVar[str] = (
        "Run AWS Batch array jobs over the objects of a bucket with a distributed Map"
    )

    command: Sequence[Text] = option(
        references("a list of texts"), ("python3", "-c", SCRIPT), help="the job's command"
    )
    batch_size: int = option(integer(2, 20), 20, help="the most objects of one array job")
    max_concurrency: int = option(integer(1, 10_000), 10, help="the most array jobs at a time")

    def add_parts(self, template: Template) -> Mapping[str, Any]:
        """Add the bucket, and what jobs need."""
        bucket = part_of(DataBucket, self, logical_id="DataBucket").add_to(template)
        return {"bucket": bucket, **super().add_parts(template)}

    def job(self) -> BatchJob:
        """Return the job, which may read the objects."""
        read = Statement(
            Effect=Allow,
            Action=[s3.GetObject],
            Resource=[Sub("${DataBucket.Arn}/" + f"{PREFIX}*").to_dict()],
        )
        policy = PolicyDocument(Version="2012-10-17", Statement=[read])
        return self.job_with(policy, {"BUCKET": Ref("DataBucket")})

    def part_outputs(self, references: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
        """Yield the bucket."""
        yield "BucketName", "The bucket of the objects.", references["bucket"]
        yield from super().part_outputs(references)

    def sample_workflow(self, references: Mapping[str, Any]) -> Workflow:
        """Return the workflow: list the objects, and run an array job for each batch of them."""
        submit = batch.SubmitJob(
            "Run array job",
            pattern=SYNC,
            JobName="objects",
            JobQueue=Ref("BatchJobQueue"),
            JobDefinition=Ref("BatchJobDefinition"),
            ArrayProperties={"Size": Jsonata("$max([2, $count($states.input.Items)])")},
            ContainerOverrides={
                "Environment": [{"Name": "KEYS", "Value": Jsonata("$string([$states.input.Items.Key])")}]
            },
        )
        batches = Map(
            "Run batches",
            ItemReader=ItemReader(
                Resource=S3_LIST_OBJECTS_V2, Arguments={"Bucket": Ref("DataBucket"), "Prefix": PREFIX}
            ),
            ItemBatcher=ItemBatcher(MaxItemsPerBatch=self.batch_size),
            ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD"),
            ItemProcessor=submit,
            MaxConcurrency=self.max_concurrency,
        )
        return Workflow(
            batches,
            Comment="Run array jobs over the objects of a bucket",
            QueryLanguage=JSONATA,
            TimeoutSeconds=self.timeout,
        )
