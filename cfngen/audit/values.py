"""The values of a template as texts that are known in part."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cfngen.audit.resources import REF, TYPES
from cfngen.cfn.symbolic import ACCOUNT, PARTITION, REGION, Symbol, Text, literal, spelled, text
from cfngen.tasks.grants import regional

_VARIABLE: Final = re.compile(r"\$\{(![^}]*|[^{}]*)\}")
_PLACE: Final = re.compile(r"\$\{([^}]+)\}|\{(\w*)\}")
_DEEPEST: Final = 40
_PSEUDO: Final = {symbol.name: symbol for symbol in (PARTITION, REGION, ACCOUNT)} | {
    name: Symbol(name, "name") for name in ("AWS::StackName", "AWS::URLSuffix")
}
NO_VALUE: Final = {"Ref": "AWS::NoValue"}
_DYNAMIC: Final = re.compile(r"\{\{resolve:[^}]*\}\}")


class Values:
    """The values of a template where each condition has a truth, and some parameters have a value.

    ``known`` gives literals to symbols: the partition, and parameters that a condition compares.
    """

    def __init__(
        self,
        template: Mapping[str, Any],
        truths: Mapping[str, bool] | None = None,
        known: Mapping[Symbol, str] | None = None,
    ) -> None:
        self.parameters: Mapping[str, Any] = _section(template, "Parameters")
        self.mappings: Mapping[str, Any] = _section(template, "Mappings")
        self.resources: Mapping[str, Any] = _section(template, "Resources")
        self.truths: Mapping[str, bool] = truths or {}
        self.known: Mapping[Symbol, str] = known or {}
        self._texts: dict[str, Text] = {}

    def chosen(self, value: Any) -> Any:
        """Return what a value is under this assignment: the branch of ``Fn::If`` that is taken."""
        for _ in range(_DEEPEST):
            branches = value.get("Fn::If") if isinstance(value, Mapping) and len(value) == 1 else None
            if not isinstance(branches, list) or len(branches) != 3 or branches[0] not in self.truths:
                break
            value = branches[1] if self.truths[branches[0]] else branches[2]
        return value

    def decided(self, value: Any) -> Any:
        """Return a value with every ``Fn::If`` in it decided as under this assignment."""
        value = self.chosen(value)
        if isinstance(value, Mapping):
            made = {key: self.decided(inner) for key, inner in value.items()}
            return {key: inner for key, inner in made.items() if inner != NO_VALUE}
        if isinstance(value, list):
            return [self.decided(item) for item, _ in self.items(value)]
        return value

    def items(self, value: Any) -> list[tuple[Any, str]]:
        """Return the items of a list under this assignment, and where each stands; no list has one item."""
        value = self.chosen(value)
        if not isinstance(value, list):
            return [] if value in (None, NO_VALUE) else [(value, "")]
        chosen = ((self.chosen(item), f"/{index}") for index, item in enumerate(value))
        return [(item, place) for item, place in chosen if item not in (None, NO_VALUE)]

    def texts(self, value: Any) -> Sequence[Text] | None:
        """Return the texts that a value is: none where it is left out, None where it cannot be text."""
        value = self.chosen(value)
        if value == NO_VALUE:
            return []
        if isinstance(value, list):
            found: list[Text] = []
            for item in value:
                some = self.texts(item)
                if some is None:
                    return None
                found += some
            return found
        made = self.text(value)
        return None if made is None else [made]

    def text(self, value: Any, depth: int = 0) -> Text | None:
        """Return the text that a value is, or None where it can be none."""
        if isinstance(value, str):
            return self._resolved(value)
        if isinstance(value, bool):
            return ("true" if value else "false",)
        if isinstance(value, (int, float)):
            return (str(value),)
        value = self.chosen(value)
        if not isinstance(value, Mapping):
            return None if isinstance(value, list) or value is None else self.text(value, depth)
        if len(value) != 1 or depth > _DEEPEST:
            return None
        [(function, argument)] = value.items()
        if function == "Ref" and isinstance(argument, str):
            return self.reference(argument, REF, depth)
        if not isinstance(function, str) or not function.startswith("Fn::"):
            return None
        made: Text | None = None
        if function == "Fn::GetAtt":
            name, attribute = _attribute(argument)
            made = self.reference(name, attribute, depth) if name else None
        elif function == "Fn::Sub":
            made = self._sub(argument, depth)
        elif function == "Fn::Join":
            made = self._join(argument, depth)
        elif function == "Fn::Select":
            made = self._select(argument, depth)
        elif function == "Fn::FindInMap":
            made = self._in_map(argument, depth)
        return _opaque(value) if made is None else made

    def reference(self, name: str, attribute: str, depth: int = 0) -> Text:
        """Return what ``Ref`` (whose attribute is empty) and ``Fn::GetAtt`` stand for."""
        if not attribute and (pseudo := _PSEUDO.get(name)):
            return text(self.known.get(pseudo, pseudo))
        if not attribute and name in self.parameters:
            return text(self._parameter(name))
        key = f"{name}.{attribute}"
        if key not in self._texts:
            self._texts[key] = (Symbol(key if attribute else name),)  # of what refers to itself
            self._texts[key] = self._of_resource(name, attribute, depth)
        return self._texts[key]

    def choices(self, parameter: str) -> Sequence[str]:
        """Return the values that a parameter is limited to, or nothing."""
        given = _mapping(self.parameters.get(parameter)).get("AllowedValues")
        return [str(value) for value in given] if isinstance(given, list) else []

    def name_of(self, logical_id: str, depth: int = 0) -> Text:
        """Return the name of a resource of the template."""
        resource = _mapping(self.resources.get(logical_id))
        kind = TYPES.get(str(resource.get("Type")))
        if kind is None:
            return (Symbol(logical_id),)
        given = self.chosen(_mapping(resource.get("Properties")).get(kind.named)) if kind.named else None
        if given not in (None, NO_VALUE) and (made := self.text(given, depth + 1)) is not None:
            return made
        symbol = Symbol(f"{logical_id}.Name", "name", str(resource["Type"]))
        begins: list[str | Symbol] = []
        if kind.generated == "{id}-":
            begins = [f"{logical_id}-"]
        elif kind.generated:
            begins = [*self.reference("AWS::StackName", REF), "-"]
        return text(*begins, symbol)

    def _of_resource(self, name: str, attribute: str, depth: int) -> Text:
        resource = _mapping(self.resources.get(name))
        if not resource and "." in name:  # SAM's own references: Function.Version, Function.Alias
            name, _, attribute = name.partition(".")
            resource = _mapping(self.resources.get(name))
        properties = _mapping(resource.get("Properties"))
        type_ = str(resource.get("Type"))
        if type_ in ("AWS::Lambda::Alias", "AWS::Lambda::Version") and attribute in (REF, "AliasArn"):
            return self._qualified(name, type_, properties, depth)
        if attribute in ("Alias", "Version") and type_ == "AWS::Serverless::Function":
            alias = (
                self.text(properties.get("AutoPublishAlias"), depth + 1) if attribute == "Alias" else None
            )
            return text(
                *self.reference(name, "Arn", depth), ":", *(alias or (Symbol(f"{name}.Version", "name"),))
            )
        kind = TYPES.get(type_)
        template = None if kind is None else kind.references.get(attribute)
        if template is None:
            return (Symbol(f"{name}.{attribute}" if attribute else name),)
        pieces: list[str | Symbol] = []
        end = 0
        for place in _PLACE.finditer(template):
            pieces.append(template[end : place.start()])
            end = place.end()
            if place[1]:
                pieces += self.reference(place[1], REF)
            elif place[2] == "revision":
                pieces.append(Symbol(f"{name}.Revision", "name"))
            elif place[2] == "path":
                pieces += self.text(properties.get("Path"), depth + 1) or ("/",)
            else:
                pieces += self.name_of(name, depth)
        return text(*pieces, template[end:])

    def _qualified(self, name: str, type_: str, properties: Mapping[str, Any], depth: int) -> Text:
        """Return the ARN of a version or an alias of a function."""
        function = self.text(properties.get("FunctionName"), depth + 1) or (Symbol(f"{name}.FunctionName"),)
        if not spelled(function).startswith("arn:"):
            function = text(*(self.text({"Fn::Sub": regional("lambda", "function:")}) or ()), *function)
        alias = self.text(properties.get("Name"), depth + 1) if type_ == "AWS::Lambda::Alias" else None
        return text(*function, ":", *(alias or (Symbol(f"{name}.Version", "name"),)))

    def _parameter(self, name: str) -> str | Symbol:
        given = _mapping(self.parameters[name])
        default = given.get("Default")
        simple = given.get("Type", "String") in ("String", "Number")
        choices = self.choices(name)
        if simple and len(choices) == 1:
            return choices[0]
        symbol = Symbol(name, default=str(default) if simple and default not in (None, "") else None)
        return self.known.get(symbol, symbol)

    def _resolved(self, value: str) -> Text:
        """Return a literal, with symbols for references to Systems Manager and Secrets Manager."""
        if "{{resolve:" not in value:
            return text(value)
        pieces: list[str | Symbol] = []
        end = 0
        for found in _DYNAMIC.finditer(value):
            pieces += [value[end : found.start()], Symbol(found[0])]
            end = found.end()
        return text(*pieces, value[end:])

    def _sub(self, argument: Any, depth: int) -> Text | None:
        own: Mapping[str, Any] = {}
        if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], Mapping):
            argument, own = argument
        if not isinstance(argument, str):
            return None
        pieces: list[str | Symbol] = []
        end = 0
        for found in _VARIABLE.finditer(argument):
            pieces += self._resolved(argument[end : found.start()])
            end = found.end()
            name = found[1].strip()
            if found[1].startswith("!"):
                pieces.append(f"${{{found[1][1:]}}}")
            elif name in own:
                pieces += self.text(own[name], depth + 1) or (_symbol(own[name]),)
            elif name in self.resources or name in self.parameters or name in _PSEUDO or "." not in name:
                pieces += self.reference(name, REF, depth)
            else:
                resource, _, attribute = name.partition(".")
                pieces += self.reference(resource, attribute, depth)
        return text(*pieces, *self._resolved(argument[end:]))

    def _join(self, argument: Any, depth: int) -> Text | None:
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
            return None
        separator, given = argument
        given = self.chosen(given)
        if not isinstance(given, list):
            return None
        pieces: list[str | Symbol] = []
        for item, _ in self.items(given):
            made = self.text(item, depth + 1)
            if made is None:
                return None
            pieces += ([separator] if pieces else []) + [*made]
        return text(*pieces)

    def _select(self, argument: Any, depth: int) -> Text | None:
        if not isinstance(argument, list) or len(argument) != 2 or not str(argument[0]).isdecimal():
            return None
        index, given = int(argument[0]), self.chosen(argument[1])
        if isinstance(given, list):
            return self.text(given[index], depth + 1) if index < len(given) else None
        split = given.get("Fn::Split") if isinstance(given, Mapping) and len(given) == 1 else None
        if not isinstance(split, list) or len(split) != 2 or not isinstance(split[0], str) or not split[0]:
            return None
        whole = self.text(split[1], depth + 1)
        parts = None if whole is None else _split(whole, split[0])
        return parts[index] if parts is not None and index < len(parts) else None

    def _in_map(self, argument: Any, depth: int) -> Text | None:
        if not isinstance(argument, list) or len(argument) < 3:
            return None
        found: Any = self.mappings
        for key in argument[:3]:
            made = self.text(key, depth + 1)
            known = None if made is None else literal(made)
            found = found.get(known) if isinstance(found, Mapping) and known is not None else None
        return self.text(found, depth + 1) if isinstance(found, (str, int, float)) else None


def shown(resource: Any) -> str:
    """Return a text of a template as people write it."""
    if isinstance(resource, str):
        return resource
    if isinstance(resource, Mapping) and len(resource) == 1:
        [(function, argument)] = resource.items()
        if function == "Fn::Sub" and isinstance(argument, str):
            return argument
        if function == "Ref":
            return f"${{{argument}}}"
        if function == "Fn::GetAtt" and isinstance(argument, (list, tuple)):
            return f"${{{'.'.join(map(str, argument))}}}"
    return json.dumps(resource, ensure_ascii=False, default=str)


def _split(whole: Text, separator: str) -> list[Text] | None:
    """Return the parts of a text; None where a symbol may hold the separator."""
    parts: list[list[str | Symbol]] = [[]]
    for piece in whole:
        if isinstance(piece, Symbol):
            if piece.kind == "any":
                return None
            parts[-1].append(piece)
            continue
        first, *rest = piece.split(separator)
        parts[-1].append(first)
        parts += [[part] for part in rest]
    return [text(*part) for part in parts]


def _attribute(argument: Any) -> tuple[str, str]:
    if isinstance(argument, str):
        name, _, attribute = argument.partition(".")
        return name, attribute
    if (
        isinstance(argument, list)
        and len(argument) == 2
        and all(isinstance(item, str) for item in argument)
    ):
        return argument[0], argument[1]
    return "", ""


def _symbol(value: Any) -> Symbol:
    return Symbol(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str))


def _opaque(value: Any) -> Text:
    return (_symbol(value),)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _section(template: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return _mapping(template.get(name))
