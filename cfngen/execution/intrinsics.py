"""Calls of intrinsic functions, evaluated: ``States.Format('{} done', $.name)``.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from cfngen.asl.errors import INTRINSIC_FAILURE
from cfngen.asl.intrinsics import HEAD, OTHER_LITERAL, PREFIX, TEXT
from cfngen.asl.intrinsics import parse_literal_call as check
from cfngen.asl.jsonpath import SyntaxFault, scan
from cfngen.execution.failures import RuntimeStateError, StateError
from cfngen.execution.intrinsic_functions import FUNCTIONS, IntrinsicCallError, Template
from cfngen.execution.json_values import Json, Missing
from cfngen.execution.jsonpath import CompiledPath, compile_path
from cfngen.execution.path_tokens import PathError

if TYPE_CHECKING:
    from cfngen.execution.bindings import Bindings, Evaluate


@lru_cache(maxsize=4096)
def compile_call(text: str) -> Evaluate:
    """Return a call to evaluate. Raises ``PathError`` for what is none."""
    fault = check(text)
    if isinstance(fault, SyntaxFault):
        raise PathError(f"{text!r} is no call of an intrinsic function: {fault}")
    evaluate, _ = _compile_inner_call(text, 0)

    def evaluated(bindings: Bindings) -> Json:
        try:
            return evaluate(bindings)
        except IntrinsicCallError as error:
            cause = f"The function '{text}' had the following error: {error}"
            raise StateError(INTRINSIC_FAILURE, cause) from None
        except PathError as error:
            raise RuntimeStateError(f"The function '{text}' had the following error: {error}") from None

    return evaluated


def _compile_inner_call(text: str, at: int) -> tuple[Evaluate, int]:
    head = HEAD.match(text, at)
    assert head  # it has been checked
    name, at = head[1], head.end() + 1
    arguments: list[Evaluate] = []
    while True:
        while text[at].isspace() or text[at] == ",":
            at += 1
        if text[at] == ")":
            break
        argument, at = _compile_argument(text, at)
        arguments.append(argument)
    function = FUNCTIONS[name]

    def evaluate(bindings: Bindings) -> Json:
        return function(bindings, [argument(bindings) for argument in arguments])

    return evaluate, at + 1


def _compile_argument(text: str, at: int) -> tuple[Evaluate, int]:
    if text.startswith("$", at):
        _, end = scan(text, at)
        return _evaluate_path(compile_path(text[at:end])), end
    if text.startswith(PREFIX, at):
        return _compile_inner_call(text, at)
    if literal := TEXT.match(text, at):
        constant: Json = Template(literal[1])
        return lambda bindings: constant, literal.end()
    other = OTHER_LITERAL.match(text, at)
    assert other
    value = json.loads(other.group())
    return lambda bindings: value, other.end()


def _evaluate_path(path: CompiledPath) -> Evaluate:
    def evaluate(bindings: Bindings) -> Json:
        value = bindings.find(path)
        if isinstance(value, Missing):
            raise PathError(
                f"The JsonPath argument for the field '{path.text}' could not be found in the input "
                f"'{bindings.shown(path)}'"
            )
        return value

    return evaluate
