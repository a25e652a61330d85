"""What the calls of ``aws-sdk:`` integrations need, from the table that ``sdk_table.py`` reads.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from cfngen.asl.values import Pattern
from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.iam.derivation import SERVICE_ROLE
from cfngen.iam.sdk_table import NOTHING, UNVERIFIED, table_of
from cfngen.tasks import integration
from cfngen.tasks.grants import Grant, Scope, deciding_arguments


@frozen
class SdkCall(Declared):
    """What a call of an operation needs.

    - ``doubt``: why that is only likely, and what to do.
    - ``dependent``: actions that it may need as well, depending on what it works with: ``"kms:Decrypt"``.
    - ``keys``: the arguments that name a key of which no page was found to tell what the call needs.
    - ``roles``: the arguments that give a role in the place of the one that the service makes for itself.
    """

    grants: tuple[Grant, ...]
    doubt: str = ""
    dependent: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def arguments(self) -> tuple[str, ...]:
        """Return the arguments that decide what is needed."""
        of_keys = (re.split(r"[.\[{]", path)[0] for path in self.keys)
        return tuple(dict.fromkeys((*deciding_arguments(self.grants), *of_keys, *self.roles)))


@cache
def sdk_arguments(service: str, action: str) -> tuple[str, ...]:
    """Return the arguments of a call that the grants look at."""
    call = sdk_call(service, action)
    return () if call is None else call.arguments()


@cache
def sdk_call(service: str, action: str) -> SdkCall | None:
    """Return what ``aws-sdk:SERVICE:ACTION`` needs and how sure that is, None for no such service."""
    if (table := table_of(service)) is None:
        return None
    dependent = table.dependent.get(action, ())
    keys = table.keys.get(action, ())
    if twin := _TWINS.get(f"{service}:{action}"):
        return SdkCall(_grants_of_twin(*twin), "", dependent, keys)
    if (lines := table.operations.get(action)) is None:
        near = did_you_mean(action, table.operations)
        return SdkCall((table.same_named(action),), near or _LOOK_UP)
    mark, *lines = lines
    grants = tuple(table.grant(action, mark, line) for line in lines if line != NOTHING)
    roles = (SERVICE_ROLE,) if f"{service}:{action}" == "autoscaling:createAutoScalingGroup" else ()
    return SdkCall(grants, _LOOK_UP if mark == UNVERIFIED else "", dependent, keys, roles)


def _grants_of_twin(service: str, action: str) -> tuple[Grant, ...]:
    """Return what the API action of an optimized integration needs, without what a page prints beyond."""
    from cfngen.apis.differences import DIFFERENCES

    task = integration(service, action)
    assert task is not None, f"{service}:{action}"
    difference = DIFFERENCES.get(f"{service}:{action}")
    of_its_own = set(difference.extra) if difference else set()
    return tuple(
        replace(
            grant,
            documented=None,
            documented_when_dynamic=None,
            only_in_scope=None,
            conditions=tuple(replace(it, only_in_scope=None) for it in grant.conditions),
        )
        for grant in task.grants
        if Pattern.REQUEST_RESPONSE in grant.patterns
        and grant.only_in_scope is not Scope.DOCUMENTED
        and not of_its_own.intersection(deciding_arguments((grant,)))
    )


_TWINS: Final = {
    "athena:startQueryExecution": ("athena", "startQueryExecution"),
    "batch:submitJob": ("batch", "submitJob"),
    "bedrockruntime:invokeModel": ("bedrock", "invokeModel"),
    "ecs:runTask": ("ecs", "runTask"),
    "eks:createCluster": ("eks", "createCluster"),
    "eks:createFargateProfile": ("eks", "createFargateProfile"),
    "eks:createNodegroup": ("eks", "createNodegroup"),
    "emrserverless:startJobRun": ("emr-serverless", "startJobRun"),
}
"""The actions whose needs an optimized integration declares, for the same arguments."""

_LOOK_UP: Final = "look the action up in the Service Authorization Reference"
