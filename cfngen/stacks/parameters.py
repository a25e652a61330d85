"""Parameters of a template: values that are set when it is deployed."""

from __future__ import annotations

from typing import Any

from troposphere import Parameter, Ref, Template

from cfngen.stacks.options import PARAMETER


def value_or_parameter(template: Template, value: Any, default: Parameter, group: str, label: str) -> Any:
    """Return the value of an option, or a reference to a parameter where the option asks for one.

    The parameter is the option's value, or ``default`` for ``"parameter"``. It is added to the template,
    and to a group of the console's form.
    """
    parameter = default if value == PARAMETER else value
    if not isinstance(parameter, Parameter):
        return value
    template.add_parameter(parameter)
    template.add_parameter_to_group(parameter, group)
    template.set_parameter_label(parameter, label)
    return Ref(parameter)
