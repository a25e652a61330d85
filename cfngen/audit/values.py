"""The values of a template as texts that are known in part."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cfngen.audit.branches import DEEPEST, Branches
from cfngen.cfn import functions
from cfngen.cfn.arns import is_arn, regional
from cfngen.cfn.pseudo_parameters import NO_VALUE, STACK_NAME, URL_SUFFIX
from cfngen.cfn.resource_types import REF, TYPES
from cfngen.cfn.symbolic import (
    ACCOUNT,
    PARTITION,
    REGION,
    Placeholder,
    SymbolicText,
    literal,
    symbolic_text,
    to_sub,
)
from cfngen.cfn.template import TemplateIndex
from cfngen.cfn.text import Hole, hole, parse_sub, reference_name
from cfngen.core.values import mapping

_PLACE: Final = re.compile(r"\{(\w*)\}")
_PSEUDO: Final = {symbol.name: symbol for symbol in (PARTITION, REGION, ACCOUNT)} | {
    STACK_NAME: Placeholder(STACK_NAME, "name"),
    URL_SUFFIX: Placeholder(URL_SUFFIX, "name", default="amazonaws.com"),
}
_DYNAMIC: Final = re.compile(r"\{\{resolve:[^}]*\}\}")


class Values(Branches):
    """The values of a template where each condition has a truth, and some parameters have a value.

    ``known`` gives literals to symbols: the partition, and parameters that a condition compares.
    """

    def __init__(
        self,
        template: Mapping[str, Any],
        truths: Mapping[str, bool] | None = None,
        known: Mapping[Placeholder, str] | None = None,
    ) -> None:
        super().__init__(truths or {})
        self.index: TemplateIndex = TemplateIndex(template)
        self.parameters: Mapping[str, Any] = self.index.parameters
        self.mappings: Mapping[str, Any] = self.index.mappings
        self.resources: Mapping[str, Any] = self.index.resources
        self.known: Mapping[Placeholder, str] = known or {}
        self._texts: dict[str, SymbolicText] = {}

    def texts(self, value: Any) -> Sequence[SymbolicText] | None:
        """Return the texts that a value is: none where it is left out, None where it cannot be text."""
        value = self.chosen(value)
        if value == NO_VALUE:
            return []
        if isinstance(value, list):
            texts: list[SymbolicText] = []
            for item in value:
                some = self.texts(item)
                if some is None:
                    return None
                texts += some
            return texts
        text = self.text(value)
        return None if text is None else [text]

    def text(self, value: Any, depth: int = 0) -> SymbolicText | None:
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
        call = functions.function_call(value)
        if call is None or depth > DEEPEST:
            return None
        function, argument = call
        if function == functions.REF:
            return self.reference(argument, REF, depth)
        resolved: SymbolicText | None = None
        if function == functions.GET_ATT and (parts := functions.attribute_parts(argument)):
            resolved = self.reference(*parts, depth)
        elif function == functions.SUB:
            resolved = self._sub(argument, depth)
        elif function == functions.JOIN:
            resolved = self._join(argument, depth)
        elif function == functions.SELECT:
            resolved = self._select(argument, depth)
        elif function == functions.FIND_IN_MAP:
            resolved = self._in_map(argument, depth)
        return _as_symbol(value) if resolved is None else resolved

    def reference(self, name: str, attribute: str, depth: int = 0) -> SymbolicText:
        """Return what a reference stands for; ``attribute`` is empty for that of ``Ref``."""
        if not attribute and (pseudo := _PSEUDO.get(name)):
            return symbolic_text(self.known.get(pseudo, pseudo))
        if not attribute and name in self.parameters:
            return symbolic_text(self._parameter(name))
        key = f"{name}.{attribute}"
        if key not in self._texts:
            self._texts[key] = (Placeholder(key if attribute else name),)  # of what refers to itself
            self._texts[key] = self._of_resource(name, attribute, depth)
        return self._texts[key]

    def choices(self, parameter: str) -> Sequence[str]:
        """Return the values that a parameter is limited to, or nothing."""
        allowed = mapping(self.parameters.get(parameter)).get("AllowedValues")
        return [str(value) for value in allowed] if isinstance(allowed, list) else []

    def name_of(self, logical_id: str, depth: int = 0) -> SymbolicText:
        """Return the name of a resource of the template."""
        resource = mapping(self.resources.get(logical_id))
        kind = TYPES.get(str(resource.get("Type")))
        if kind is None:
            return (Placeholder(logical_id),)
        name = self.chosen(mapping(resource.get("Properties")).get(kind.named)) if kind.named else None
        if name not in (None, NO_VALUE) and (resolved := self.text(name, depth + 1)) is not None:
            return resolved
        symbol = Placeholder(f"{logical_id}.Name", "name", str(resource["Type"]))
        begins: list[str | Placeholder] = []
        if kind.generated == "{id}-":
            begins = [f"{logical_id}-"]
        elif kind.generated:
            begins = [*self.reference(STACK_NAME, REF), "-"]
        return symbolic_text(*begins, symbol)

    def _of_resource(self, name: str, attribute: str, depth: int) -> SymbolicText:
        resource = mapping(self.resources.get(name))
        if not resource and "." in name:  # SAM's own references: Function.Version, Function.Alias
            name, _, attribute = name.partition(".")
            resource = mapping(self.resources.get(name))
        properties = mapping(resource.get("Properties"))
        type_ = str(resource.get("Type"))
        if type_ in ("AWS::Lambda::Alias", "AWS::Lambda::Version") and attribute in (REF, "AliasArn"):
            return self._qualified(name, type_, properties, depth)
        if attribute in ("Alias", "Version") and type_ == "AWS::Serverless::Function":
            alias = (
                self.text(properties.get("AutoPublishAlias"), depth + 1) if attribute == "Alias" else None
            )
            return symbolic_text(
                *self.reference(name, "Arn", depth),
                ":",
                *(alias or (Placeholder(f"{name}.Version", "name"),)),
            )
        kind = TYPES.get(type_)
        template = None if kind is None else kind.references.get(attribute)
        if template is None:
            return (Placeholder(f"{name}.{attribute}" if attribute else name),)
        pieces: list[str | Placeholder] = []
        for piece in parse_sub(template):
            if isinstance(piece, Hole):
                pieces += self.reference(piece.name, REF)
                continue
            literals = _PLACE.split(piece)
            for index, part in enumerate(literals):
                if index % 2 == 0:
                    pieces.append(part)
                elif part in ("revision", "suffix"):
                    pieces.append(Placeholder(f"{name}.{part.capitalize()}", "name"))
                elif part == "path":
                    pieces += self.text(properties.get("Path"), depth + 1) or ("/",)
                else:
                    pieces += self.name_of(name, depth)
        return symbolic_text(*pieces)

    def _qualified(self, name: str, type_: str, properties: Mapping[str, Any], depth: int) -> SymbolicText:
        """Return the ARN of a version or an alias of a function."""
        function = self.text(properties.get("FunctionName"), depth + 1) or (
            Placeholder(f"{name}.FunctionName"),
        )
        if not is_arn(to_sub(function)):
            function = symbolic_text(
                *(self.text(functions.sub(regional("lambda", "function:"))) or ()), *function
            )
        alias = self.text(properties.get("Name"), depth + 1) if type_ == "AWS::Lambda::Alias" else None
        return symbolic_text(*function, ":", *(alias or (Placeholder(f"{name}.Version", "name"),)))

    def _parameter(self, name: str) -> str | Placeholder:
        parameter = mapping(self.parameters[name])
        default = parameter.get("Default")
        simple = parameter.get("Type", "String") in ("String", "Number")
        choices = self.choices(name)
        if simple and len(choices) == 1:
            return choices[0]
        symbol = Placeholder(name, default=str(default) if simple and default not in (None, "") else None)
        return self.known.get(symbol, symbol)

    def _resolved(self, value: str) -> SymbolicText:
        """Return a literal, with symbols for references to Systems Manager and Secrets Manager."""
        if "{{resolve:" not in value:
            return symbolic_text(value)
        pieces: list[str | Placeholder] = []
        end = 0
        for match in _DYNAMIC.finditer(value):
            pieces += [value[end : match.start()], Placeholder(match[0])]
            end = match.end()
        return symbolic_text(*pieces, value[end:])

    def _sub(self, argument: Any, depth: int) -> SymbolicText | None:
        parts = functions.substitution_parts(argument)
        if parts is None:
            return None
        pieces: list[str | Placeholder] = []
        for piece in parse_sub(*parts):
            if isinstance(piece, str):
                pieces += self._resolved(piece)
            elif piece.name in parts[1]:
                pieces += self.text(piece.value, depth + 1) or (_symbol(piece.value),)
            elif piece.name in self.resources or piece.name in self.parameters or piece.name in _PSEUDO:
                pieces += self.reference(piece.name, REF, depth)
            else:
                resource, _, attribute = piece.name.partition(".")
                pieces += self.reference(resource, attribute, depth)
        return symbolic_text(*pieces)

    def _join(self, argument: Any, depth: int) -> SymbolicText | None:
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
            return None
        separator, items = argument[0], self.chosen(argument[1])
        if not isinstance(items, list):
            return None
        pieces: list[str | Placeholder] = []
        for item, _ in self.items(items):
            text = self.text(item, depth + 1)
            if text is None:
                return None
            pieces += ([separator] if pieces else []) + [*text]
        return symbolic_text(*pieces)

    def _select(self, argument: Any, depth: int) -> SymbolicText | None:
        if not isinstance(argument, list) or len(argument) != 2 or not str(argument[0]).isdecimal():
            return None
        index, items = int(argument[0]), self.chosen(argument[1])
        if isinstance(items, list):
            return self.text(items[index], depth + 1) if index < len(items) else None
        split = functions.argument_of(functions.SPLIT, items)
        if not isinstance(split, list) or len(split) != 2 or not isinstance(split[0], str) or not split[0]:
            return None
        whole = self.text(split[1], depth + 1)
        parts = None if whole is None else _split_text(whole, split[0])
        return parts[index] if parts is not None and index < len(parts) else None

    def _in_map(self, argument: Any, depth: int) -> SymbolicText | None:
        if not isinstance(argument, list) or len(argument) < 3:
            return None
        entry: Any = self.mappings
        for key in argument[:3]:
            key_text = self.text(key, depth + 1)
            known = None if key_text is None else literal(key_text)
            entry = entry.get(known) if isinstance(entry, Mapping) and known is not None else None
        return self.text(entry, depth + 1) if isinstance(entry, (str, int, float)) else None


def resource_in_words(resource: Any) -> str:
    """Return a text of a template as people write it."""
    if isinstance(resource, str):
        return resource
    if (substituted := functions.substitution(resource)) is not None and not substituted[1]:
        return substituted[0]
    if name := reference_name(resource):
        return hole(name)
    return json.dumps(resource, ensure_ascii=False, default=str)


def _split_text(whole: SymbolicText, separator: str) -> list[SymbolicText] | None:
    """Return the parts of a text; None where a symbol may hold the separator."""
    parts: list[list[str | Placeholder]] = [[]]
    for piece in whole:
        if isinstance(piece, Placeholder):
            if piece.kind == "any":
                return None
            parts[-1].append(piece)
            continue
        first, *rest = piece.split(separator)
        parts[-1].append(first)
        parts += [[part] for part in rest]
    return [symbolic_text(*part) for part in parts]


def _symbol(value: Any) -> Placeholder:
    return Placeholder(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str))


def _as_symbol(value: Any) -> SymbolicText:
    return (_symbol(value),)
