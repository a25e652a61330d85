"""The definition of a state machine in a template: an object, or a string where no object can be deployed.

CloudFormation refuses every null in a template ("'null' values are not allowed in templates"), also in an
object of a definition: https://github.com/aws/serverless-application-model/issues/1618,
https://github.com/aws/aws-cdk/issues/29164. What it fills in is text in an object, also where the language
takes a number; in a string it stands without quotation marks, which deploys:
https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/591.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troposphere import AWSHelperFn, Template

from cfngen.asl.unquoted import nulls_of_definition, numbers_of_definition
from cfngen.cfn.functions import EXTENDED, LANGUAGE_EXTENSIONS
from cfngen.cfn.template import functions_in
from cfngen.core.problems import Problem
from cfngen.template.definition import NO_NULLS, definition_string

STRING_DEFINITION = "STRING_DEFINITION"


class StringDefinition(AWSHelperFn):  # type: ignore[misc]  # troposphere has no types
    """A definition as the value of ``DefinitionString``; ``reasons`` say why it is not an object.

    Raises ``ValueError`` for a function that a string cannot hold.
    """

    def __init__(self, definition: Mapping[str, Any], reasons: list[Problem]) -> None:
        self.reasons: list[Problem] = reasons
        self.data: Any = definition_string(
            definition, [place.keys for place in numbers_of_definition(definition)]
        )


def definition_properties(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return the property that holds a definition, by its name."""
    if reasons := definition_string_reasons(definition):
        return {"DefinitionString": StringDefinition(definition, reasons)}
    return {"Definition": definition}


def definition_string_reasons(definition: Mapping[str, Any]) -> list[Problem]:
    """Return why a definition cannot be deployed as an object; nothing where it can be."""
    unquoted = "CloudFormation fills in a number, which has no quotation marks in a string alone"
    return [
        *(_string_reason(place.pointer, NO_NULLS) for place in nulls_of_definition(definition)),
        *(_string_reason(place.pointer, unquoted) for place in numbers_of_definition(definition)),
    ]


def add_transform(template: Template, definition: Mapping[str, Any]) -> None:
    """Add the transform that functions of a definition need, before others, as it has to stand.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
    """
    if functions_in(definition).isdisjoint(LANGUAGE_EXTENSIONS):
        return
    own = template.transform or []
    others = list(own) if isinstance(own, (list, tuple)) else [own]
    if EXTENDED not in others:
        template.set_transform([EXTENDED, *others] if others else EXTENDED)


def _string_reason(pointer: str, message: str) -> Problem:
    return Problem(STRING_DEFINITION, pointer, message, "", "note")
