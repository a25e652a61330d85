"""Parameters of a template: what is asked of whoever deploys it."""

from __future__ import annotations

from typing import Any

from troposphere import Parameter, Ref, Template

from cfngen.stacks.options import PARAMETER


def ask(template: Template, given: Any, default: Parameter, group: str, label: str) -> Any:
    """Return the value of an option, a reference to a parameter where the option asks for one.

    The parameter is the one given, or ``default`` for ``"parameter"``; it is added to the template, and
    to the group of the console's form.
    """
    if given == PARAMETER:
        given = default
    if not isinstance(given, Parameter):
        return given
    template.add_parameter(given)
    template.add_parameter_to_group(given, group)
    template.set_parameter_label(given, label)
    return Ref(given)
