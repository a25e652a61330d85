"""What people deploy: frozen values whose fields are options, and whose ``template()`` is a template."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfngen.core.lazy import lazy_names

if TYPE_CHECKING:
    from cfngen.stacks.options import StackError
    from cfngen.stacks.samples.batch_job_notification import BatchJobNotification
    from cfngen.stacks.state_machine import StateMachine

__all__ = ["BatchJobNotification", "StackError", "StateMachine"]

__getattr__: Callable[[str], object] = lazy_names(
    __name__,
    {
        "cfngen.stacks.options": ("StackError",),
        "cfngen.stacks.samples.batch_job_notification": ("BatchJobNotification",),
        "cfngen.stacks.state_machine": ("StateMachine",),
    },
)


def __dir__() -> list[str]:
    return sorted((*globals(), *__all__))
