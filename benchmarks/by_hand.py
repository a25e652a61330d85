"""A script of troposphere and awacs that makes a template: what its author would have written, no more.

``handwritten.py`` was written by a person, for the first sample. The script of another is written from its
template, class by class, with the imports that it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import awacs.aws
import troposphere
from troposphere import AWSProperty

from cfngen.cfn.functions import function_call

MODULES: Final = {"lambda": "awslambda", "logs": "logs", "events": "events"}
POLICIES: Final = ("PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy")


def script(template: Mapping[str, Any]) -> str:
    """Return the program, whose output is the template."""
    return _Script().program(template)


class _Script:
    def __init__(self) -> None:
        self._imports: dict[str, dict[str, None]] = {}

    def program(self, template: Mapping[str, Any]) -> str:
        """Return the statements behind the imports that they need."""
        lines = [f"template = {self._name('troposphere', 'Template')}({template.get('Description', '')!r})"]
        lines.append("template.set_version('2010-09-09')")
        for name, section, add in (
            ("Parameter", "Parameters", "add_parameter"),
            ("Output", "Outputs", "add_output"),
        ):
            for title, fields in template.get(section, {}).items():
                call_text = f"{self._name('troposphere', name)}({title!r}, {self._keywords(fields, {})})"
                lines.append(f"template.{add}({call_text})")
        for title, condition in template.get("Conditions", {}).items():
            lines.append(f"template.add_condition({title!r}, {self._value(condition)})")
        if metadata := template.get("Metadata"):
            lines.append(f"template.set_metadata({metadata!r})")
        for title, resource in template["Resources"].items():
            lines.append(f"template.add_resource({self._resource(title, resource)})")
        imports = [f"from {module} import {', '.join(names)}" for module, names in self._imports.items()]
        return "\n".join([*imports, *lines, "print(template.to_yaml())", ""])

    def _resource(self, title: str, resource: Mapping[str, Any]) -> str:
        _, service, name = resource["Type"].split("::")
        module = f"troposphere.{MODULES.get(service.lower(), service.lower())}"
        [kind] = [
            it
            for it in vars(import_module(module)).values()
            if getattr(it, "resource_type", "") == resource["Type"] and it.__module__ == module
        ]
        name = kind.__name__
        attributes = {key: it for key, it in resource.items() if key not in ("Type", "Properties")}
        keywords = self._keywords({**attributes, **resource.get("Properties", {})}, kind.props)
        alias = f"{name}Resource" if hasattr(troposphere, name) or hasattr(awacs.aws, name) else name
        return f"{self._name(module, name, alias)}({title!r}, {keywords})"

    def _keywords(self, fields: Mapping[str, Any], kinds: Mapping[str, Any]) -> str:
        texts = []
        for key, it in fields.items():
            value = self._policy(it) if key in POLICIES else self._value(it, kinds.get(key, (None,))[0])
            texts.append(f"{key}={value}")
        return ", ".join(texts)

    def _value(self, node: Any, kind: Any = None) -> str:
        if isinstance(node, list):
            inner = kind[0] if isinstance(kind, list) else None
            return f"[{', '.join(self._value(item, inner) for item in node)}]"
        if not isinstance(node, Mapping):
            return repr(node)
        if call := function_call(node):
            return self._function(call[0].removeprefix("Fn::"), call[1])
        kinds = kind if isinstance(kind, tuple) else (kind,)
        for it in kinds:
            if isinstance(it, type) and issubclass(it, AWSProperty):
                props: Mapping[str, Any] = vars(it).get("props", {})
                return f"{self._name(it.__module__, it.__name__)}({self._keywords(node, props)})"
        return "{" + ", ".join(f"{key!r}: {self._value(it)}" for key, it in node.items()) + "}"

    def _function(self, name: str, argument: Any) -> str:
        function = self._name("troposphere", name)
        if name == "Sub" and isinstance(argument, list):
            return f"{function}({argument[0]!r}, {self._value(argument[1])})"
        arguments = argument if isinstance(argument, list) and name != "Or" else [argument]
        return f"{function}({', '.join(map(self._value, arguments))})"

    def _policy(self, document: Mapping[str, Any]) -> str:
        statements = ", ".join(self._statement(it) for it in document["Statement"])
        version = document["Version"]
        return f"{self._name('awacs.aws', 'PolicyDocument')}(Version={version!r}, Statement=[{statements}])"

    def _statement(self, statement: Mapping[str, Any]) -> str:
        fields = []
        for key, it in statement.items():
            if key == "Effect":
                text = self._name("awacs.aws", it)
            elif key == "Action":
                text = f"[{', '.join(map(self._action, it))}]"
            elif key == "Principal":
                [(kind, who)] = it.items()
                text = f"{self._name('awacs.aws', 'Principal')}({kind!r}, {self._value(who)})"
            elif key == "Condition":
                text = self._condition(it)
            else:
                text = self._value(it)
            fields.append(f"{key}={text}")
        return f"{self._name('awacs.aws', 'Statement')}({', '.join(fields)})"

    def _condition(self, condition: Mapping[str, Any]) -> str:
        operators = [
            f"{self._name('awacs.aws', operator)}({self._value(keys)})"
            for operator, keys in condition.items()
        ]
        return f"{self._name('awacs.aws', 'Condition')}([{', '.join(operators)}])"

    def _action(self, action: str) -> str:
        service, _, name = action.partition(":")
        module = "awacs." + {"lambda": "awslambda"}.get(service, service)
        if not hasattr(import_module(module), name):
            return f"{self._name('awacs.aws', 'Action')}({service!r}, {name!r})"
        return self._name(module, name, f"{service.replace('-', '_')}_{name}")

    def _name(self, module: str, name: str, alias: str = "") -> str:
        """Return a name for an expression, and have it imported."""
        imported = name if alias in ("", name) else f"{name} as {alias}"
        self._imports.setdefault(module, {})[imported] = None
        return alias or name
