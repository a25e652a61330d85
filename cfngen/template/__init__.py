"""The way out: a troposphere ``Template``, or its plain dict, as text that CloudFormation reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from cfngen.template.definition import definition_string, with_definition_strings
from cfngen.template.files import write
from cfngen.template.json_text import pretty
from cfngen.template.sections import document

if TYPE_CHECKING:
    from cfngen.template.limits import problems
    from cfngen.template.sections import ToDict

__all__ = ["definition_string", "document", "pretty", "problems", "to_json", "to_yaml", "write"]


def to_yaml(
    template: ToDict | Mapping[str, object], *, definition: Literal["object", "string"] = "object"
) -> str:
    """Return the template as YAML, with CloudFormation's short forms (``!Ref``, ``!Sub``).

    Any YAML 1.1 or 1.2 reader that knows those tags reads the same document back; ``Fn::GetAtt``
    comes back as a list. ``definition="string"`` turns every state machine's ``Definition`` into a
    ``DefinitionString``. Raises what :func:`document` and :func:`definition_string` raise.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
    """
    from cfngen.template.yaml_text import block

    return block(_rendered(template, definition))


def to_json(
    template: ToDict | Mapping[str, object], *, definition: Literal["object", "string"] = "object"
) -> str:
    """Return the template as JSON, two spaces a level, letters outside ASCII as they are.

    ``definition="string"`` turns every state machine's ``Definition`` into a ``DefinitionString``.
    Raises what :func:`document` and :func:`definition_string` raise.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
    """
    return pretty(_rendered(template, definition)) + "\n"


def _rendered(template: ToDict | Mapping[str, object], definition: str) -> dict[str, object]:
    if definition not in ("object", "string"):
        raise ValueError(f"definition is 'object' or 'string', not {definition!r}")
    plain = document(template)
    return with_definition_strings(plain) if definition == "string" else plain


def __getattr__(name: str) -> object:
    """Import what reads YAML, which not every document is, only when it is asked for."""
    if name == "problems":
        from cfngen.template.limits import problems

        return problems
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
