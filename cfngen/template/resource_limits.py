"""Sizes and names that IAM, Step Functions and other services refuse, by the type of a resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Final, TypeAlias

from cfngen.cfn.functions import is_function, ref_name, substitution
from cfngen.cfn.text import filled
from cfngen.core.problems import Problem
from cfngen.template.json_text import compact

if TYPE_CHECKING:
    from cfngen.core.problems import Severity

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
_DEFINITION: Final = 1_048_576
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
# Certain, the same in every copy of that page: the sizes of policies, and by default 2,048 and 10 below
# (IAM answers "Cannot exceed quota for ACLSizePerRole: 2048"). What a quota can be raised to has grown: the
# page's source of 2022 (awsdocs/iam-user-guide) has 4,096 and 20, a later copy 4,096 and 25, four texts of
# 2025 and 2026 that quote the page 8,192, two of them with 25. Probable, so; beyond is an error, beyond the
# default a warning.
_INLINE_POLICIES: Final = {"AWS::IAM::Role": 10_240, "AWS::IAM::Group": 5_120, "AWS::IAM::User": 2_048}
_MANAGED_POLICY: Final = 6_144
_TRUST_POLICY, _RAISED_TRUST_POLICY = 2_048, 8_192
_MANAGED_POLICIES, _RAISED_MANAGED_POLICIES = 10, 25
# https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
_TAGS, _TAG_KEY, _TAG_VALUE = 50, 128, 256

_MACHINES: Final = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")

_Allowed: TypeAlias = "Callable[[str], bool]"


def _letters_and(signs: str) -> _Allowed:
    return lambda character: (character.isascii() and character.isalnum()) or character in signs


def _of_machine_name(character: str) -> bool:
    is_control = ord(character) < 0x20 or 0x7F <= ord(character) <= 0x9F or character in "\ufffe\uffff"
    return not (is_control or character.isspace() or character in r"""<>{}[]?*"#%\^|~`$&,;:/""")


_IAM_NAME: Final = _letters_and("_+=,.@-")
_PLAIN_NAME: Final = _letters_and("_.-")
_BATCH_NAME: Final = _letters_and("_-")
_ANY: Final = None
_DYNAMIC: Final = "{{resolve:"

LIMITED_TEXTS: Final[Mapping[str, Mapping[str, tuple[int, _Allowed | None]]]] = {
    "AWS::StepFunctions::StateMachine": {
        "StateMachineName": (80, _of_machine_name),
        "RoleArn": (256, _ANY),
    },
    "AWS::Serverless::StateMachine": {"Name": (80, _of_machine_name)},
    "AWS::StepFunctions::Activity": {"Name": (80, _of_machine_name)},
    "AWS::StepFunctions::StateMachineAlias": {"Name": (80, _PLAIN_NAME), "Description": (256, _ANY)},
    "AWS::IAM::Role": {"RoleName": (64, _IAM_NAME), "Path": (512, _ANY), "Description": (1_000, _ANY)},
    "AWS::IAM::ManagedPolicy": {
        "ManagedPolicyName": (128, _IAM_NAME),
        "Path": (512, _ANY),
        "Description": (1_000, _ANY),
    },
    "AWS::IAM::Policy": {"PolicyName": (128, _IAM_NAME)},
    "AWS::IAM::RolePolicy": {"PolicyName": (128, _IAM_NAME)},
    "AWS::Batch::ComputeEnvironment": {"ComputeEnvironmentName": (128, _BATCH_NAME)},
    "AWS::Batch::JobDefinition": {"JobDefinitionName": (128, _BATCH_NAME)},
    "AWS::Batch::JobQueue": {"JobQueueName": (128, _BATCH_NAME)},
    "AWS::CloudWatch::Alarm": {"AlarmName": (255, _ANY), "AlarmDescription": (1_024, _ANY)},
    "AWS::Events::Rule": {"Name": (64, _PLAIN_NAME), "Description": (512, _ANY)},
    "AWS::Logs::LogGroup": {"LogGroupName": (512, _letters_and("_./#-"))},
    "AWS::SNS::Topic": {"TopicName": (256, _PLAIN_NAME), "DisplayName": (100, _ANY)},
    "AWS::SQS::Queue": {"QueueName": (80, _PLAIN_NAME)},
    "AWS::Scheduler::Schedule": {"Name": (64, _PLAIN_NAME), "Description": (512, _ANY)},
}
"""By type and property: the most characters, and which; as the pages of their ``Create...`` calls say."""

_HOLDERS: Final = {
    "AWS::IAM::Policy": ("Roles", "Groups", "Users"),
    "AWS::IAM::RolePolicy": ("RoleName",),
    "AWS::IAM::GroupPolicy": ("GroupName",),
    "AWS::IAM::UserPolicy": ("UserName",),
}
"""Where a policy resource of its own names the roles, groups and users that it goes into."""

Entries = dict[str, dict[str, object]]


def resource_problems(resources: Entries) -> Iterator[Problem]:
    """Yield a problem for all that a service refuses for its size or name, whatever is filled in."""
    attached = _attached(resources)
    for name, resource in resources.items():
        kind, location = str(resource.get("Type")), f"/Resources/{name}/Properties"
        properties = _properties_of(resource)
        for field, (limit, allowed) in LIMITED_TEXTS.get(kind, {}).items():
            yield from _text_problems(f"{location}/{field}", properties.get(field), limit, allowed)
        yield from _tag_problems(f"{location}/Tags", properties.get("Tags"))
        yield from _policy_problems(kind, location, properties, attached.get(name, 0))
        if kind in _MACHINES:
            yield from _definition_problems(location, properties)


def _text_problems(
    location: str, value: object, limit: int, allowed: _Allowed | None = _ANY
) -> Iterator[Problem]:
    text = _known_text(value)
    if len(text) > limit:
        message = f"{len(text):,} characters; {limit:,} are allowed"
        yield Problem("NAME_TOO_LONG", location, message)
    elif allowed and _DYNAMIC not in text:
        for wrong in (it for it in text if not allowed(it)):
            yield Problem("INVALID_NAME", location, f"{wrong!r} may not stand in this name")
            return


def _tag_problems(location: str, tags: object) -> Iterator[Problem]:
    """Check tags, a list of keys and values or a mapping; functions may bring none."""
    pairs: list[tuple[str, object, object]] = []
    if isinstance(tags, list):
        for index, tag in enumerate(tags):
            if isinstance(tag, dict) and "Key" in tag:
                pairs.append((f"{location}/{index}/Key", tag["Key"], tag.get("Value")))
    elif isinstance(tags, dict) and not is_function(tags):
        pairs = [(f"{location}/{key}", key, value) for key, value in tags.items()]
    if len(pairs) > _TAGS:
        yield Problem("TOO_MANY_TAGS", location, f"{len(pairs)} tags; a resource may have {_TAGS}")
    for at, key, value in pairs:
        for text, limit, what in ((key, _TAG_KEY, "key"), (value, _TAG_VALUE, "value")):
            if (size := len(_known_text(text))) > limit:
                message = f"the {what} of the tag has {size:,} characters; {limit} are allowed"
                yield Problem("TAG_TOO_LONG", at, message)
        if isinstance(key, str) and key.lower().startswith("aws:"):
            yield Problem("RESERVED_TAG", at, f"the tag {key!r} begins with 'aws:', which is AWS's own")


def _policy_problems(
    kind: str, location: str, properties: dict[str, object], attached: int
) -> Iterator[Problem]:
    if kind == "AWS::IAM::ManagedPolicy":
        size = _counted_size(properties.get("PolicyDocument"))
        hint = "split it into several managed policies"
        yield from _policy_size_problems(f"{location}/PolicyDocument", size, _MANAGED_POLICY, hint)
    if kind == "AWS::IAM::Role":
        size = _counted_size(properties.get("AssumeRolePolicyDocument"))
        at = f"{location}/AssumeRolePolicyDocument"
        if size > _RAISED_TRUST_POLICY:
            yield from _policy_size_problems(at, size, _RAISED_TRUST_POLICY, "let several roles be assumed")
        hint = "ask for a higher quota in Service Quotas (role trust policy length)"
        if size <= _RAISED_TRUST_POLICY:
            yield from _policy_size_problems(at, size, _TRUST_POLICY, hint, "warning")
        managed = properties.get("ManagedPolicyArns")
        certain = [it for it in managed if not is_function(it)] if isinstance(managed, list) else []
        yield from _managed(f"{location}/ManagedPolicyArns", len(certain))
    if kind in _INLINE_POLICIES:
        own = properties.get("Policies")
        size = attached
        for index, policy in enumerate(own if isinstance(own, list) else ()):
            if isinstance(policy, dict):
                size += _counted_size(policy.get("PolicyDocument"))
                name = policy.get("PolicyName")
                yield from _text_problems(f"{location}/Policies/{index}/PolicyName", name, 128, _IAM_NAME)
        hint = "move statements to an AWS::IAM::ManagedPolicy"
        yield from _policy_size_problems(f"{location}/Policies", size, _INLINE_POLICIES[kind], hint)


def _managed(location: str, count: int) -> Iterator[Problem]:
    if count > _RAISED_MANAGED_POLICIES:
        message = f"{count} managed policies; a role may have {_RAISED_MANAGED_POLICIES}"
        yield Problem("TOO_MANY_POLICIES", location, message, "put their statements into fewer policies")
    elif count > _MANAGED_POLICIES:
        message = f"{count} managed policies; a role may have {_MANAGED_POLICIES} by default"
        hint = "ask for a higher quota in Service Quotas (managed policies per role)"
        yield Problem("TOO_MANY_POLICIES", location, message, hint, "warning")


def _policy_size_problems(
    location: str, size: int, limit: int, hint: str, severity: Severity = "error"
) -> Iterator[Problem]:
    if size > limit:
        message = f"{size:,} characters of policy without white space; IAM takes {limit:,}"
        yield Problem("POLICY_TOO_LARGE", location, message, hint, severity)


def _attached(resources: Entries) -> dict[str, int]:
    """Add up, by the logical id of role, group or user, policies that are resources of their own."""
    sizes: dict[str, int] = {}
    for resource in resources.values():
        properties = _properties_of(resource)
        for field in _HOLDERS.get(str(resource.get("Type")), ()):
            holders = properties.get(field)
            for holder in holders if isinstance(holders, list) else [holders]:
                if (name := ref_name(holder)) is not None:
                    size = _counted_size(properties.get("PolicyDocument"))
                    sizes[name] = sizes.get(name, 0) + size
    return sizes


def _counted_size(policy: object) -> int:
    """Count as IAM does, white space apart, leaving out what only CloudFormation knows."""
    return len("".join(_known_json(policy).split()))


def _known_json(value: object) -> str:
    """Return a document that is an object, or text, with nothing where CloudFormation fills in."""
    return (
        compact(value, _function_as_text)
        if isinstance(value, dict) and not is_function(value)
        else _known_text(value)
    )


def _known_text(value: object) -> str:
    """Return the text of a value that is there whatever CloudFormation fills in."""
    if isinstance(value, str):
        return value
    parts = substitution(value)
    return filled(parts[0], lambda name: None if name.startswith("!") else "") if parts else ""


def _function_as_text(value: dict[str, object]) -> str | None:
    return encode_basestring(_known_text(value)) if is_function(value) else None


def _definition_problems(location: str, properties: dict[str, object]) -> Iterator[Problem]:
    for field in ("Definition", "DefinitionString"):
        definition = properties.get(field)
        text = _known_json(definition)
        if (size := len(text.encode("utf-8"))) > _DEFINITION:
            yield Problem(
                "DEFINITION_TOO_LARGE",
                f"{location}/{field}",
                f"{size:,} bytes; Step Functions takes {_DEFINITION:,}",
                "move a part to a state machine of its own and start that as a task",
            )


def _properties_of(resource: dict[str, object]) -> dict[str, object]:
    properties = resource.get("Properties")
    return properties if isinstance(properties, dict) else {}
