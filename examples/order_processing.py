"""Amazon ECS and DynamoDB with branches: an order is packed by a container, and counted, at the same time.

The order is recorded first, and refused if it was recorded before. When both branches are done it
is marked as shipped; when one fails, the other is stopped, and the order is marked as failed.

    cfngen template order_processing.py:template
"""

from troposphere import GetAtt, Output, Ref, Sub, Template
from troposphere.dynamodb import AttributeDefinition, KeySchema, Table
from troposphere.ecs import Cluster, ContainerDefinition, TaskDefinition
from troposphere.iam import Role

from cfngen import ALL, SYNC, Catcher, Fail, Parallel, Path, Workflow
from cfngen.stacks import StateMachine
from cfngen.stacks.parts import Network
from cfngen.tasks import dynamodb, ecs

template = Template("Pack an order and count it")
network = Network(prefix="Packing").add_to(template)
cluster = template.add_resource(Cluster("Cluster"))
starter = template.add_resource(
    Role(
        "StarterRole",
        AssumeRolePolicyDocument={
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            },
        },
        ManagedPolicyArns=[
            Sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy")
        ],
    )
)
packer = template.add_resource(
    TaskDefinition(
        "Packer",
        Cpu="256",
        Memory="512",
        NetworkMode="awsvpc",
        RequiresCompatibilities=["FARGATE"],
        ExecutionRoleArn=GetAtt(starter, "Arn"),
        ContainerDefinitions=[
            ContainerDefinition(
                Name="packer",
                Image="public.ecr.aws/amazonlinux/amazonlinux:2023",
                Command=["sh", "-c", 'echo "packing $ORDER"'],
            )
        ],
    )
)


def table(name: str) -> Ref:
    """Add a table whose key is an id; return a reference to it."""
    return template.add_resource(
        Table(
            name,
            AttributeDefinitions=[AttributeDefinition(AttributeName="id", AttributeType="S")],
            KeySchema=[KeySchema(AttributeName="id", KeyType="HASH")],
            BillingMode="PAY_PER_REQUEST",
            DeletionPolicy="Retain",
            UpdateReplacePolicy="Retain",
        )
    ).ref()


orders, counts = table("Orders"), table("Counts")


def mark(progress: str) -> dynamodb.UpdateItem:
    """Return the task that writes how far the order is."""
    return dynamodb.UpdateItem(
        f"Mark as {progress}",
        TableName=orders,
        Key={"id": {"S": Path("$.id")}},
        UpdateExpression="SET progress = :progress",
        ExpressionAttributeValues={":progress": {"S": progress}},
        ResultPath="$.marked",
    )


record = dynamodb.PutItem(
    "Record",
    TableName=orders,
    Item={"id": {"S": Path("$.id")}, "progress": {"S": "new"}},
    ConditionExpression="attribute_not_exists(id)",
    ResultPath="$.recorded",
    Catch=[
        Catcher(
            ErrorEquals=["DynamoDB.ConditionalCheckFailedException"],
            Next=Fail("Known Already", Error="Order.Known"),
        )
    ],
)
pack = ecs.RunTask(
    "Pack",
    pattern=SYNC,
    Cluster=GetAtt(cluster, "Arn"),
    TaskDefinition=packer.ref(),
    LaunchType="FARGATE",
    NetworkConfiguration={
        "AwsvpcConfiguration": {
            "Subnets": network.subnets,
            "SecurityGroups": network.security_groups,
            "AssignPublicIp": "ENABLED",
        }
    },
    Overrides={
        "ContainerOverrides": [
            {"Name": "packer", "Environment": [{"Name": "ORDER", "Value": Path("$.id")}]}
        ]
    },
    resources=[GetAtt(starter, "Arn")],  # the role of the task definition, which the call passes on
)
count = dynamodb.UpdateItem(
    "Count",
    TableName=counts,
    Key={"id": {"S": Path("$.product")}},
    UpdateExpression="ADD sold :one",
    ExpressionAttributeValues={":one": {"N": "1"}},
)
ship = Parallel(
    "Ship",
    Branches=[pack, count],
    ResultPath="$.shipped",
    Catch=[
        Catcher(
            ErrorEquals=[ALL],
            ResultPath="$.error",
            Next=mark("failed") >> Fail("Not Shipped", Error="Order.NotShipped"),
        )
    ],
)
workflow = Workflow(record >> ship >> mark("shipped"), TimeoutSeconds=3600)
machine = StateMachine(workflow, logical_id="OrderProcessing").add_to(template)
template.add_output(Output("StateMachineArn", Value=machine.ref()))
