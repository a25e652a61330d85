"""A distributed Map over a file in Amazon S3: each row of a CSV becomes an item of a DynamoDB table.

Up to 100 rows are written at a time, each by a child execution of its own. A few rows may fail;
what became of each row is written to the bucket again.

    cfngen template fan_out_over_s3.py:template
"""

from troposphere import Output, Template
from troposphere.dynamodb import AttributeDefinition, KeySchema, Table
from troposphere.s3 import Bucket

from cfngen import (
    S3_GET_OBJECT,
    S3_PUT_OBJECT,
    ItemReader,
    Map,
    Path,
    ProcessorConfig,
    ReaderConfig,
    ResultWriter,
    Retrier,
    Workflow,
)
from cfngen.stacks import StateMachine
from cfngen.tasks import dynamodb

template = Template("Write the rows of a CSV into a table")
bucket = template.add_resource(
    Bucket("Uploads", DeletionPolicy="Retain", UpdateReplacePolicy="Retain")
).ref()
table = template.add_resource(
    Table(
        "Orders",
        AttributeDefinitions=[AttributeDefinition(AttributeName="id", AttributeType="S")],
        KeySchema=[KeySchema(AttributeName="id", KeyType="HASH")],
        BillingMode="PAY_PER_REQUEST",
        DeletionPolicy="Retain",
        UpdateReplacePolicy="Retain",
    )
).ref()

write_row = dynamodb.PutItem(
    "Write Row",
    TableName=table,
    Item={"id": {"S": Path("$.id")}, "total": {"N": Path("$.total")}},
    Retry=[Retrier(ErrorEquals=["DynamoDB.ProvisionedThroughputExceededException"], BackoffRate=2)],
)
each_row = Map(
    "Each Row",
    ItemProcessor=write_row,
    ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="EXPRESS"),
    ItemReader=ItemReader(
        Resource=S3_GET_OBJECT,
        ReaderConfig=ReaderConfig(InputType="CSV", CSVHeaderLocation="FIRST_ROW"),
        Parameters={"Bucket": bucket, "Key": Path("$.key")},
    ),
    ResultWriter=ResultWriter(Resource=S3_PUT_OBJECT, Parameters={"Bucket": bucket, "Prefix": "results"}),
    MaxConcurrency=100,
    ToleratedFailurePercentage=5,
    Label="Rows",
)
workflow = Workflow(each_row)
machine = StateMachine(workflow, logical_id="Import").add_to(template)
template.add_output(Output("StateMachineArn", Value=machine.ref()))
