"""Parameters of a template: values that are set when it is deployed."""

from __future__ import annotations

from typing import Any, Final

from troposphere import Parameter, Ref, Template

from cfngen.core.callers import mistake
from cfngen.core.problems import Problem
from cfngen.stacks.options import OptionKind, StackError, reference, references, refers

PARAMETER: Final = "parameter"
"""In place of a value: ask for it with a parameter of the template."""


def text_or_parameter(description: str, pattern: str) -> OptionKind:
    """Text, an intrinsic, or a CloudFormation parameter: one of troposphere's, or ``"parameter"``."""
    plain = reference(description, pattern)

    def accepts(value: Any) -> bool:
        return isinstance(value, Parameter) or value == PARAMETER or plain.accepts(value)

    return OptionKind(f"{description}, an intrinsic, or '{PARAMETER}' to ask for it", accepts, str)


def list_or_parameter(description: str, pattern: str) -> OptionKind:
    """A list of texts or intrinsics, one intrinsic that yields it, or a CloudFormation parameter."""
    items = references(description, pattern)

    def accepts(value: Any) -> bool:
        return isinstance(value, Parameter) or value == PARAMETER or refers(value) or items.accepts(value)

    def parsed(line: str) -> Any:
        return line if line == PARAMETER else items.parse(line)

    return OptionKind(f"{items.description}, or '{PARAMETER}' to ask for it", accepts, parsed)


def value_or_parameter(template: Template, value: Any, default: Parameter, group: str, label: str) -> Any:
    """Return the value of an option, or a reference to a parameter where the option asks for one.

    The parameter is the option's value, or ``default`` for ``"parameter"``. It is added to the template,
    and to a group of the console's form, unless the template has it already: parts may ask for one thing.
    Raises ``StackError`` where the template has another one of its name.
    """
    parameter = default if value == PARAMETER else value
    if not isinstance(parameter, Parameter):
        return value
    if (known := template.parameters.get(parameter.title)) is not None:
        if known is not parameter and known.to_dict() != parameter.to_dict():
            message = f"the template already has another parameter {parameter.title}"
            hint = "give the option a Parameter of another name"
            raise mistake(StackError([Problem("DUPLICATE_LOGICAL_ID", parameter.title, message, hint)]))
        return Ref(parameter)
    template.add_parameter(parameter)
    template.add_parameter_to_group(parameter, group)
    template.set_parameter_label(parameter, label)
    return Ref(parameter)
