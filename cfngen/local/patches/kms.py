"""AWS KMS: keys that CloudFormation makes."""

from __future__ import annotations

from typing import Any

from moto.kms.models import Key

from cfngen.local.patches.patch import Patch, replaces


class TagsOfAKey(Patch):
    name = "tags-of-a-key"
    defect = "a key of KMS with tags cannot be created"
    resources = {
        "Key": {
            "Type": "AWS::KMS::Key",
            "Properties": {"KeyPolicy": {}, "Tags": [{"Key": "a", "Value": "b"}]},
        }
    }

    @replaces(Key, "create_from_cloudformation_json")
    def create(original: Any, name: str, described: dict[str, Any], *args: Any, **kwargs: Any) -> Key:
        """Call the fields of a tag as the API of KMS does."""
        tags = described["Properties"].get("Tags", [])
        named = [{"TagKey": it["Key"], "TagValue": it["Value"]} for it in tags]
        properties = {**described["Properties"], "Tags": named}
        return original(name, {**described, "Properties": properties}, *args, **kwargs)
