"""What an integration must be allowed to do, as declarations beside its arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum, IntEnum
from typing import Literal, TypeAlias

from awacs.aws import Action

from cfngen.asl.values import Pattern
from cfngen.cfn.arns import regional
from cfngen.core.declared import Declared, frozen

__all__ = [
    "ALL_RESOURCES",
    "QUEUE_URL",
    "STATE_MACHINE_NAME",
    "AllOf",
    "ArgumentIs",
    "ArgumentMatches",
    "ArgumentResource",
    "Certainly",
    "Condition",
    "Evidence",
    "Grant",
    "HasArgument",
    "Otherwise",
    "Scope",
    "When",
    "deciding_arguments",
    "regional",
    "simple_cases",
]

ALL_RESOURCES = "*"
"""The resource of an action that supports no resource types, or that cannot be narrowed."""

STATE_MACHINE_NAME = "{this}"
"""The name of the state machine itself, in an ARN: ``Ref`` or ``GetAtt`` would be a circular dependency."""


QUEUE_URL = r"https?://(?:sqs\.(?P<region>[^./]+)\.)?[^/]+/(?P<account>[^/]+)/(?P<name>[^/]*)"
"""What a queue is called in its URL; an expression may begin with the URL of all queues of an account."""


class Scope(Enum):
    """How tight a policy is: as tight as IAM allows, or as AWS's page of the integration prints it."""

    LEAST_PRIVILEGE = "least-privilege"
    DOCUMENTED = "documented"


class Evidence(IntEnum):
    """How sure it is that a call needs a permission; the surer, the greater.

    - ``POSSIBLE``: it depends on what the call does not tell, or no page of AWS asks for it.
    - ``DOCUMENTED``: AWS's page of the integration asks for it.
    - ``REQUIRED``: the service refuses the call without it.
    """

    POSSIBLE = 1
    DOCUMENTED = 2
    REQUIRED = 3


@frozen
class ArgumentResource(Declared):
    """The resource that an argument names: by its ARN, or by a name from which the ARN follows.

    - ``argument``: the path of the argument. ``[]`` steps into a list, ``{}`` to the keys of a map:
      ``"JobQueue"``, ``"Step.ExecutionRoleArn"``, ``"Entries[].EventBusName"``, ``"RequestItems{}"``.
      ``""`` where no argument names the resource.
    - ``arn``: the format of the ARN, with ``{}`` for the name: ``regional("batch", "job-queue/{}")``.
      ``{Other}`` is the name in another argument, ``{/Other}`` the same without its leading slash, and
      ``{Other|default}`` has a default: ``"arn:${AWS::Partition}:s3:::{}/{Key}"``. What is only known at
      run time is ``*``.
    - ``revisions``: what a name without a revision ``:N`` stands for, since the service asks for the
      permission on that: ``(":*",)`` for ``nightly:*``, ``("", ":*")`` for that and ``nightly`` itself.
    - ``default``: the name that the service takes where the argument is missing: ``"default"`` for the
      event bus of an entry.
    - ``when_missing``: why every resource of the type is meant where the argument is missing; always so
      where ``argument`` is ``""``: ``"the id of the build is only known at run time"``.
    - ``all_of_type``: whether a call in which no argument of the grant names a resource may touch every
      resource of the type.
    - ``name_regex``: a regular expression that finds the name in a longer text, in its only group or in the
      group ``name``: ``"s3://(.+)"``. Its groups ``region`` and ``account`` replace the stack's own.
    - ``arn_segment``: the separator and the index of the name in an argument that is the ARN of something
      else: ``("/", 1)`` for the connection in ``arn:...:connection/NAME/ID``.
    - ``qualifier``: an argument that follows the ARN after a colon: ``"Qualifier"`` of a function.
    - ``lowercase``: whether the service writes names in lower case in its ARNs.
    - ``ref_returns``: what ``Ref`` of the resource is: its ``"arn"``; its ``"name"``; a ``"url"`` whose
      fifth part between slashes is the name; ``"text"`` that only ``name_regex`` understands.
    """

    argument: str
    arn: str
    revisions: tuple[str, ...] = ()
    default: str | None = None
    when_missing: str | None = None
    all_of_type: bool = False
    name_regex: str | None = None
    arn_segment: tuple[str, int] | None = None
    qualifier: str | None = None
    lowercase: bool = False
    ref_returns: Literal["arn", "name", "url", "text"] = "arn"


# --- when a grant is needed ----------------------------------------------------------------------


@frozen
class HasArgument(Declared):
    """The call passes the argument: ``HasArgument("Tags")``."""

    argument: str


@frozen
class ArgumentIs(Declared):
    """The call passes this value: ``ArgumentIs("AuthType", "IAM_ROLE")``."""

    argument: str
    value: str


@frozen
class ArgumentMatches(Declared):
    """The value begins with a match of the pattern: ``ArgumentMatches("KeyId", "alias/")``."""

    argument: str
    pattern: str


@frozen
class Certainly(Declared):
    """The case where it is known before run time: ``Certainly(ArgumentMatches("Path", "/@"))``."""

    case: HasArgument | ArgumentIs | ArgumentMatches


@frozen
class AllOf(Declared):
    """All of the cases: ``AllOf((ArgumentIs("AuthType", "IAM_ROLE"), HasArgument("Path")))``."""

    cases: tuple[When, ...]


@frozen
class Otherwise(Declared):
    """The other case: ``Otherwise(ArgumentMatches("KeyId", "alias/"))``.

    A grant for the one case and a grant for the other cover every call, whatever it passes: where the
    argument is missing, the other case holds; where it is only known at run time, both may hold.
    """

    case: HasArgument | ArgumentIs | ArgumentMatches | Certainly


When: TypeAlias = "HasArgument | ArgumentIs | ArgumentMatches | Certainly | AllOf | Otherwise"
"""A case in which a call needs a grant."""


# --- grants --------------------------------------------------------------------------------------


@frozen
class Condition(Declared):
    """A condition of a grant: ``Condition("StringEquals", "iam:PassedToService", "batch.amazonaws.com")``.

    - ``operator``: an operator of IAM: ``"StringEquals"``. It becomes ``"StringLike"`` where the value is
      known only in part.
    - ``key``: a condition key: ``"kms:ViaService"``.
    - ``value``: text, what an argument names, or several of them. A value that is only known at run time
      leaves the condition out.
    - ``only_in_scope``: the one scope that has the condition, as where it is tighter than AWS's page.
    """

    operator: str
    key: str
    value: ArgumentResource | str | tuple[ArgumentResource | str, ...]
    only_in_scope: Scope | None = None


@frozen
class Grant(Declared):
    """Actions on resources that a task needs.

    - ``actions``: actions of IAM: ``(batch.SubmitJob,)``.
    - ``resources``: what arguments name, and ARNs as text: ``(ALL_RESOURCES,)``.
    - ``unnamed``: the resources that a call needs which names none: ``(ALL_RESOURCES,)`` for one that may
      name a terminology and need not.
    - ``reason``: why the task needs it, as a sentence without its subject: ``"submits the job"``.
    - ``page``: the page that says so.
    - ``documented``: the resources that AWS's page prints, where they are wider: ``ALL_RESOURCES``.
    - ``documented_when_dynamic``: those that it prints for a resource that is only known at run time.
    - ``patterns``: the patterns that need the grant: ``(SYNC,)``.
    - ``when``: the cases that need the grant, of which one is enough: ``(HasArgument("Tags"),)``. Every
      call needs it where there are none.
    - ``conditions``: conditions that must all hold.
    - ``only_in_scope``: the one scope that has the grant: what the page prints beyond need, or leaves out.
    - ``from_resource_hints``: whether only tasks need it whose author names such a resource in
      ``resources=[...]``, because no argument does: the key that encrypts a topic.
    - ``conditional_on``: what decides whether the grant is needed at all, if the call does not tell:
      ``"needed for a bucket with a customer's key"``. An argument with ``when_missing`` tells where it is
      passed.
    - ``evidence``: how sure the need is, where that does not follow from the other fields: see ``proof``.
    - ``managed_rule``: whether it is for a rule that Step Functions itself keeps in EventBridge.
    """

    actions: tuple[Action, ...]
    resources: tuple[ArgumentResource | str, ...]
    reason: str
    page: str
    documented: str | tuple[ArgumentResource | str, ...] | None = None
    documented_when_dynamic: str | tuple[str, ...] | None = None
    unnamed: tuple[ArgumentResource | str, ...] = ()
    patterns: tuple[Pattern, ...] = tuple(Pattern)
    when: tuple[When, ...] = ()
    conditions: tuple[Condition, ...] = ()
    only_in_scope: Scope | None = None
    from_resource_hints: bool = False
    conditional_on: str = ""
    evidence: Evidence | None = None
    managed_rule: bool = False

    @property
    def proof(self) -> Evidence:
        """How sure it is that a call which is a case of the grant needs it.

        What a task needs only in a pattern that waits is what Step Functions does beside the call itself:
        it asks how the work stands, and stops it. Only AWS's pages tell of that. A rule in EventBridge is
        required nevertheless, because the state machine cannot be created without it.
        """
        if self.evidence is not None:
            return self.evidence
        is_beside = Pattern.REQUEST_RESPONSE not in self.patterns and not self.managed_rule
        return Evidence.DOCUMENTED if is_beside else Evidence.REQUIRED


def deciding_arguments(grants: Iterable[Grant]) -> tuple[str, ...]:
    """Return the names of the arguments that decide what grants allow; all others change nothing."""
    paths = (path for grant in grants for path in _condition_paths(grant))
    return tuple(dict.fromkeys(re.split(r"[.\[{]", path)[0] for path in paths if path))


def simple_cases(cases: Iterable[When]) -> Iterator[HasArgument | ArgumentIs | ArgumentMatches]:
    """Yield the cases of which others are made."""
    for case in cases:
        if isinstance(case, (Otherwise, Certainly)):
            yield from simple_cases((case.case,))
        elif isinstance(case, AllOf):
            yield from simple_cases(case.cases)
        else:
            yield case


def _condition_paths(grant: Grant) -> Iterator[str]:
    yield from (case.argument for case in simple_cases(grant.when))
    printed = (*(grant.documented or ()), *grant.unnamed)
    for value in (*grant.resources, *printed, *(it.value for it in grant.conditions)):
        for named in value if isinstance(value, tuple) else (value,):
            if isinstance(named, ArgumentResource):
                yield named.argument
                yield named.qualifier or ""
                yield from re.findall(r"(?<!\$)\{/?([A-Z]\w*)", named.arn)
