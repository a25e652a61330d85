"""Workflows of one task, as short as a table of cases wants them."""

from __future__ import annotations

from typing import Any

from cfngen.asl.graph import Graph
from cfngen.asl.link import link
from cfngen.asl.states import Task

ARN = "arn:aws:states:::"


def call(name: str, Parameters: Any = None) -> Graph:
    """Return the graph of one task, X, that calls an integration."""
    if Parameters is None:
        return link(Task("X", Resource=ARN + name))
    return link(Task("X", Resource=ARN + name, Parameters=Parameters))
