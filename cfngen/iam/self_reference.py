"""The state machine itself: its name in its own ARN, and what it needs beside its tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cfngen.cfn.functions import plain, ref_name, substitution
from cfngen.cfn.text import hole
from cfngen.iam.derive import Feature

_LONGEST_KEPT: Final = 60  # of the 80 characters of a name; the ending takes 13


def name_in_arn(name: Any, logical_id: str) -> str | None:
    """Return the name of a state machine as it stands in its ARN, in ``Fn::Sub``; None if it cannot.

    A machine without a name is named after its logical id, with an ending of CloudFormation's.
    """
    if name is None:
        return f"{logical_id}-*" if len(logical_id) <= _LONGEST_KEPT else f"{logical_id[:_LONGEST_KEPT]}*"
    name = plain(name)
    if (referred_name := ref_name(name)) is not None:
        return hole(referred_name)
    if (substituted := substitution(name)) is not None and not substituted[1]:
        return substituted[0]
    return name if isinstance(name, str) else None


def features(*, logs: bool, tracing: bool, key: Any = None) -> Sequence[Feature]:
    """Return what the machine needs to log, to trace, and to use the customer's key."""
    if not (logs or tracing or key is not None):
        return ()
    from cfngen.iam.features import ENCRYPTED_LOGGING, ENCRYPTION, LOGGING, TRACING

    key_arguments = {"KmsKeyId": key}
    wanted = (
        (Feature(LOGGING), logs),
        (Feature(TRACING), tracing),
        (Feature(ENCRYPTION, key_arguments), key is not None),
        (Feature(ENCRYPTED_LOGGING, key_arguments), key is not None and logs),
    )
    return [feature for feature, is_wanted in wanted if is_wanted]


def features_of(properties: Mapping[str, Any]) -> Sequence[Feature]:
    """Return what a machine of a template needs, by its properties in CloudFormation or in SAM."""
    logging = _first_mapping(properties, "LoggingConfiguration", "Logging")
    tracing = _first_mapping(properties, "TracingConfiguration", "Tracing")
    return features(
        logs=bool(logging.get("Destinations")) and logging.get("Level", "OFF") != "OFF",
        tracing=tracing.get("Enabled", False) not in (False, "false"),
        key=_first_mapping(properties, "EncryptionConfiguration").get("KmsKeyId"),
    )


def _first_mapping(properties: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    mappings = (properties[name] for name in names if isinstance(properties.get(name), Mapping))
    return next(mappings, {})
