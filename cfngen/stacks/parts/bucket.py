"""A bucket for the data of a stack."""

from __future__ import annotations

from troposphere import Ref, Template

from cfngen.core.declared import frozen
from cfngen.stacks.additions import add_resources
from cfngen.stacks.options import LOGICAL_ID, option
from cfngen.stacks.properties import tag_list, without_none
from cfngen.stacks.roles import TagOptions


@frozen(kw_only=True)
class DataBucket(TagOptions):
    """An encrypted bucket that nobody outside the account reads; it stays when its stack is deleted.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
    """

    logical_id: str = option(LOGICAL_ID, "Bucket", help="the logical id of the bucket")

    def add_to(self, template: Template) -> Ref:
        """Add the bucket; return a reference to its name."""
        from troposphere.s3 import (
            Bucket,
            BucketEncryption,
            PublicAccessBlockConfiguration,
            ServerSideEncryptionByDefault,
            ServerSideEncryptionRule,
        )

        by_default = ServerSideEncryptionByDefault(SSEAlgorithm="AES256")
        rule = ServerSideEncryptionRule(ServerSideEncryptionByDefault=by_default)
        bucket = Bucket(
            self.logical_id,
            DeletionPolicy="Retain",
            UpdateReplacePolicy="Retain",
            BucketEncryption=BucketEncryption(ServerSideEncryptionConfiguration=[rule]),
            PublicAccessBlockConfiguration=PublicAccessBlockConfiguration(
                BlockPublicAcls=True,
                BlockPublicPolicy=True,
                IgnorePublicAcls=True,
                RestrictPublicBuckets=True,
            ),
            **without_none(Tags=tag_list(self.tags)),
        )
        add_resources(self, template, bucket)
        return bucket.ref()
