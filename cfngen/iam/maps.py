"""What a distributed map needs: child executions of the machine itself, a reader, a writer.

https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cfngen.asl.branches import Map
from cfngen.asl.resources import task_resource
from cfngen.asl.states import State
from cfngen.asl.values import OMIT, Jsonata, Path
from cfngen.cfn.resources import Integration
from cfngen.cfn.text import as_sub_text
from cfngen.iam.derivation import Derivation, GrantContext
from cfngen.iam.features import MANIFEST, MAP_RUN, READERS, WRITER
from cfngen.iam.granting import applies, derivation, unknown_call
from cfngen.tasks.grants import Grant, Scope

_NARROW = "write the bucket into the definition"


def of_map(state: State, location: str, scope: Scope, machine: str | None) -> Iterator[Derivation]:
    """Yield what a distributed map needs beside the states inside it, unmerged."""
    assert isinstance(state, Map)
    label = {} if state.Label is None else {"Label": state.Label}
    wanted: list[tuple[str, tuple[Grant, ...], Mapping[str, Any]]] = [("", MAP_RUN, label)]
    if (reader := state.ItemReader) is not None:
        config = reader.ReaderConfig
        reader_arguments = {**_given(reader), "ReaderConfig": _writer_config(config)}
        called = _called_action_name(reader.Resource)
        wanted.append((_passed("ItemReader", reader), READERS.get(called, ()), reader_arguments))
        if config is not None and (config.InputType == "MANIFEST" or config.ManifestType is not None):
            wanted.append((_passed("ItemReader", reader), (MANIFEST,), reader_arguments))
        if called not in READERS:
            yield unknown_call(f"{location}/ItemReader/Resource", called)
    if (writer := state.ResultWriter) is not None and writer.Resource is not None:
        wanted.append((_passed("ResultWriter", writer), (WRITER,), _given(writer)))
    for inside, grants, arguments in wanted:
        context = GrantContext(state.Name, f"{location}{inside}", arguments, machine, narrowing=_NARROW)
        for grant in grants:
            if applies(grant, context, scope):
                yield derivation(grant, context, scope)


def _passed(field: str, holder: Any) -> str:
    """Return where a reader or writer has what it passes."""
    return f"/{field}/{'Arguments' if holder.Parameters is OMIT else 'Parameters'}"


def _given(holder: Any) -> Mapping[str, Any]:
    """Return what is passed to a reader or writer; a payload that is one path leaves all to run time."""
    payload = holder.Parameters if holder.Parameters is not OMIT else holder.Arguments
    if isinstance(payload, (Path, Jsonata)):
        return {"Bucket": payload, "Key": payload, "Prefix": payload}
    return payload if isinstance(payload, Mapping) else {}


def _writer_config(config: Any) -> Mapping[str, Any]:
    transformation = None if config is None else config.Transformation
    return {} if transformation is None else {"Transformation": transformation}


def _called_action_name(resource: Any) -> str:
    called = task_resource(resource)
    return called.name if isinstance(called, Integration) else str(as_sub_text(resource))
