"""The samples by whether a call in them has ``resources``, which no definition tells."""

from __future__ import annotations

from cfngen.inputs.targets import load, machine_of
from cfngen.stacks.samples.catalog import SAMPLES, Sample


def _is_hinted(sample: Sample) -> bool:
    walked = machine_of(load(sample.slug)).workflow.linked.walk()
    return any(getattr(node.state, "resources", None) for node, _ in walked)


HINTED = [sample for sample in SAMPLES if _is_hinted(sample)]
TOLD = [sample for sample in SAMPLES if sample not in HINTED]
"""Those whose policy their definition tells whole."""
