"""What can be run, as a definition: a workflow, a stack, a mapping, JSON or YAML text, a file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, Final

from cfngen.execution.failures import ExecutionError, shown

_TAKES: Final = "a Workflow, a stack, a mapping, JSON or YAML text, or the path of a file"


def load_definition(definition: object) -> dict[str, Any]:
    """Return a definition as plain JSON. Raises ``ExecutionError``.

    Where a workflow refers to resources by intrinsic functions of CloudFormation, these stay as they are.
    """
    if isinstance(definition, type):
        definition = definition()
    if not isinstance(definition, (Mapping, str, os.PathLike)) and hasattr(definition, "machine"):
        definition = definition.machine().workflow
    if hasattr(definition, "to_asl"):
        definition = definition.to_asl()
    if isinstance(definition, (str, os.PathLike)):
        return _read_definition(definition)
    if not isinstance(definition, Mapping):
        raise ExecutionError(f"{shown(definition)} cannot be run: give {_TAKES}")
    if "Resources" in definition and "States" not in definition:
        raise ExecutionError("a template cannot be run: give the definition of one of its state machines")
    try:
        text = json.dumps(definition, default=_plain_value, allow_nan=False)
        copy: dict[str, Any] = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise ExecutionError(f"the definition is not JSON: {error}") from None
    return copy


def _read_definition(source: str | os.PathLike[str]) -> dict[str, Any]:
    from cfngen.documents.source import ReadError, parse, read_file

    is_text = isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{"))
    try:
        if is_text:
            return load_definition(parse(str(source), "the definition").data)
        name = os.fspath(source)
        if not os.path.isfile(name):
            raise ExecutionError(f"there is no file {name!r:.80} in {os.getcwd()}")
        return load_definition(parse(read_file(name), name).data)
    except ReadError as error:
        raise ExecutionError(str(error)) from None
    except OSError as error:
        raise ExecutionError(f"cannot read {source!r:.80}: {error.strerror}") from None


def _plain_value(value: object) -> object:
    """Return what stands for a value of a library, such as a ``Ref``."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no JSON")
