"""Amazon DynamoDB.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import dynamodb, kms
from awacs.aws import Action

from cfngen.asl.values import (
    REQUEST_RESPONSE,
    Boolean,
    DynamicList,
    DynamicMapping,
    DynamicText,
    Pattern,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import ALL_RESOURCES, ArgumentResource, Grant, Scope, regional
from cfngen.tasks.service import ServiceTask
from cfngen.tasks.shared import use_key

__all__ = ["DeleteItem", "GetItem", "PutItem", "UpdateItem"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html"

_TABLE = ArgumentResource("TableName", regional("dynamodb", "table/{}"), ref_returns="name")
_ITEM_ACTIONS = (dynamodb.GetItem, dynamodb.PutItem, dynamodb.UpdateItem, dynamodb.DeleteItem)


def _grants(action: Action, reason: str) -> tuple[Grant, ...]:
    """Return the grant of one action on one table; AWS's page prints all four for any of them."""
    return (
        Grant(
            (action,), resources=(_TABLE,), documented_when_dynamic=ALL_RESOURCES, reason=reason, page=_PAGE
        ),
        Grant(
            tuple(other for other in _ITEM_ACTIONS if other is not action),
            resources=(_TABLE,),
            documented_when_dynamic=ALL_RESOURCES,
            only_in_scope=Scope.DOCUMENTED,
            reason="is printed by AWS's page; the call does without",
            page=_PAGE,
        ),
        use_key(
            kms.Decrypt,
            service="dynamodb",
            what="the table",
            page="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html",
        ),
    )


@frozen(kw_only=True)
class GetItem(ServiceTask):
    """Returns an item, by its key.

    ``TableName`` is a name or an ARN. Values are typed as DynamoDB types them: ``{"S": "text"}``.
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
    """

    TableName: DynamicText
    Key: DynamicMapping
    AttributesToGet: DynamicList | None = None
    ConsistentRead: Boolean | None = None
    ExpressionAttributeNames: DynamicMapping | None = None
    ProjectionExpression: DynamicText | None = None
    ReturnConsumedCapacity: DynamicText | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "dynamodb"
    action = "getItem"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = _grants(dynamodb.GetItem, "reads the item")


@frozen(kw_only=True)
class PutItem(ServiceTask):
    """Writes an item, in place of the one that has its key.

    ``TableName`` is a name or an ARN. Values are typed as DynamoDB types them: ``{"S": "text"}``.
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
    """

    TableName: DynamicText
    Item: DynamicMapping
    ConditionExpression: DynamicText | None = None
    ConditionalOperator: DynamicText | None = None
    Expected: DynamicMapping | None = None
    ExpressionAttributeNames: DynamicMapping | None = None
    ExpressionAttributeValues: DynamicMapping | None = None
    ReturnConsumedCapacity: DynamicText | None = None
    ReturnItemCollectionMetrics: DynamicText | None = None
    ReturnValues: DynamicText | None = None
    ReturnValuesOnConditionCheckFailure: DynamicText | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "dynamodb"
    action = "putItem"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = _grants(dynamodb.PutItem, "writes the item")


@frozen(kw_only=True)
class UpdateItem(ServiceTask):
    """Changes attributes of an item, by its key.

    ``TableName`` is a name or an ARN. Values are typed as DynamoDB types them: ``{"S": "text"}``.
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
    """

    TableName: DynamicText
    Key: DynamicMapping
    AttributeUpdates: DynamicMapping | None = None
    ConditionExpression: DynamicText | None = None
    ConditionalOperator: DynamicText | None = None
    Expected: DynamicMapping | None = None
    ExpressionAttributeNames: DynamicMapping | None = None
    ExpressionAttributeValues: DynamicMapping | None = None
    ReturnConsumedCapacity: DynamicText | None = None
    ReturnItemCollectionMetrics: DynamicText | None = None
    ReturnValues: DynamicText | None = None
    ReturnValuesOnConditionCheckFailure: DynamicText | None = None
    UpdateExpression: DynamicText | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "dynamodb"
    action = "updateItem"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = _grants(dynamodb.UpdateItem, "changes the item")


@frozen(kw_only=True)
class DeleteItem(ServiceTask):
    """Deletes an item, by its key.

    ``TableName`` is a name or an ARN. Values are typed as DynamoDB types them: ``{"S": "text"}``.
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
    """

    TableName: DynamicText
    Key: DynamicMapping
    ConditionExpression: DynamicText | None = None
    ConditionalOperator: DynamicText | None = None
    Expected: DynamicMapping | None = None
    ExpressionAttributeNames: DynamicMapping | None = None
    ExpressionAttributeValues: DynamicMapping | None = None
    ReturnConsumedCapacity: DynamicText | None = None
    ReturnItemCollectionMetrics: DynamicText | None = None
    ReturnValues: DynamicText | None = None
    ReturnValuesOnConditionCheckFailure: DynamicText | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "dynamodb"
    action = "deleteItem"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = _grants(dynamodb.DeleteItem, "deletes the item")
