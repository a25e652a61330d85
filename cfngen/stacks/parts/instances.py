"""What the name of an EC2 instance type tells.

https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence

DEFAULTS = {
    ("X86_64", False): ("optimal",),
    ("ARM64", False): ("default_arm64",),
    ("X86_64", True): ("g4dn", "g5"),
    ("ARM64", True): ("default_arm64",),
}
"""The instance types for an architecture, without and with GPUs, when none are set."""


def architecture(instance_type: str) -> str:
    """Return the architecture of a type, a family or one of Batch's bundles."""
    if instance_type.startswith("default_"):
        return instance_type.removeprefix("default_").upper()
    return "ARM64" if re.match(r"a1\b|[a-z]+\d+g", instance_type) else "X86_64"


def has_gpus(instance_type: str) -> bool:
    """Tell whether a type or a family has GPUs that Batch gives to jobs: NVIDIA's, with an x86 processor.

    The image that Batch starts knows nothing older than g4dn and p4d.
    https://docs.aws.amazon.com/batch/latest/userguide/gpu-jobs.html
    """
    return bool(re.match(r"(p[4-9]|gr?[4-9])(?!ad|g)", instance_type))


def most_vcpus(instance_types: Sequence[str]) -> int | None:
    """Return the vCPUs of the largest type, or None where a family or a bundle leaves that open."""
    sizes = [_vcpus(instance_type) for instance_type in instance_types]
    return None if None in sizes else max(size for size in sizes if size is not None)


def _vcpus(instance_type: str) -> int | None:
    size = re.fullmatch(r"[\w-]+\.(?:(\d*)xlarge|large|medium|small|micro|nano)", instance_type)
    if not size:
        return None
    if instance_type.endswith("xlarge"):
        return 4 * int(size[1] or 1)
    return 2
