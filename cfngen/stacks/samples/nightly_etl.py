"""A nightly job that loads data into a lake, and a query over what it loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from awacs import s3
from awacs.aws import Allow, PolicyDocument, Statement
from troposphere import Ref, Sub, Template
from troposphere.athena import ResultConfiguration, WorkGroup, WorkGroupConfiguration
from troposphere.glue import (
    Column,
    Database,
    DatabaseInput,
    SerdeInfo,
    StorageDescriptor,
    Table,
    TableInput,
)

from cfngen.asl.errors import ALL
from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.states import Fail
from cfngen.asl.values import SYNC, Path, Text
from cfngen.cfn.arns import regional
from cfngen.core.declared import frozen
from cfngen.stacks.options import option, part_of, references
from cfngen.stacks.parts.bucket import DataBucket
from cfngen.stacks.parts.job import BatchJob
from cfngen.stacks.samples.console import add_console, failure_message
from cfngen.stacks.samples.sample import NotifyingSample
from cfngen.tasks import athena, batch, sns
from cfngen.workflow import Workflow

__all__ = ["NightlyEtl"]

TABLE = "loaded"


@frozen(kw_only=True)
class NightlyEtl(NotifyingSample):
    """A stack that loads CSV files with a job, counts their rows with Athena, and tells of failures.

    The job finds the place of its files in ``TARGET``, and may write there. The bucket stays when the
    stack is deleted.
    """

    NAME = "NightlyEtl"
    DESCRIPTION = "Load data with AWS Batch, query it with Amazon Athena, and tell who watches"

    command: Sequence[Text] = option(
        references("a list of texts"),
        (
            "sh",
            "-c",
            "dnf install -qy awscli-2 && echo 1,one > rows.csv && aws s3 cp rows.csv $TARGET/rows.csv",
        ),
        help="the job's command",
    )

    def add_parts(self, template: Template) -> Mapping[str, Any]:
        """Add the bucket, the table and the work group, the topic, and what jobs need."""
        add_console(template, self.workflow)
        part_of(DataBucket, self, logical_id="EtlBucket").add_to(template)
        template.add_resource([self._database(), self._table(), self._work_group()])
        return super().add_parts(template)

    def job(self) -> BatchJob:
        """Return the job, which may write files of the table."""
        target = Sub("s3://${EtlBucket}/" + TABLE)
        put = Statement(
            Effect=Allow,
            Action=[s3.PutObject],
            Resource=[Sub("${EtlBucket.Arn}/" + f"{TABLE}/*").to_dict()],
        )
        return self.job_with(PolicyDocument(Version="2012-10-17", Statement=[put]), {"TARGET": target})

    def part_outputs(self, references: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
        """Yield the bucket."""
        yield "BucketName", "The bucket of the files and of the results.", Ref("EtlBucket")
        yield from super().part_outputs(references)

    def sample_workflow(self, references: Mapping[str, Any]) -> Workflow:
        """Return the workflow: load, count, and tell of what fails."""
        tell = sns.Publish(
            "Tell of the failure",
            TopicArn=references["topic"],
            Message=failure_message("The nightly run failed"),
            ResultPath="$.Notification",
        )
        failed = tell >> Fail("Nightly run failed", Error=Path("$.Error"), Cause=Path("$.Cause"))
        caught = [Catcher(ErrorEquals=[ALL], Next=failed)]
        load = batch.SubmitJob(
            "Load",
            pattern=SYNC,
            JobName="nightly-load",
            JobQueue=Ref("BatchJobQueue"),
            JobDefinition=Ref("BatchJobDefinition"),
            Retry=[Retrier(ErrorEquals=[ALL], IntervalSeconds=60, MaxAttempts=2, BackoffRate=2)],
            Catch=caught,
        )
        count = athena.StartQueryExecution(
            "Count the rows",
            pattern=SYNC,
            QueryString=f"SELECT count(*) FROM {TABLE}",
            QueryExecutionContext={"Database": Ref("EtlDatabase")},
            WorkGroup=Ref("EtlWorkGroup"),
            resources=[
                Sub("arn:${AWS::Partition}:s3:::${EtlBucket}"),
                Sub("arn:${AWS::Partition}:s3:::${EtlBucket}/*"),
                Sub(regional("glue", "catalog")),
                Sub(regional("glue", "database/${EtlDatabase}")),
                Sub(regional("glue", f"table/${{EtlDatabase}}/{TABLE}")),
            ],
            Catch=caught,
        )
        return Workflow(load >> count, Comment="Load data every night", TimeoutSeconds=self.timeout)

    def _database(self) -> Database:
        return Database("EtlDatabase", CatalogId=Ref("AWS::AccountId"), DatabaseInput=DatabaseInput())

    def _table(self) -> Table:
        storage = StorageDescriptor(
            Columns=[Column(Name="id", Type="bigint"), Column(Name="name", Type="string")],
            Location=Sub("s3://${EtlBucket}/" + f"{TABLE}/"),
            InputFormat="org.apache.hadoop.mapred.TextInputFormat",
            OutputFormat="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            SerdeInfo=SerdeInfo(SerializationLibrary="org.apache.hadoop.hive.serde2.OpenCSVSerde"),
        )
        return Table(
            "EtlTable",
            CatalogId=Ref("AWS::AccountId"),
            DatabaseName=Ref("EtlDatabase"),
            TableInput=TableInput(Name=TABLE, TableType="EXTERNAL_TABLE", StorageDescriptor=storage),
        )

    def _work_group(self) -> WorkGroup:
        """Return a work group whose results lie in the bucket; its name is that of the stack."""
        results = ResultConfiguration(OutputLocation=Sub("s3://${EtlBucket}/results/"))
        return WorkGroup(
            "EtlWorkGroup",
            Name=Sub("${AWS::StackName}-etl"),
            RecursiveDeleteOption=True,
            WorkGroupConfiguration=WorkGroupConfiguration(
                EnforceWorkGroupConfiguration=True, ResultConfiguration=results
            ),
        )
