"""A patch of moto: one class, which says, finds and mends one defect."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, NamedTuple

from moto.cloudformation.models import Stack, cloudformation_backends

ACCOUNT: Final = "000000000000"
"""An account that users of the emulator do not see."""

REGION: Final = "eu-west-1"


class Patch:
    """A defect of moto; a subclass in a module of this package is all that a patch takes.

    ``name`` is an identifier in words joined by hyphens, such as ``order-of-deletion``; ``defect`` is the
    sentence that users read, without a full stop. A version has the defect where a stack with ``resources``
    cannot be created, or where ``output`` is not ``expected`` in it. What ``replaces`` marks mends it.
    """

    name: ClassVar[str]
    defect: ClassVar[str]
    resources: ClassVar[Mapping[str, Any]] = {}
    output: ClassVar[Any] = "created"
    expected: ClassVar[str] = "created"

    @classmethod
    def probe(cls) -> bool:
        """Return whether the installed version has the defect."""
        template = {"Resources": cls.resources, "Outputs": {"Output": {"Value": cls.output}}}
        try:
            outputs = create_probe_stack(template).outputs or []
        except Exception:
            return True
        return [output["OutputValue"] for output in outputs] != [cls.expected]

    @classmethod
    def apply(cls) -> None:
        """Replace what is wrong in moto's modules and classes."""
        for member in vars(cls).values():
            if isinstance(member, Replacement):
                member.apply()


class Replacement(NamedTuple):
    """A function that stands for ``owner.name``, and is given what it replaces before all arguments."""

    owner: Any
    name: str
    function: Callable[..., Any]

    def apply(self) -> None:
        """Put the function in its place."""
        original = getattr(self.owner, self.name)

        def replacement(*args: Any, **kwargs: Any) -> Any:
            return self.function(original, *args, **kwargs)

        is_method = inspect.isfunction(inspect.getattr_static(self.owner, self.name))
        setattr(self.owner, self.name, replacement if is_method else staticmethod(replacement))


def replaces(owner: Any, name: str) -> Callable[[Callable[..., Any]], Replacement]:
    """Let a function of a patch stand for a function or method of moto."""
    return lambda function: Replacement(owner, name, function)


def create_probe_stack(template: Mapping[str, Any]) -> Stack:
    """Create a stack named ``probe``, and forget it."""
    backend = cloudformation_backends[ACCOUNT][REGION]
    try:
        return backend.create_stack("probe", json.dumps(template), {})
    finally:
        backend.stacks.clear()
