"""What an operation needs beside its own action: tags, objects, keys, roles, what the reference lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sdk_resources import Curated, Formats, Group, groups
from sdk_sources import Operation, ResourceType, actions, dependent_actions, resource_types


class Beside:
    """The needs of the operations of one service that are not for their own actions."""

    def __init__(self, prefix: str, overrides: Mapping[str, Any]) -> None:
        self.prefix = prefix
        self.overrides = overrides
        self.formats = Formats(prefix)
        self.curated = Curated(
            overrides.get("arguments", {}),
            overrides.get("arns", {}),
            overrides.get("parents", {}),
            overrides.get("general", ()),
            overrides.get("unnamed") == "types",
        )

    def tagging(self, operation: Operation, name: str) -> list[str]:
        """Return the statement for the tags that an operation may pass, on what it makes."""
        if not operation.tags or re.search(r"Tag", operation.name):
            return []
        noun = re.sub(r"^[A-Z][a-z]+", "", operation.name)
        known = actions(self.prefix)
        for tagging in (f"Tag{noun}", *_TAGGING):
            if (action := known.get(tagging.lower())) is None:
                continue
            taggable = {kind.key: kind for kind in resource_types(self.prefix, action)}
            own = resource_types(self.prefix, name)
            types = [kind for kind in own if kind.key in taggable]
            if not own and operation.name.startswith("Create"):
                types = _made(noun, taggable)
            types = [kind for kind in types if kind.required] or types
            if not types:
                continue
            grouped = groups(operation, types, self.formats, self.curated)
            places = tuple(dict.fromkeys(it for group in grouped for it in group.places))
            unnamed = tuple(dict.fromkeys(it for group in grouped for it in group.unnamed))
            listed = f"{self.prefix}:{action}" in dependent_actions(self.prefix, name)
            return [
                statement_of(action, Group(places, operation.tags, unnamed)) + ("" if listed else _PERHAPS)
            ]
        return []

    def reading(self, operation: Operation) -> list[str]:
        """Return the statements for the objects that the service reads and writes as the caller.

        ``reads`` and ``writes`` of a service have the argument of the object's name by that of its bucket.
        """
        paths, found = (*operation.members, *operation.nested), []
        for which, action, more in (("reads", "s3:GetObject", ""), ("writes", "s3:PutObject", "*")):
            named: Mapping[str, str] = self.overrides.get(which, {})
            for path in paths:
                if (bucket := next((it for it in named if f".{path}".endswith(f".{it}")), None)) is None:
                    continue
                parent = path.removesuffix(bucket)
                key, _, default = named[bucket].partition("|")
                if f"{parent}{key}" not in paths:
                    continue
                name = f"{parent}{key}{'|' if default else ''}{default}"
                place = self.formats.key(
                    f"arn:${{AWS::Partition}}:s3:::{{}}/{'*' if '[]' in name else f'{{{name}}}{more}'}",
                    "object",
                )
                found.append(f"{action} {place}@{path} ?{path}")
                if f"{parent}S3ObjectVersion" in paths:
                    found.append(f"s3:GetObjectVersion {place}@{path} ?{parent}S3ObjectVersion")
        return found

    def keys(self, operation: Operation, statements: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return the statements for the keys that arguments name, and the arguments that nothing tells of.

        A key is named by its id or ARN, or by an alias, which no ARN of a permission may be; what AWS keeps
        itself (alias/aws/) asks for none.
        """
        if self.prefix == "kms" or not statements or _READING.match(operation.name):
            return [], []
        dependent = (it.partition(":") for it in self.dependent(operation, statements))
        listed = [
            f"kms:{name}"
            for prefix, _, name in dependent
            if prefix == "kms" and resource_types(prefix, name)
        ]
        found, untold = [], []
        for path in (*operation.members, *operation.nested):
            if not _KEY.search(path.rpartition(".")[2].removesuffix("[]")):
                continue
            told = [
                action
                for entry in self.overrides.get("keys", ())
                if re.fullmatch(entry["operations"], operation.name) and re.search(entry["argument"], path)
                for action in entry["actions"]
            ]
            if not (told or listed):
                untold.append(path)
                continue
            key, actions_ = self.formats.key(_KMS_KEY, "kms-key"), ",".join(told or listed)
            alias = f"@{path}~(?:arn:[^/]*:)?(alias/.+)"
            found += [
                f"{actions_} {key}@{path}~(?!arn:)(.+) ?{path}~(?!.*alias/)",
                f"{actions_} {key} ?{path}~(?!.*alias/aws/).*alias/"
                f" &ForAnyValue:StringEquals,kms:ResourceAliases,{alias}",
            ]
        return found, untold

    def dependent(self, operation: Operation, statements: Sequence[str]) -> list[str]:
        """Return the other actions that the reference has for those of an operation."""
        own = {
            self._full(operation.name if name == "=" else name)
            for statement in statements
            for name in statement.partition(" ")[0].split(",")
        }
        dependent = {
            other
            for name in own
            for other in dependent_actions(*name.split(":"))
            if name.partition(":")[0] == self.prefix
        }
        return sorted(dependent.union(self.overrides.get("beside", {}).get(operation.action, ())) - own)

    def decided(self, operation: Operation, statements: Sequence[str]) -> list[str]:
        """Return the statements for those of the dependent actions that an argument decides."""
        found = []
        for action in self.dependent(operation, statements):
            prefix, _, name = action.partition(":")
            conditions = [
                condition
                for pattern, condition in _DECIDING
                if re.fullmatch(pattern.replace("OWN", self.prefix), action)
                and re.split(r"[=~]", condition)[0] in operation.all_members
            ]
            if conditions and name.lower() in actions(prefix):
                for group in groups(operation, resource_types(prefix, name), self.formats, self.curated):
                    found.append(
                        f"{statement_of(action, Group(group.places, (), group.unnamed))} ?{conditions[0]}"
                    )
        return found

    def _full(self, name: str) -> str:
        return name if ":" in name else f"{self.prefix}:{name}"

    def passing(self, operation: Operation) -> list[str]:
        """Return the statements for the roles that an operation may pass to the service."""
        passes = self.overrides.get("passes", "")
        listed = "iam:PassRole" in dependent_actions(self.prefix, operation.name)
        roles = [it for it in operation.roles if _is_passed(it, listed)]
        if passes is False or not roles or not (listed or operation.name.startswith(_PASSING)):
            return []
        by_principal: dict[str, list[str]] = {}
        for role in roles:
            rules = passes.items() if isinstance(passes, Mapping) else [("", passes)]
            principal = next((it for pattern, it in rules if re.search(pattern, role)), "")
            by_principal.setdefault(principal, []).append(role)
        key = self.formats.key(_ROLE, "role")
        return [
            statement_of("iam:PassRole", Group(tuple(f"{key}@{it}" for it in roles), tuple(roles)))
            + (
                f" &StringEquals,iam:PassedToService,{principal}"
                if principal
                else ""
                if listed
                else _PERHAPS
            )
            for principal, roles in by_principal.items()
        ]


def statement_of(action: str, group: Group) -> str:
    """Return a statement as the table spells it."""
    unnamed = [f"|{place}" for place in group.unnamed]
    return " ".join(
        [action, *group.places, *unnamed, *([f"?{','.join(group.when)}"] if group.when else [])]
    )


def _made(noun: str, taggable: Mapping[str, ResourceType]) -> list[ResourceType]:
    """Return the type of what is made, by its name, for an action that the reference limits to no type."""

    def plain(name: str) -> str:
        return re.sub(r"[^a-z]|s$", "", name.lower())

    named = [kind for key, kind in taggable.items() if plain(key) == plain(noun)]
    return named or (list(taggable.values()) if len(taggable) == 1 else [])


def _is_passed(path: str, listed: bool) -> bool:
    """Tell whether an argument holds a role for the service; ``listed`` that the operation passes one."""
    name = path.rpartition(".")[2].removesuffix("[]")
    return bool(re.search(_ANY_ROLE if listed else _SURE_ROLE, name)) and not re.search(_NO_ROLE, path)


_PERHAPS: Final = " !"
_KMS_KEY: Final = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/{}"
_KEY: Final = re.compile(r"(?i)kms(master|encryption)?(key(id(entifier)?|arn)?|arn)$")
_READING: Final = re.compile(r"Describe|List|Get|Delete|Search")
_SURE_ROLE: Final = r"(RoleArn|RoleARN|RoleArns|IamRoles?|^Role|ServiceRole|ExecutionRole)$"
_ANY_ROLE: Final = r"(RoleArn|RoleARN|RoleArns|IamRoles?|Role|RoleName|LogsPermissionArn)$"
_NO_ROLE: Final = (  # roles of others, of databases, kinds of instances, and what only describes a role
    "CrossAccount|Invoker|UserRole|GuestRole|Messages|MasterBackend|Conversational|DatabaseAccessControl"
    "|InstanceRole$|AssertionAttributes|ResourceIdentifier"
)
_ROLE: Final = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/{}"
_DECIDING: Final = (
    (r"secretsmanager:\w+", "ManageMasterUserPassword=true"),
    (r"secretsmanager:\w+", "ManageMasterPassword=true"),
    (r"rds:CreateTenantDatabase", "MultiTenant=true"),
    (r"lambda:PassCapacityProvider", "CapacityProviderConfig"),
    (r"states:PublishStateMachineVersion", "Publish=true"),
    (r"states:RevealSecrets", "RevealSecrets=true"),
    (r"ssm:GetParameters", "ImageId~resolve:ssm:"),
    *(
        ("OWN:(AddTags|AddTagsToResource|CreateTags|TagResource)", it)
        for it in ("Tags", "TagSpecifications")
    ),
)
"""What argument decides, where an operation takes it, whether a dependent action is needed.

OWN is the prefix of the service.
"""
_TAGGING: Final = ("TagResource", "AddTagsToResource", "AddTags", "CreateTags", "Tag")
_PASSING: Final = (
    "Activate", "Associate", "Continue", "Create", "Enable", "Import", "Modify", "Put", "Register",
    "Restore", "Rollback", "Run", "Send", "Set", "Start", "Submit", "Update", "Attach", "TestState",
)  # fmt: skip
