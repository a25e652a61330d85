"""References of a template that lead to nothing in it, for which CloudFormation refuses the template.

It says "Unresolved resource dependencies [Topic] in the Resources block of the template".
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from cfngen.cfn.functions import GET_ATT
from cfngen.cfn.pseudo_parameters import PSEUDO_PARAMETERS, is_pseudo
from cfngen.cfn.template import DEPENDS_ON, NameUse, TemplateIndex
from cfngen.core.declared import did_you_mean
from cfngen.core.problems import Problem

__all__ = ["UNRESOLVED_REFERENCE", "left_to_the_template", "unresolved_references"]

UNRESOLVED_REFERENCE: Final = "UNRESOLVED_REFERENCE"


def unresolved_references(template: Mapping[str, Any]) -> list[Problem]:
    """Return the references that name nothing in a template, in its order.

    A template to which a macro, SAM or a loop adds resources is not judged: what they add is not known.
    """
    index = TemplateIndex(template)
    return [_unresolved_name(use, names) for use, names in _unresolved_uses(index)]


def left_to_the_template(template: Mapping[str, Any]) -> list[Problem]:
    """Return, as one warning, what the template of a workflow alone must get from whoever completes it."""
    names = list(dict.fromkeys(use.name for use, _ in _unresolved_uses(TemplateIndex(template))))
    if not names:
        return []
    message, hint = (
        (f"{names[0]!r}, which is not in the template", "add it, as a resource or a parameter")
        if len(names) == 1
        else (
            f"{_names_in_words(names)}, which are not in the template",
            "add them, as resources or parameters",
        )
    )
    return [Problem(UNRESOLVED_REFERENCE, "", f"the workflow refers to {message}", hint, "warning")]


def _unresolved_uses(index: TemplateIndex) -> Iterator[tuple[NameUse, Iterable[str]]]:
    """Yield what names nothing, and the names that it could have meant."""
    if index.is_generated_in_part:
        return
    for use in index.uses():
        known = _names_in_sight(use, index)
        if not any(use.name in names for names in known):
            yield use, (name for names in known for name in names)


def _names_in_sight(use: NameUse, index: TemplateIndex) -> Sequence[Collection[str]]:
    if use.is_condition:
        return (index.conditions,)
    if use.is_mapping:
        return (index.mappings,)
    if use.function in (GET_ATT, DEPENDS_ON) or use.attribute:
        return (index.resources,)
    return (index.resources, index.parameters, PSEUDO_PARAMETERS if is_pseudo(use.name) else ())


def _unresolved_name(use: NameUse, known: Iterable[str]) -> Problem:
    if use.is_condition:
        kind = "condition"
    elif use.is_mapping:
        kind = "mapping"
    elif use.function in (GET_ATT, DEPENDS_ON) or use.attribute:
        kind = "resource"
    else:
        kind = "resource or parameter"
    return Problem(
        UNRESOLVED_REFERENCE,
        use.pointer,
        f"the template has no {kind} {use.name!r}",
        did_you_mean(use.name, known),
    )


def _names_in_words(names: Sequence[str]) -> str:
    *others, last = map(repr, names)
    return f"{', '.join(others)} and {last}"
