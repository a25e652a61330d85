"""What people deploy: frozen values whose fields are options, and whose ``template()`` is a template."""

from __future__ import annotations

from cfngen.stacks.options import StackError
from cfngen.stacks.samples.batch_job_notification import BatchJobNotification
from cfngen.stacks.state_machine import StateMachine

__all__ = ["BatchJobNotification", "StackError", "StateMachine"]
