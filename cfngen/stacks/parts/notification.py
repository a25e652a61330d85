"""The topic that hears how the job went: its own or an existing one, its key, its subscription."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from awacs.aws import (
    Allow,
    Condition,
    ForAnyValueStringEquals,
    PolicyDocument,
    Principal,
    Statement,
    StringEquals,
)
from troposphere import Equals, GetAtt, Not, Parameter, Ref, Sub, Template
from troposphere.sns import SubscriptionResource, Topic

from cfngen.asl.values import is_intrinsic
from cfngen.iam.arns import sub
from cfngen.stacks.parameters import ask
from cfngen.stacks.properties import given, tag_list
from cfngen.tasks.grants import regional

if TYPE_CHECKING:
    from troposphere.kms import Key

    from cfngen.stacks.samples.batch_job_notification import BatchJobNotification

AWS_MANAGED: Final = "alias/aws/sns"
CREATE: Final = "create"
TOPIC_ARN: Final = r"arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+"
KEY_ID: Final = r"[\w:/-]+"


def add_topic(template: Template, stack: BatchJobNotification) -> Any:
    """Add the topic unless there is one, and return its ARN."""
    if stack.topic is not None:
        parameter = Parameter(
            "TopicArn",
            Type="String",
            Description="The ARN of the topic that hears how the job went.",
            AllowedPattern=TOPIC_ARN,
            ConstraintDescription="This is the ARN of a standard SNS topic.",
        )
        return ask(template, stack.topic, parameter, "Notification", "Topic")
    key = GetAtt("SNSTopicKey", "Arn") if stack.topic_key == CREATE else stack.topic_key
    template.add_resource(Topic("SNSTopic", **given(KmsMasterKeyId=key, Tags=tag_list(stack.tags))))
    if stack.topic_key == CREATE:
        template.add_resource(_key(stack))
    if stack.email is not None:
        _add_subscription(template, stack.email)
    return Ref("SNSTopic")


def topic_key_statements(stack: BatchJobNotification) -> Iterator[Statement]:
    """Yield what publishing to an encrypted topic takes besides.

    The key that AWS manages needs nothing: its own policy lets in whoever comes through SNS.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    if stack.topic_key in (None, AWS_MANAGED):
        return
    from awacs import kms

    resource, conditions = _key_resource(stack.topic_key)
    via = sub("sns.${AWS::Region}.amazonaws.com")
    yield Statement(
        Effect=Allow,
        Action=[kms.Decrypt, kms.GenerateDataKey],
        Resource=[resource],
        Condition=Condition([StringEquals("kms:ViaService", via), *conditions]),
    )


def _key_resource(key: Any) -> tuple[Any, list[ForAnyValueStringEquals]]:
    """Return a key as a policy names it: IAM knows keys by id, and aliases by a condition."""
    if key == CREATE:
        return {"Fn::GetAtt": ["SNSTopicKey", "Arn"]}, []
    if is_intrinsic(key):
        return key.to_dict(), []
    if key.startswith("arn:") and ":alias/" not in key:
        return key, []
    if alias := re.search(r"alias/.+", key):
        named = ForAnyValueStringEquals("kms:ResourceAliases", alias[0])
        return sub(regional("kms", "key/*")), [named]
    return sub(regional("kms", f"key/{key}")), []


def _key(stack: BatchJobNotification) -> Key:
    """Return a key that the account's own policies open; deleting the stack deletes it.

    A topic keeps no messages, so that nothing is lost with its key.
    """
    from awacs import kms
    from troposphere.kms import Key

    account = Statement(
        Effect=Allow,
        Principal=Principal("AWS", sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")),
        Action=[kms.Action("*")],
        Resource=["*"],
    )
    return Key(
        "SNSTopicKey",
        DeletionPolicy="Delete",
        UpdateReplacePolicy="Delete",
        Description=Sub("Encrypts the topic of the stack ${AWS::StackName}"),
        EnableKeyRotation=True,
        KeyPolicy=PolicyDocument(Version="2012-10-17", Statement=[account]),
        **given(Tags=tag_list(stack.tags)),
    )


def _add_subscription(template: Template, email: Any) -> None:
    parameter = Parameter(
        "NotificationEmail",
        Type="String",
        Default="",
        Description="The address that hears how the job went; SNS asks it to confirm. Empty for none.",
        AllowedPattern=r"^$|^[^\s@]+@[^\s@]+\.[^\s@]+$",
        ConstraintDescription="This is an e-mail address, or nothing.",
    )
    endpoint = ask(template, email, parameter, "Notification", "E-mail address")
    subscription = SubscriptionResource(
        "SNSTopicSubscription", Protocol="email", Endpoint=endpoint, TopicArn=Ref("SNSTopic")
    )
    if isinstance(endpoint, Ref):
        template.add_condition("HasNotificationEmail", Not(Equals(endpoint, "")))
        subscription.Condition = "HasNotificationEmail"
    template.add_resource(subscription)
