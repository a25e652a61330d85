"""The intrinsic functions of a template worked out, as CloudFormation does when it makes the stack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final

from cfngen.cfn.physical_ids import PhysicalIds, naming_properties, physical_ids
from cfngen.cfn.text import filled, hole

_NO_VALUE: Final = object()
_LIST_TYPES: Final = ("CommaDelimitedList", "List<")
_FROM_SSM: Final = "AWS::SSM::Parameter::Value"
_DYNAMIC: Final = "{{resolve:"


class EvaluationError(Exception):
    """Something that only CloudFormation itself can work out."""


class Evaluation:
    """A template with its parameters, whose values can be asked for.

    ``stack`` is the name of the stack. Raises ``EvaluationError`` where it cannot tell.
    """

    def __init__(
        self,
        template: Mapping[str, Any],
        parameters: Mapping[str, str],
        *,
        stack: str,
        region: str,
        account: str,
        partition: str = "aws",
    ) -> None:
        if "Transform" in template:
            raise EvaluationError("a template with a transform")
        self._template = template
        self._parameters = parameters
        self._stack = stack
        self._ids: dict[str, PhysicalIds] = {}
        self._busy: set[str] = set()
        self._pseudo = {
            "AWS::AccountId": account,
            "AWS::NoValue": _NO_VALUE,
            "AWS::Partition": partition,
            "AWS::Region": region,
            "AWS::StackName": stack,
            "AWS::StackId": f"arn:{partition}:cloudformation:{region}:{account}:stack/{stack}/0",
            "AWS::URLSuffix": "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com",
            "AWS::NotificationARNs": [],
        }

    @property
    def resources(self) -> dict[str, Mapping[str, Any]]:
        """The resources that the stack has, by their logical ids."""
        return {
            logical_id: resource
            for logical_id, resource in self._section("Resources").items()
            if isinstance(resource, Mapping) and self._is_there(resource)
        }

    def ref(self, logical_id: str) -> str:
        """Return the physical id of a resource."""
        return self._resource_ids(logical_id).ref

    def outputs(self) -> dict[str, str]:
        """Return the outputs."""
        return {
            name: str(self.value(output.get("Value")))
            for name, output in self._section("Outputs").items()
            if isinstance(output, Mapping) and self._is_there(output)
        }

    def value(self, node: Any) -> Any:
        """Return a value without intrinsic functions; what has no value is None."""
        value = self._value(node)
        return None if value is _NO_VALUE else value

    def _value(self, node: Any) -> Any:
        if isinstance(node, str):
            if _DYNAMIC in node:
                raise EvaluationError("a dynamic reference")
            return node
        if isinstance(node, (list, tuple)):
            values = [self._value(item) for item in node]
            return [value for value in values if value is not _NO_VALUE]
        if not isinstance(node, Mapping):
            return node
        if len(node) == 1:
            [(function, argument)] = node.items()
            if function == "Ref" or str(function).startswith("Fn::"):
                return self._called(function, argument)
        values_by_key = {key: self._value(value) for key, value in node.items()}
        return {key: value for key, value in values_by_key.items() if value is not _NO_VALUE}

    def _called(self, function: str, argument: Any) -> Any:
        if function not in _FUNCTIONS:
            raise EvaluationError(function)
        try:
            return _FUNCTIONS[function](self, argument)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            raise EvaluationError(f"{function}: {error}") from None

    # -- functions ----------------------------------------------------------------------------------------

    def _referred(self, name: str) -> Any:
        if name in self._pseudo:
            return self._pseudo[name]
        if name in self._section("Parameters"):
            return self._parameter(name)
        return self._resource_ids(name).ref

    def _attribute(self, argument: Any) -> str:
        name, _, attribute = (
            argument.partition(".") if isinstance(argument, str) else _attribute_reference(argument)
        )
        attributes = self._resource_ids(name).attributes
        if attribute not in attributes:
            raise EvaluationError(f"the attribute {attribute} of {name}")
        return attributes[attribute]

    def _substituted(self, argument: Any) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument

        def value(inner: str) -> str:
            if inner.startswith("!"):
                return hole(inner[1:])
            name = inner.strip()
            if name in own:
                return _evaluated_text(self._value(own[name]))
            if name in self._pseudo or "." not in name:
                return _evaluated_text(self._referred(name))
            return self._attribute(name)

        return filled(text, value)

    def _joined(self, argument: Any) -> str:
        separator, items = argument
        return str(separator).join(_evaluated_text(item) for item in self._value(items))

    def _selected(self, argument: Any) -> Any:
        index, items = argument
        return self._value(items)[int(self._value(index))]

    def _split(self, argument: Any) -> list[str]:
        separator, text = argument
        return _evaluated_text(self._value(text)).split(separator)

    def _chosen(self, argument: Any) -> Any:
        condition, when_true, when_false = argument
        return self._value(when_true if self._condition(condition) else when_false)

    def _looked_up(self, argument: Any) -> Any:
        name, first, second = (self._value(part) for part in argument[:3])
        return self._value(self._section("Mappings")[name][first][second])

    def _encoded(self, argument: Any) -> str:
        return base64.b64encode(_evaluated_text(self._value(argument)).encode()).decode("ascii")

    # -- what they look up --------------------------------------------------------------------------------

    def _condition(self, name: str) -> bool:
        conditions = self._section("Conditions")
        if name not in conditions:
            raise EvaluationError(f"the condition {name}")
        return bool(self._once(f"condition {name}", lambda: self._is_true(conditions[name])))

    def _is_true(self, condition: Any) -> bool:
        [(function, argument)] = condition.items()
        if function == "Condition":
            return self._condition(argument)
        if function == "Fn::Equals":
            one, other = (self._value(part) for part in argument)
            return bool(_evaluated_text(one) == _evaluated_text(other))
        if function == "Fn::Not":
            return not self._is_true(argument[0])
        if function == "Fn::And":
            return all(self._is_true(part) for part in argument)
        if function == "Fn::Or":
            return any(self._is_true(part) for part in argument)
        raise EvaluationError(function)

    def _is_there(self, resource: Mapping[str, Any]) -> bool:
        return "Condition" not in resource or self._condition(resource["Condition"])

    def _parameter(self, name: str) -> Any:
        parameter = self._section("Parameters")[name]
        kind = str(parameter.get("Type"))
        if kind.startswith(_FROM_SSM):
            raise EvaluationError(f"the parameter {name}, which stands in Systems Manager")
        value = self._parameters.get(name, parameter.get("Default"))
        if value is None:
            raise EvaluationError(f"the parameter {name}, which has no value")
        text = _evaluated_text(value)
        return [item.strip() for item in text.split(",")] if kind.startswith(_LIST_TYPES) else text

    def _resource_ids(self, logical_id: str) -> PhysicalIds:
        if logical_id not in self._ids:
            resource = self._section("Resources").get(logical_id)
            if not isinstance(resource, Mapping) or not self._is_there(resource):
                raise EvaluationError(f"the resource {logical_id}, which is not there")
            self._ids[logical_id] = self._once(logical_id, lambda: self._named(logical_id, resource))
        return self._ids[logical_id]

    def _named(self, logical_id: str, resource: Mapping[str, Any]) -> PhysicalIds:
        properties = resource.get("Properties", {})
        naming = naming_properties(str(resource.get("Type")))
        names = {key: properties[key] for key in naming if key in properties}
        return physical_ids(
            str(resource.get("Type")),
            logical_id,
            self._value(names),
            stack=self._stack,
            pseudo=self._pseudo,
        )

    def _once(self, name: str, work: Callable[[], Any]) -> Any:
        """Do what must not need itself."""
        if name in self._busy:
            raise EvaluationError(f"{name}, which refers to itself")
        self._busy.add(name)
        try:
            return work()
        finally:
            self._busy.discard(name)

    def _section(self, name: str) -> Mapping[str, Any]:
        section = self._template.get(name)
        return section if isinstance(section, Mapping) else {}


def _evaluated_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise EvaluationError(f"{type(value).__name__} in a text")


def _attribute_reference(argument: Any) -> tuple[str, str, str]:
    name, attribute = argument
    return name, ".", attribute


_FUNCTIONS: Final[Mapping[str, Callable[[Evaluation, Any], Any]]] = {
    "Ref": Evaluation._referred,
    "Fn::GetAtt": Evaluation._attribute,
    "Fn::Sub": Evaluation._substituted,
    "Fn::Join": Evaluation._joined,
    "Fn::Select": Evaluation._selected,
    "Fn::Split": Evaluation._split,
    "Fn::If": Evaluation._chosen,
    "Fn::FindInMap": Evaluation._looked_up,
    "Fn::Base64": Evaluation._encoded,
}
