"""Whether the parameters of a template suit the definitions that they are filled into.

CloudFormation fills in the text of a parameter as it is: where a definition is a string, its value must be
what JSON takes there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cfngen.asl.unquoted import number_places
from cfngen.cfn.functions import SUB, plain, ref_name
from cfngen.cfn.template import TemplateIndex, uses
from cfngen.cfn.text import Unquoted
from cfngen.core.problems import Problem
from cfngen.core.values import mapping

if TYPE_CHECKING:
    from cfngen.machines import SourceMachine

NOT_A_NUMBER: Final = "NOT_A_NUMBER"
UNESCAPED_PARAMETER: Final = "UNESCAPED_PARAMETER"

_TEXT_TYPES: Final = ("String", "AWS::SSM::Parameter::Value<String>")
_ANY_CHARACTER: Final = r"(?<!\\)(?:\\\\)*(?:\.|\[\^|\\[SWD])|[\"]|\\\\"
"""What a pattern has that may match a quotation mark, a backslash or a line break."""


def parameter_problems(template: Mapping[str, Any], machines: Sequence[SourceMachine]) -> Iterator[Problem]:
    """Yield what is wrong with parameters that definitions of a template take, in its order."""
    index = TemplateIndex(template)
    if not index.parameters:
        return
    for machine in machines:
        place = f"/Resources/{machine.name}/Properties"
        numeric: set[str] = set()
        for number in number_places(machine.document):
            name = ref_name(plain(number.value)) if isinstance(number.value, Unquoted) else None
            if name is None or name not in index.parameters or name in numeric:
                continue
            numeric.add(name)
            yield from _number_problems(name, mapping(index.parameters[name]), number.pointer)
        string = machine.properties.get("DefinitionString")
        for use in uses(string, f"{place}/DefinitionString"):
            parameter = mapping(index.parameters.get(use.name))
            if use.function == SUB and use.name not in numeric and _may_break_json(parameter):
                yield Problem(
                    UNESCAPED_PARAMETER,
                    use.pointer,
                    f"the value of the parameter {use.name!r} may hold a quotation mark, a backslash or a "
                    "line break, which break the JSON of the definition",
                    "give the parameter an AllowedPattern without them, or AllowedValues",
                    "warning",
                )


def _number_problems(name: str, parameter: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    if parameter.get("Type") == "Number":
        return
    allowed = parameter.get("AllowedValues")
    known = (
        allowed if isinstance(allowed, list) else [parameter[it] for it in ("Default",) if it in parameter]
    )
    wrong = [value for value in known if not _stands_unquoted(value)]
    if wrong or not known:
        value = f", and may be {wrong[0]!r}" if wrong else ""
        yield Problem(
            NOT_A_NUMBER,
            f"/Parameters/{name}",
            f"the parameter {name!r} is text{value}, and {pointer} takes a number or a truth",
            "give the parameter the type Number, or AllowedValues that are numbers",
            "error" if wrong else "warning",
        )


def _stands_unquoted(value: Any) -> bool:
    return re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false", str(value).lower()) is not None


def _may_break_json(parameter: Mapping[str, Any]) -> bool:
    if parameter.get("Type") not in _TEXT_TYPES:
        return False
    allowed, pattern = parameter.get("AllowedValues"), parameter.get("AllowedPattern")
    if isinstance(allowed, list):
        return any(mark in str(value) for value in allowed for mark in '"\\\n\r')
    return not isinstance(pattern, str) or re.search(_ANY_CHARACTER, pattern) is not None
