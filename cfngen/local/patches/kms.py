"""AWS KMS: keys that CloudFormation makes."""

from __future__ import annotations

from typing import Any

from moto.kms.models import Key, kms_backends

from cfngen.local.patches.patch import Patch
from cfngen.local.patches.probe_resources import ACCOUNT, REGION


class TagsOfAKey(Patch):
    name = "tags-of-a-key"
    defect = "a key of KMS with tags cannot be created"

    @staticmethod
    def probe() -> bool:
        """Return whether a key with a tag is an error."""
        properties = {"KeyPolicy": {}, "Tags": [{"Key": "a", "Value": "b"}]}
        try:
            key = Key.create_from_cloudformation_json("probe", {"Properties": properties}, ACCOUNT, REGION)
        except Exception:
            return True
        kms_backends[ACCOUNT][REGION].keys.pop(key.id)
        return False

    @staticmethod
    def apply() -> None:
        """Call the fields of a tag as the API of KMS does."""
        create = Key.create_from_cloudformation_json

        def created(name: str, described: dict[str, Any], *args: Any, **kwargs: Any) -> Key:
            properties = dict(described["Properties"])
            tags = properties.get("Tags", [])
            properties["Tags"] = [{"TagKey": it["Key"], "TagValue": it["Value"]} for it in tags]
            return create(name, {**described, "Properties": properties}, *args, **kwargs)

        setattr(Key, "create_from_cloudformation_json", staticmethod(created))  # noqa: B010
