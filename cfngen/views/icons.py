"""The icons of the types of states, and the badges of their outcomes, as the paths of an SVG."""

from __future__ import annotations

from typing import Final

from cfngen.views.picture import MISSING

ICONS: Final = {
    "Task": "M2 2h12v12H2zM6.5 5.500l3.500 2.500-3.500 2.500z",
    "Pass": "M1 8h13M10 4l4 4-4 4",
    "Wait": "M8 1a7 7 0 1 0 .01 0zM8 4v4l3 2",
    "Choice": "M8 1l7 7-7 7-7-7zM8 5v3M8 10.5v.5",
    "Parallel": "M8 1v3M3 15V7h10v8M8 4v3M1 13l2 2 2-2M11 13l2 2 2-2",
    "Map": "M2 3h3v3H2zM2 10h3v3H2zM8 4.5h7M8 11.5h7",
    "Succeed": "M8 1a7 7 0 1 0 .01 0zM5 8l2 2 4-4",
    "Fail": "M8 1a7 7 0 1 0 .01 0zM5.5 5.5l5 5M10.500 5.500l-5 5",
    MISSING: "M8 1l7 13H1zM8 6v4M8 11.500v.5",
    "": "M8 1a7 7 0 1 0 .01 0zM6 6a2 2 0 1 1 2 2.500v1M8 11.500v.5",
}
"""By the type of a state, 16 by 16; an unknown type has the last one."""

BADGES: Final = {
    "succeeded": "M-4 0l3 3 5-6",
    "retried": "M3.500-3a4.500 4.500 0 1 0 1 3M4-5v2.500H1.500",
    "caught": "M0-4v4.500M0 4v.1",
    "failed": "M-3-3l6 6M3-3l-6 6",
    "timed-out": "M0-4v4l3 2",
    "aborted": "M-3-3h6v6h-6z",
    "running": "M-2.500-4l5.500 4-5.500 4z",
    "added": "M-4 0h8M0-4v8",
    "removed": "M-4 0h8",
    "changed": "M-4 1.500q2-4 4-1.500t4-1.500",
    "unknown": "M-1.500-2.500a1.800 1.800 0 1 1 1.500 3v.5M0 4v.1",
}
"""By the outcome of a state, or what a change does to it, around the point 0 0."""
