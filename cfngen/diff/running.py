"""What an update does to executions that are under way.

Step Functions runs an execution on the definition and with the role that it was started with; the policies
of that role, and the job definitions that it names, are those of the moment.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from cfngen.core.declared import Declared, frozen
from cfngen.diff.flow import FlowChanges
from cfngen.diff.resource_change import Effect, ResourceChange
from cfngen.diff.resources import logical_ids_in

_ALIAS: Final = "AWS::StepFunctions::StateMachineAlias"
_VERSION: Final = "AWS::StepFunctions::StateMachineVersion"
_JOB_DEFINITION: Final = "AWS::Batch::JobDefinition"


class Effects(Enum):
    """What becomes of executions under way, as a sentence about ``subject``."""

    KEEP_DEFINITION = "they go on with the old definition; those that are started now have the new one"
    ARE_ENDED = "they are ended: the state machine {subject} is deleted"
    LOSE_PERMISSION = "they may fail: the old definition needs {subject}, which the role no longer allows"
    LOSE_REVISION = (
        "they may fail: an update deregisters the revision of the job definition {subject} that they name; "
        "ResourceRetentionPolicy with SkipDeregisterOnUpdate keeps it"
    )
    ALIAS_MOVES = "those that are started through the alias {subject} have the version that it then names"
    VERSION_IS_KEPT = "those of a version keep it: {subject} is a version, which never changes"


@frozen
class RunningChange(Declared):
    """What becomes of executions under way, and of which resource or permission that is said."""

    effect: Effects
    subject: str = ""

    @property
    def is_harmful(self) -> bool:
        """Whether an execution may fail or end for it."""
        return self.effect in (Effects.ARE_ENDED, Effects.LOSE_PERMISSION, Effects.LOSE_REVISION)

    def __str__(self) -> str:
        return self.effect.value.format(subject=self.subject)


def running_changes(
    name: str,
    definition: Mapping[str, Any],
    flow: FlowChanges,
    resources: Sequence[ResourceChange],
    template: Mapping[str, Any] | None,
    lost: Sequence[str] = (),
) -> Iterator[RunningChange]:
    """Yield what becomes of the executions of a machine.

    ``name`` is its old logical id, ``definition`` the old one, ``template`` the new template, ``lost`` the
    permissions that the old definition needs and the role no longer has.
    """
    changes = {change.old: change for change in resources if change.old is not None}
    own = changes.get(name)
    if own is not None and own.effect in (Effect.REMOVED, Effect.REPLACED, Effect.RENAMED):
        yield RunningChange(Effects.ARE_ENDED, name)
        return
    if flow and not flow.is_wording:
        yield RunningChange(Effects.KEEP_DEFINITION)
    for permission in lost:
        yield RunningChange(Effects.LOSE_PERMISSION, permission)
    lost_revisions = {
        target
        for target, change in changes.items()
        if change.type == _JOB_DEFINITION and not _keeps_revisions(template, change.new)
    }
    for target in sorted(lost_revisions & logical_ids_in(definition)) if lost_revisions else ():
        yield RunningChange(Effects.LOSE_REVISION, target)
    if flow and not flow.is_wording and template is not None:
        for logical_id, resource in template.get("Resources", {}).items():
            type_ = resource.get("Type") if isinstance(resource, Mapping) else None
            if type_ in (_ALIAS, _VERSION) and _is_of_machine(resource, name, template):
                moves = type_ == _ALIAS
                yield RunningChange(
                    Effects.ALIAS_MOVES if moves else Effects.VERSION_IS_KEPT, str(logical_id)
                )


def _keeps_revisions(template: Mapping[str, Any] | None, name: str | None) -> bool:
    resource = (template or {}).get("Resources", {}).get(name) if name is not None else None
    properties = resource.get("Properties") if isinstance(resource, Mapping) else None
    policy = properties.get("ResourceRetentionPolicy") if isinstance(properties, Mapping) else None
    return isinstance(policy, Mapping) and policy.get("SkipDeregisterOnUpdate") in (True, "true")


def _is_of_machine(resource: Mapping[str, Any], name: str, template: Mapping[str, Any]) -> bool:
    """Tell whether an alias or a version is of a machine, an alias by way of its version."""
    named = logical_ids_in(resource.get("Properties"))
    if name in named:
        return True
    others = [template.get("Resources", {}).get(other) for other in named]
    return any(
        isinstance(other, Mapping)
        and other.get("Type") == _VERSION
        and name in logical_ids_in(other.get("Properties"))
        for other in others
    )
