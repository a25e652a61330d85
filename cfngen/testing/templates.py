"""The template that a test deploys: of a stack, a workflow, a template, a file, or a command's target."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from troposphere import Template

from cfngen.asl.values import STANDARD, WorkflowType
from cfngen.cfn.arns import AWS, in_partition
from cfngen.cfn.functions import sub, substitution
from cfngen.cfn.pseudo_parameters import is_pseudo
from cfngen.cfn.text import escaped, filled, reference_name
from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.core.problems import ProblemsError
from cfngen.documents.source import ReadError, parse, read_file
from cfngen.execution.failures import shown
from cfngen.inputs import errors, machines, targets
from cfngen.local.running import ACCOUNT
from cfngen.stacks.state_machine import Stack, StateMachine
from cfngen.template import document, to_json
from cfngen.testing.errors import DeployError
from cfngen.workflow import Workflow

Deployable: TypeAlias = (
    "Stack | type[Stack] | Workflow | Template | Mapping[str, Any] | str | os.PathLike[str]"
)

ROLE: Final = in_partition(AWS, f"iam::{ACCOUNT}:role/of-a-test")
"""The role of a workflow without its stack; the emulator does not check its permissions."""

_DEPLOYABLE: Final = (
    "a stack, a workflow, a template, a definition, the path of a file, or a command's target"
)
_FILE: Final = re.compile(r"\.(ya?ml|json|template)$", re.IGNORECASE)
_SERVERLESS: Final = "AWS::Serverless::"


@frozen
class Body(Declared):
    """The text of a template, and the names of its parameters: True where there is no default."""

    text: str
    parameters: Mapping[str, bool]


def body_of(what: Deployable, values: Mapping[str, Any]) -> Body:
    """Return the template of ``what``, with ``values`` for the references of a workflow without its stack.

    Raises ``DeployError``.
    """
    try:
        return _body_of_any(_load_stack(what), values)
    except (ReadError, ProblemsError) as error:
        raise DeployError(f"cannot be deployed: {error}") from None


def _load_stack(what: Any) -> Any:
    """Return a stack, workflow, template or mapping, or the path of a file that holds one."""
    if isinstance(what, type) and issubclass(what, Stack):
        return what()
    if isinstance(what, (str, os.PathLike)):
        name = os.fspath(what)
        if os.path.isfile(name) and not name.endswith(".py"):
            return os.path.abspath(name)
        if isinstance(what, os.PathLike) or _FILE.search(name):
            raise DeployError(f"there is no file {name!r} in {os.getcwd()}")
        try:
            return targets.load(name)
        except errors.TargetError as error:
            raise DeployError(str(error)) from None
    return what


def _body_of_any(what: Any, values: Mapping[str, Any]) -> Body:
    if isinstance(what, str):
        text = read_file(what)
        return _body_of_document(parse(text, what).data, values, text, what)
    if isinstance(what, Workflow):
        return _without_stack(what, STANDARD, values, is_read=False)
    if isinstance(what, (Stack, Template)):
        return _body_of_document(document(targets.template_of(what)), values)
    if isinstance(what, Mapping):
        return _body_of_document(what, values)
    raise DeployError(f"{shown(what)} cannot be deployed: use {_DEPLOYABLE}")


def _body_of_document(
    contents: Mapping[str, Any], values: Mapping[str, Any], text: str | None = None, path: str | None = None
) -> Body:
    """Return the template of a document that is one, or the definition of a state machine."""
    resources = contents.get("Resources")
    if not isinstance(resources, Mapping):
        if "States" not in contents:
            raise DeployError("this is neither a template with 'Resources' nor a definition with 'States'")
        return _without_stack(Workflow.read(contents), STANDARD, values, is_read=True)
    if any(str(_type_or_none(resource)).startswith(_SERVERLESS) for resource in resources.values()):
        return _serverless(path, values)
    if invalid := [name for name, resource in resources.items() if not isinstance(resource, Mapping)]:
        raise DeployError(f"the resource {invalid[0]!r} is not a mapping")
    if values:
        raise DeployError("a template has parameters=; values= are for a workflow without its stack")
    parameters = contents.get("Parameters")
    names = parameters if isinstance(parameters, Mapping) else {}
    is_needed = {name: "Default" not in fields for name, fields in names.items()}
    return Body(text if text is not None else to_json(contents), is_needed)


def _serverless(path: str | None, values: Mapping[str, Any]) -> Body:
    """Return the only state machine of a template of SAM, without the other resources."""
    loaded = machines.load(path) if path else []
    if len(loaded) != 1:
        names = ", ".join(machine.name for machine in loaded) or "none that can be read from a file"
        raise DeployError(f"a template of SAM must have one state machine to be deployed; it has {names}")
    return _without_stack(loaded[0].workflow, loaded[0].type, values, is_read=True)


def _without_stack(
    workflow: Workflow, kind: WorkflowType, values: Mapping[str, Any], *, is_read: bool
) -> Body:
    template = document(StateMachine(workflow, role_arn=ROLE, type=kind).template())
    references = _References(values, is_read)
    complete = references.replaced_in(template)
    references.check()
    return Body(to_json(complete), {})


class _References:
    """References to what is not deployed, which are replaced by values."""

    def __init__(self, values: Mapping[str, Any], is_read: bool) -> None:
        self._values = values
        self._is_read = is_read
        self._names: Mapping[str, Any] = {}
        self._missing: dict[str, None] = {}
        self._used: set[str] = set()

    def replaced_in(self, template: Mapping[str, Any]) -> dict[str, Any]:
        """Return the template with values; its outputs, which name the machine, do not change."""
        self._names = {**template["Resources"], **template.get("Parameters", {})}
        resources = {name: self._value(resource) for name, resource in template["Resources"].items()}
        return {**template, "Resources": resources}

    def check(self) -> None:
        """Raise ``DeployError`` for references without a value and values without a reference."""
        if unknown := [name for name in self._values if name not in self._used]:
            hint = (
                did_you_mean(unknown[0], self._missing)
                or f"it refers to {_names_or_nothing(self._missing)}"
            )
            raise DeployError(f"the workflow does not refer to {unknown[0]!r}; {hint}")
        if self._missing:
            example = ", ".join(f"{name!r}: ..." for name in self._missing)
            raise DeployError(
                f"the workflow refers to {_names_or_nothing(self._missing)}, which is not deployed: "
                f"deploy its stack, or use values={{{example}}}"
            )

    def _value(self, node: Any) -> Any:
        if isinstance(node, str):
            return self._substituted(node, {}) if self._is_read else node
        if isinstance(node, list):
            return [self._value(item) for item in node]
        if not isinstance(node, Mapping):
            return node
        if name := reference_name(node):
            return self._reference(name, node)
        if (substituted := substitution(node)) is not None:
            text, variables = substituted
            return sub(self._substituted(text, variables, escape=True), self._value(variables))
        return {key: self._value(value) for key, value in node.items()}

    def _reference(self, name: str, node: Any) -> Any:
        if name in self._values:
            self._used.add(name)
            return self._values[name]
        self._note_missing(name)
        return node

    def _substituted(self, text: str, variables: Mapping[str, Any], *, escape: bool = False) -> str:
        def value_of(inner: str) -> str | None:
            name = inner.strip()
            if not name or inner.startswith("!") or name in variables:
                return None
            if name in self._values:
                self._used.add(name)
                value = str(self._values[name])
                return escaped(value) if escape else value
            self._note_missing(name)
            return None

        return filled(text, value_of)

    def _note_missing(self, name: str) -> None:
        if not is_pseudo(name) and name.partition(".")[0] not in self._names:
            self._missing[name] = None


def check_parameters(body: Body, parameters: Mapping[str, Any]) -> None:
    """Raise ``DeployError`` for parameters that the template does not have, and for missing ones."""
    for name in parameters:
        if name not in body.parameters:
            has = "it has " + _names_or_nothing(body.parameters) if body.parameters else "it has none"
            raise DeployError(
                f"the template has no parameter {name!r}; {did_you_mean(name, body.parameters) or has}"
            )
    if missing := [name for name in body.parameters if body.parameters[name] and name not in parameters]:
        example = ", ".join(f"{name!r}: ..." for name in missing)
        raise DeployError(f"the template needs {_names_or_nothing(missing)}: use parameters={{{example}}}")


def _type_or_none(resource: Any) -> Any:
    return resource.get("Type") if isinstance(resource, Mapping) else None


def _names_or_nothing(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names)) or "nothing"
