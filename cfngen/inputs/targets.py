"""What a command works on: a sample, or a stack, workflow or template in the user's own Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from troposphere import Template

from cfngen.core.declared import did_you_mean
from cfngen.core.problems import ProblemsError
from cfngen.inputs.errors import TargetError
from cfngen.stacks.options import parse_options
from cfngen.stacks.samples import catalog as samples
from cfngen.stacks.state_machine import Stack, StateMachine
from cfngen.workflow import Workflow

if TYPE_CHECKING:
    from cfngen.documents.source import Source
    from cfngen.machines import SourceMachine

_KINDS: Final = (Stack, Template, Workflow)


def load(target: str, settings: Iterable[tuple[str, str]] = ()) -> Any:
    """Return the stack, workflow or template that ``target`` names.

    It is a sample's slug, ``package.module:attribute``, or ``path/file.py[:attribute]``; the attribute may
    be a function without arguments. ``settings`` are options of a stack, as text.

    Raises ``TargetError``, and ``StackError`` for options that are not valid.
    """
    if sample := samples.find(target):
        return _set(_imported_target(sample.stack), (*sample.settings.items(), *settings))
    return _set(_result_of(_imported_target(target), target), tuple(settings))


def template_of(target: Any) -> Template:
    """Return the template of a stack, of a workflow (alone in a stack), or the template itself."""
    if isinstance(target, Workflow):
        target = StateMachine(target)
    return target.template() if isinstance(target, Stack) else target


def machine_of(target: Any) -> StateMachine:
    """Return the state machine of a stack or of a workflow. Raises ``TargetError`` for a template."""
    if isinstance(target, Workflow):
        return StateMachine(target)
    if isinstance(target, Stack):
        return target.machine()
    raise TargetError("a template holds no workflow: its machines are read from what it is written as")


def is_target(name: str) -> bool:
    """Tell the name of something in Python from that of another file or of a folder."""
    if name.endswith(".py"):
        return True
    return not os.path.exists(name) and (":" in name or samples.find(name) is not None)


def source_of(target: Any, name: str) -> Source:
    """Return the template of a target as a file of that name would hold it. Raises ``TargetError``."""
    from cfngen.documents.source import parse as parse_text
    from cfngen.template import to_yaml

    try:
        return parse_text(to_yaml(template_of(target)), name)
    except (AttributeError, TypeError, ValueError) as error:
        raise TargetError(f"{name} cannot be rendered: {error}") from None


def machines_in(target: Any, name: str) -> list[SourceMachine]:
    """Return the machines of the template of a target; none has a place, since there is no file.

    Raises ``TargetError``.
    """
    from cfngen.inputs.machines import machines_of

    machines, unreadable = machines_of(source_of(target, name))
    if unreadable:
        raise TargetError(str(unreadable[0].error))
    return [replace(machine, places=_nowhere) for machine in machines]


def only_machine(target: Any, name: str) -> SourceMachine:
    """Return the one machine of the template of a target. Raises ``TargetError``."""
    machines = machines_in(target, name)
    if len(machines) != 1:
        names = ", ".join(machine.name for machine in machines)
        raise TargetError(f"{name} has {names or 'no state machine'}: this takes a template with one")
    return machines[0]


def _nowhere(pointer: str) -> None:
    return None


def _imported_target(target: str) -> Any:
    place, _, attribute = target.rpartition(":")
    if target.endswith(".py") or not place or (len(place) == 1 and "\\" in attribute):
        place, attribute = target, ""
    if place.endswith(".py"):
        return _module_attribute(_file(place), attribute, place)
    if not attribute:
        from cfngen.documents.source import ENDINGS

        if target.endswith(ENDINGS) or os.sep in target:
            raise TargetError(_no_python(target))
        known = [sample.slug for sample in samples.SAMPLES]
        raise TargetError(
            f"{target!r} is not a sample; {did_you_mean(target, known) or 'cfngen samples lists them'}\n"
            "of your own, name package.module:attribute or path/file.py[:attribute]"
        )
    return _module_attribute(_module(place), attribute, place)


def _no_python(path: str) -> str:
    if not os.path.exists(path):
        return f"there is no file {path!r}"
    return f"{path!r} is not Python; 'cfngen import' writes a definition or a template as Python"


def _module(name: str) -> ModuleType:
    _importable(os.getcwd())
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise TargetError(
                f"there is no module {error.name!r} in this folder, and none is installed"
            ) from None
        raise TargetError(_own_error(f"importing {name}", error)) from None
    except (Exception, SystemExit) as error:
        raise TargetError(_own_error(f"importing {name}", error)) from None


def _file(path: str) -> ModuleType:
    from importlib.util import module_from_spec, spec_from_file_location

    if not os.path.isfile(path):
        raise TargetError(f"there is no file {path!r}")
    name = "__target__"  # not the file's own, which may be that of a module that others import
    spec = spec_from_file_location(name, path)
    assert spec is not None  # the name ends in .py
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    _importable(os.path.dirname(os.path.abspath(path)))
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise TargetError(_own_error(f"importing {path}", error)) from None
    return module


def _importable(folder: str) -> None:
    if folder not in sys.path:
        sys.path.insert(0, folder)


def _module_attribute(module: ModuleType, name: str, place: str) -> Any:
    if not name:
        return _only(module, place)
    value: Any = module
    for step in name.split("."):
        if not hasattr(value, step):
            known = [known for known in vars(value) if not known.startswith("_")]
            raise TargetError(
                f"{place} has no {step!r}; {did_you_mean(step, known) or _candidates(module)}"
            )
        value = getattr(value, step)
    return value


def _only(module: ModuleType, place: str) -> Any:
    """Return the one template of a file, else its one stack, else its one workflow.

    A template holds what its author has added to the stack, and a stack what is around the workflow.
    """
    for kind in (Template, Stack, Workflow):
        names = _names_of_kind(module, kind)
        if len({id(getattr(module, name)) for name in names}) == 1:
            return getattr(module, names[0])
        if names:
            listed = ", ".join(f"{place}:{name}" for name in names)
            raise TargetError(f"{place} has several of a kind: name one of {listed}")
    raise TargetError(f"{place} has no stack, template or workflow: name a function, {place}:function")


def _names_of_kind(module: ModuleType, kind: type | tuple[type, ...]) -> list[str]:
    return [name for name, value in vars(module).items() if isinstance(value, kind) and name[0] != "_"]


def _candidates(module: ModuleType) -> str:
    names = _names_of_kind(module, _KINDS)
    return f"it has {', '.join(names)}" if names else "it has no stack, template or workflow"


def _result_of(value: Any, target: str) -> Any:
    if callable(value) and not isinstance(value, type):
        if _has_required_parameters(value):
            raise TargetError(f"{target} takes arguments: cfngen calls only functions without arguments")
        try:
            value = value()
        except (Exception, SystemExit) as error:
            raise TargetError(_own_error(f"calling {target}", error)) from None
    if isinstance(value, _KINDS) or (isinstance(value, type) and issubclass(value, Stack)):
        return value
    raise TargetError(f"{target} is {value!r:.80}, which is not a stack, a template or a workflow")


def _has_required_parameters(function: Callable[..., Any]) -> bool:
    from inspect import Parameter, signature

    return any(
        parameter.default is Parameter.empty
        and parameter.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
        for parameter in signature(function).parameters.values()
    )


def _set(target: Any, settings: Iterable[tuple[str, str]]) -> Any:
    settings = tuple(settings)
    if not settings and not isinstance(target, type):
        return target
    if isinstance(target, type):
        try:
            return target(**parse_options(target, settings))
        except TypeError as error:
            raise TargetError(f"{target.__name__} cannot be made from options alone: {error}") from None
    if isinstance(target, Stack):
        return replace(target, **parse_options(type(target), settings))
    raise TargetError("only a stack has options to set")


def _own_error(doing: str, error: BaseException) -> str:
    """Return the user's own error as Python prints it, without the frames that are not theirs."""
    import traceback

    frames = error.__traceback__
    while frames is not None and (
        frames.tb_frame.f_code.co_filename in (__file__,)
        or frames.tb_frame.f_code.co_filename.startswith("<frozen importlib")
        or "/importlib/" in frames.tb_frame.f_code.co_filename
    ):
        frames = frames.tb_next
    if isinstance(error, ProblemsError):  # which say where they are themselves
        text = str(error)
    else:
        text = "".join(traceback.format_exception(type(error), error, frames)).rstrip()
    return f"{doing} failed:\n{text}"
