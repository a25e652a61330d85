"""An SNS topic for notifications: a new one or an existing one, its key, its subscription."""

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
    SourceAccount,
    Statement,
    StringEquals,
)
from troposphere import Equals, GetAtt, Not, Parameter, Ref, Sub, Template
from troposphere.sns import SubscriptionResource, Topic

from cfngen.asl.values import Text
from cfngen.cfn.functions import is_intrinsic
from cfngen.cfn.text import to_value
from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.stacks.additions import add_resources
from cfngen.stacks.options import (
    BOOLEAN,
    LOGICAL_ID,
    PREFIX,
    invalid_combination,
    option,
    reference,
)
from cfngen.stacks.parameters import text_or_parameter, value_or_parameter
from cfngen.stacks.properties import tag_list, without_none
from cfngen.stacks.roles import TagOptions
from cfngen.tasks.grants import regional

if TYPE_CHECKING:
    from troposphere.kms import Key

AWS_MANAGED: Final = "alias/aws/sns"
CREATE: Final = "create"
TOPIC_ARN: Final = r"arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+"


@frozen(kw_only=True)
class TopicOptions(TagOptions):
    """The options of a topic: a new one, or with ``topic`` one that exists."""

    email: Text | Parameter | None = option(
        text_or_parameter("an e-mail address", r"[^\s@]+@[^\s@]+\.[^\s@]+"), None, help="who is notified"
    )
    topic: Text | Parameter | None = option(
        text_or_parameter("the ARN of a topic", TOPIC_ARN), None, help="an existing topic instead"
    )
    topic_key: Text | None = option(
        reference(
            f"the id, ARN or alias of a KMS key ({AWS_MANAGED} is AWS's own), or '{CREATE}'", r"[\w:/-]+"
        ),
        None,
        help="the key that encrypts the topic",
    )

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for what an existing topic already has."""
        yield from super().invalid_combinations()
        if self.topic is None:
            return
        if self.email is not None:
            yield invalid_combination(
                "email",
                "an existing topic already has its own subscriptions",
                "subscribe the address there",
            )
        if self.topic_key == CREATE:
            yield invalid_combination(
                "topic_key", "this stack cannot create the key of an existing topic", "set its key"
            )


@frozen(kw_only=True)
class NotificationTopic(TopicOptions):
    """A topic that a state machine publishes to.

    ``logical_id`` begins the logical ids: ``SNSTopic``, ``SNSTopicKey``, ``SNSTopicSubscription``.
    ``prefix`` begins the names of the parameter ``NotificationEmail`` and of its condition.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html
    """

    logical_id: str = option(LOGICAL_ID, "SNSTopic", help="the logical id of the topic")
    prefix: str = option(PREFIX, "Notification", help="the beginning of the name of its parameter")
    hears_alarms: bool = option(BOOLEAN, False, help="let CloudWatch use the key that is created")

    def add_to(self, template: Template) -> Any:
        """Add the topic unless it exists, its key and its subscription; return the topic's ARN."""
        if self.topic is not None:
            parameter = Parameter(
                "TopicArn",
                Type="String",
                Description="The ARN of the topic that hears how the job went.",
                AllowedPattern=TOPIC_ARN,
                ConstraintDescription="This is the ARN of a standard SNS topic.",
            )
            return value_or_parameter(template, self.topic, parameter, "Notification", "Topic")
        key = GetAtt(self._key_id, "Arn") if self.topic_key == CREATE else self.topic_key
        topic = Topic(self.logical_id, **without_none(KmsMasterKeyId=key, Tags=tag_list(self.tags)))
        add_resources(self, template, topic)
        if self.topic_key == CREATE:
            add_resources(self, template, self._key())
        if self.email is not None:
            self._add_subscription(template)
        return topic.ref()

    def publisher_statements(self) -> Iterator[Statement]:
        """Yield what a role needs in addition to ``sns:Publish`` where the topic is encrypted.

        The key that AWS manages needs nothing: its own policy allows all who use it through SNS.
        https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        """
        if self.topic_key in (None, AWS_MANAGED):
            return
        from awacs import kms

        resource, conditions = self._key_resource(self.topic_key)
        via = to_value("sns.${AWS::Region}.amazonaws.com")
        yield Statement(
            Effect=Allow,
            Action=[kms.Decrypt, kms.GenerateDataKey],
            Resource=[resource],
            Condition=Condition([StringEquals("kms:ViaService", via), *conditions]),
        )

    def _key_resource(self, key: Any) -> tuple[Any, list[ForAnyValueStringEquals]]:
        """Return a key as a policy names it: IAM knows keys by id, and aliases by a condition."""
        if key == CREATE:
            return {"Fn::GetAtt": [self._key_id, "Arn"]}, []
        if is_intrinsic(key):
            return key.to_dict(), []
        if key.startswith("arn:") and ":alias/" not in key:
            return key, []
        if alias := re.search(r"alias/.+", key):
            condition = ForAnyValueStringEquals("kms:ResourceAliases", alias[0])
            return to_value(regional("kms", "key/*")), [condition]
        return to_value(regional("kms", f"key/{key}")), []

    @property
    def _key_id(self) -> str:
        return f"{self.logical_id}Key"

    def _key(self) -> Key:
        """Return a key that the account's own policies open; deleting the stack deletes it.

        A topic keeps no messages, so that nothing is lost with its key. CloudWatch publishes by itself:
        https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
        """
        from awacs import kms
        from troposphere.kms import Key

        statements = [
            Statement(
                Effect=Allow,
                Principal=Principal("AWS", to_value("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")),
                Action=[kms.Action("*")],
                Resource=["*"],
            )
        ]
        if self.hears_alarms:
            statements.append(
                Statement(
                    Effect=Allow,
                    Principal=Principal("Service", "cloudwatch.amazonaws.com"),
                    Action=[kms.Decrypt, kms.GenerateDataKey],
                    Resource=["*"],
                    Condition=Condition(StringEquals(SourceAccount, Ref("AWS::AccountId"))),
                )
            )
        return Key(
            self._key_id,
            DeletionPolicy="Delete",
            UpdateReplacePolicy="Delete",
            Description=Sub("Encrypts the topic of the stack ${AWS::StackName}"),
            EnableKeyRotation=True,
            KeyPolicy=PolicyDocument(Version="2012-10-17", Statement=statements),
            **without_none(Tags=tag_list(self.tags)),
        )

    def _add_subscription(self, template: Template) -> None:
        parameter = Parameter(
            f"{self.prefix}Email",
            Type="String",
            Default="",
            Description="The address that hears how the job went; SNS asks it to confirm. Empty for none.",
            AllowedPattern=r"^$|^[^\s@]+@[^\s@]+\.[^\s@]+$",
            ConstraintDescription="This is an e-mail address, or nothing.",
        )
        endpoint = value_or_parameter(template, self.email, parameter, "Notification", "E-mail address")
        subscription = SubscriptionResource(
            f"{self.logical_id}Subscription",
            Protocol="email",
            Endpoint=endpoint,
            TopicArn=Ref(self.logical_id),
        )
        if isinstance(endpoint, Ref):
            condition = f"Has{self.prefix}Email"
            template.add_condition(condition, Not(Equals(endpoint, "")))
            subscription.Condition = condition
        add_resources(self, template, subscription)
