"""What an optimized integration takes: what the API does, with the differences of Step Functions."""

from __future__ import annotations

from cfngen.apis.differences import DIFFERENCES, WITHOUT_OPERATION
from cfngen.apis.integrations import MODELS
from cfngen.apis.models import load_model
from cfngen.apis.shapes import Shape


def shape_of(service: str, action: str) -> Shape | None:
    """Return the shape of the arguments, or None where no model has them.

    Raises ``MissingModelsError`` when botocore is not installed.
    """
    name = f"{service}:{action}"
    if name in WITHOUT_OPERATION:
        return WITHOUT_OPERATION[name]
    difference = DIFFERENCES.get(name)
    model = load_model((difference.model if difference else "") or MODELS.get(service, service))
    operation = difference.operation if difference else ""
    if model is None or not (operation := operation or model.actions.get(action, "")):
        return None
    try:
        shape = model.arguments(operation)
        return difference.applied(shape) if difference else shape
    except KeyError:  # botocore is older than the integration
        return None
