"""The way out: a troposphere ``Template``, or its plain dict, as text that CloudFormation reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from cfngen.template.definition import definition_string, string_reasons, with_definition_strings
from cfngen.template.files import write
from cfngen.template.json_text import pretty
from cfngen.template.sections import document

if TYPE_CHECKING:
    from cfngen.template.limits import problems
    from cfngen.template.sections import ToDict

__all__ = [
    "definition_string",
    "document",
    "pretty",
    "problems",
    "rendered",
    "string_reasons",
    "to_json",
    "to_yaml",
    "write",
]

Form: TypeAlias = Literal["auto", "object", "string"]
"""How definitions stand in a template; ``auto`` is an object wherever that can be deployed."""


def to_yaml(template: ToDict | Mapping[str, object], *, definition: Form = "auto") -> str:
    """Return the template as YAML, with CloudFormation's short forms (``!Ref``, ``!Sub``).

    Any YAML 1.1 or 1.2 reader that knows those tags reads the same document back; ``Fn::GetAtt``
    comes back as a list. ``definition="string"`` turns every state machine's ``Definition`` into a
    ``DefinitionString``; ``"auto"`` does so where an object could not be deployed, and ``"object"`` raises
    ValueError there. Raises what :func:`document` and :func:`definition_string` raise.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
    """
    from cfngen.template.yaml_text import block

    return block(rendered(template, definition))


def to_json(template: ToDict | Mapping[str, object], *, definition: Form = "auto") -> str:
    """Return the template as JSON, two spaces a level, letters outside ASCII as they are.

    ``definition`` is as in :func:`to_yaml`, which raises the same.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
    """
    return pretty(rendered(template, definition)) + "\n"


def rendered(template: ToDict | Mapping[str, object], definition: Form = "auto") -> dict[str, object]:
    """Return the template as a plain dict, its definitions in this form; raises as :func:`to_yaml` does."""
    if definition not in ("auto", "object", "string"):
        raise ValueError(f"definition is 'auto', 'object' or 'string', not {definition!r}")
    if definition == "object":
        for reason in string_reasons(template):
            raise ValueError(
                f"{reason.location}: {reason.message}, so the definition cannot be an object: "
                "write it as a string"
            )
    return with_definition_strings(document(template), all_of_them=definition == "string")


def __getattr__(name: str) -> object:
    """Import what reads YAML, which not every document is, only when it is asked for."""
    if name == "problems":
        from cfngen.template.limits import problems

        return problems
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
