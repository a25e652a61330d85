"""Log groups that belong to a stack: their retention, their key, and whether they outlive the stack."""

from __future__ import annotations

from typing import Final

from troposphere import GetAtt, Template

from cfngen.asl.values import Text
from cfngen.core.declared import frozen
from cfngen.stacks.additions import add_resources
from cfngen.stacks.options import BOOLEAN, LOGICAL_ID, integer, option, reference
from cfngen.stacks.properties import tag_list, without_none
from cfngen.stacks.roles import TagOptions

RETENTION_DAYS: Final = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,
    1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
LOG_KEY: Final = reference("the ARN of a KMS key", r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+", "Arn")


@frozen(kw_only=True)
class LogOptions(TagOptions):
    """The options of whatever has log groups."""

    log_retention: int = option(integer(1, among=RETENTION_DAYS), 30, help="days for which logs are kept")
    keep_logs: bool = option(BOOLEAN, False, help="keep the log groups when the stack is deleted")
    log_key: Text | None = option(
        LOG_KEY, None, help="the key that encrypts the log groups; its policy must allow CloudWatch Logs"
    )


@frozen(kw_only=True)
class LogGroup(LogOptions):
    """A log group; without ``name``, CloudFormation chooses one.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """

    logical_id: str = option(LOGICAL_ID, "LogGroup", help="the logical id of the group")
    name: Text | None = option(
        reference("the name of a log group", r"[\w./#-]{1,512}"), None, help="the name of the group"
    )

    def add_to(self, template: Template) -> GetAtt:
        """Add the group, and return its ARN."""
        from troposphere.logs import LogGroup as LogGroupResource  # which most stacks have no use for

        keep = "Retain" if self.keep_logs else "Delete"
        add_resources(
            self,
            template,
            LogGroupResource(
                self.logical_id,
                DeletionPolicy=keep,
                UpdateReplacePolicy=keep,
                **without_none(
                    LogGroupName=self.name,
                    RetentionInDays=self.log_retention,
                    KmsKeyId=self.log_key,
                    Tags=tag_list(self.tags),
                ),
            ),
        )
        return GetAtt(self.logical_id, "Arn")
