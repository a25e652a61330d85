"""AWS's samples in which a Lambda function says what AWS Batch runs.

https://docs.aws.amazon.com/step-functions/latest/dg/sample-batch-fan-out.html
https://docs.aws.amazon.com/step-functions/latest/dg/sample-batch-lambda.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from troposphere import Ref, Template

from cfngen.asl.branches import Map
from cfngen.asl.values import REQUEST_RESPONSE, SYNC, Path, Text
from cfngen.core.declared import frozen
from cfngen.stacks.options import option, part_of, references
from cfngen.stacks.parts.function import LambdaFunction
from cfngen.stacks.samples.sample import BatchSample
from cfngen.tasks import batch, lambda_
from cfngen.workflow import Workflow

__all__ = ["BatchFanOut", "BatchWithLambda"]


@frozen(kw_only=True)
class FunctionSample(BatchSample):
    """A sample whose first state is a function; it says the function's ``CODE``."""

    FUNCTION: ClassVar[str] = "GenerateBatchJobInput"
    CODE: ClassVar[str]

    def add_parts(self, template: Template) -> Mapping[str, Any]:
        """Add the function, and what jobs need."""
        function = part_of(LambdaFunction, self, logical_id=self.FUNCTION, code=self.CODE)
        return {"function": function.add_to(template), **super().add_parts(template)}

    def part_outputs(self, references: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
        """Yield the function."""
        yield "FunctionName", "The function that says what runs.", references["function"]
        yield from super().part_outputs(references)

    def generate(self) -> lambda_.Invoke:
        """Return the state that calls the function, and goes on with what it returns."""
        return lambda_.Invoke(
            "Generate batch job input",
            pattern=REQUEST_RESPONSE,
            OutputPath="$.Payload",
            FunctionName=Ref(self.FUNCTION),
        )


@frozen(kw_only=True)
class BatchFanOut(FunctionSample):
    """The sample's stack: a function returns a list, and a job runs for each of its items."""

    NAME: ClassVar[str] = "BatchFanOut"
    DESCRIPTION: ClassVar[str] = "Run an AWS Batch job for each item of a list with Step Functions"
    CODE: ClassVar[str] = "def handler(event, context):\n    return [1, 2, 3]\n"

    def sample_workflow(self, references: Mapping[str, Any]) -> Workflow:
        """Return the workflow of AWS's sample."""
        submit = batch.SubmitJob(
            "Submit Batch Job",
            pattern=SYNC,
            JobName="BatchJobFanOut",
            JobQueue=Ref("BatchJobQueue"),
            JobDefinition=Ref("BatchJobDefinition"),
        )
        fan_out = Map(
            "Fan out batch jobs",
            Comment="Start multiple executions of batch job depending on pre-processed data",
            ItemsPath="$",
            ItemSelector={"BatchNumber": Path("$$.Map.Item.Value")},
            ItemProcessor=submit,
        )
        return Workflow(
            self.generate() >> fan_out,
            Comment="An example of the Amazon States Language for fanning out AWS Batch job",
            TimeoutSeconds=self.timeout,
        )


@frozen(kw_only=True)
class BatchWithLambda(FunctionSample):
    """The sample's stack: a function returns the parameters of a job."""

    NAME: ClassVar[str] = "BatchWithLambda"
    DESCRIPTION: ClassVar[str] = (
        "Run an AWS Batch job with Step Functions on what a Lambda function prepares"
    )
    CODE: ClassVar[str] = 'def handler(event, context):\n    return {"batch_input": {"input": "8"}}\n'

    command: Sequence[Text] = option(
        references("a list of texts"), ("echo", "Ref::input"), help="the job's command"
    )

    def sample_workflow(self, references: Mapping[str, Any]) -> Workflow:
        """Return the workflow of AWS's sample, whose page has this JobName too."""
        submit = batch.SubmitJob(
            "Submit Batch Job",
            pattern=SYNC,
            JobName="BatchJobFanOut",
            JobQueue=Ref("BatchJobQueue"),
            JobDefinition=Ref("BatchJobDefinition"),
            Parameters=Path("$.batch_input"),
        )
        return Workflow(
            self.generate() >> submit,
            Comment=(
                "An example of the Amazon States Language for using batch job with pre-processing lambda"
            ),
            TimeoutSeconds=self.timeout,
        )
