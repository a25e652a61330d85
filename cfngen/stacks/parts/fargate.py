"""The sizes of a job on Fargate.

https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html
"""

from __future__ import annotations

from typing import Final

SIZES: Final[dict[float, tuple[int, ...]]] = {
    0.25: (512, 1024, 2048),
    0.5: tuple(range(1024, 4096 + 1, 1024)),
    1: tuple(range(2048, 8192 + 1, 1024)),
    2: tuple(range(4096, 16384 + 1, 1024)),
    4: tuple(range(8192, 30720 + 1, 1024)),
    8: tuple(range(16384, 61440 + 1, 4096)),
    16: tuple(range(32768, 122880 + 1, 8192)),
    32: (61440, 122880, 249856),
}
"""The MiB of memory that can be had with so many vCPUs."""


def memories(vcpus: float) -> str:
    """Say in words what memory there is for so many vCPUs."""
    sizes = SIZES[vcpus]
    if len(sizes) <= 3:
        return f"{', '.join(map(str, sizes[:-1]))} or {sizes[-1]} MiB"
    return f"{sizes[0]} to {sizes[-1]} MiB in steps of {sizes[1] - sizes[0]}"
