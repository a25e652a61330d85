"""Nested state machines: one closes a shop for the day, and one does so for all shops of a country.

With ``SYNC_2`` the parent waits for its children and gets their outputs as JSON. The child is a
machine like any other: it can be started, tested and drawn alone.

    cfngen template nested_machines.py:template
"""

from troposphere import Output, Ref, Template
from troposphere.dynamodb import AttributeDefinition, KeySchema, Table

from cfngen import SYNC_2, Map, Path, Retrier, Workflow
from cfngen.stacks import StateMachine
from cfngen.stacks.parts import NotificationTopic
from cfngen.tasks import dynamodb, sns, states

template = Template("Close the shops of a country for the day")
topic = NotificationTopic().add_to(template)
shops = template.add_resource(
    Table(
        "Shops",
        AttributeDefinitions=[AttributeDefinition(AttributeName="id", AttributeType="S")],
        KeySchema=[KeySchema(AttributeName="id", KeyType="HASH")],
        BillingMode="PAY_PER_REQUEST",
        DeletionPolicy="Retain",
        UpdateReplacePolicy="Retain",
    )
).ref()

close = dynamodb.UpdateItem(
    "Close",
    TableName=shops,
    Key={"id": {"S": Path("$.shop")}},
    UpdateExpression="SET closed = :today ADD days :one",
    ExpressionAttributeValues={":today": {"S": Path("$$.Execution.StartTime")}, ":one": {"N": "1"}},
    ReturnValues="ALL_NEW",
    ResultSelector={"shop": Path("$.Attributes.id.S"), "days": Path("$.Attributes.days.N")},
)
shop_workflow = Workflow(close, TimeoutSeconds=300)
StateMachine(shop_workflow, logical_id="CloseShop").add_to(template)

close_shop = states.StartExecution(
    "Close Shop",
    pattern=SYNC_2,
    StateMachineArn=Ref("CloseShop"),
    Input={"shop": Path("$"), "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": Path("$$.Execution.Id")},
    Retry=[Retrier(ErrorEquals=["StepFunctions.ExecutionLimitExceeded"], IntervalSeconds=30)],
    OutputPath="$.Output",
)
each_shop = Map("Each Shop", ItemsPath="$.shops", ItemProcessor=close_shop, MaxConcurrency=10)
tell = sns.Publish("Tell", TopicArn=topic, Message={"closed": Path("$")})
workflow = Workflow(each_shop >> tell, TimeoutSeconds=3600)
machine = StateMachine(workflow, logical_id="CloseShops").add_to(template)
template.add_output(Output("StateMachineArn", Value=machine.ref()))
