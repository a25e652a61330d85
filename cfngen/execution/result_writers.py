"""What becomes of the results of a distributed Map: its output, or objects in S3.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cfngen.asl.errors import RESULT_WRITER_FAILED
from cfngen.execution.failures import StateError
from cfngen.execution.json_values import Json, to_text
from cfngen.execution.payloads import jsonata_payload, payload_template
from cfngen.execution.scope import timestamp

if TYPE_CHECKING:
    from cfngen.execution.compiled_states import State
    from cfngen.execution.engine import Engine
    from cfngen.execution.map_runs import Child
    from cfngen.execution.scope import Scope

_INCLUDED: Final[Json] = {"Included": True}


class Writer:
    """Takes child executions as they end, and makes the Map's result of them.

    A child that failed, where that is tolerated, has no output: its place in the result is left out.
    """

    def __init__(
        self, engine: Engine, map_run_arn: str, config: Mapping[str, Any], target: Mapping[str, Any]
    ) -> None:
        self._engine = engine
        self._map_run_arn = map_run_arn
        self._bucket = target.get("Bucket")
        self._prefix = str(target.get("Prefix", "")).strip("/")
        is_stored = self._bucket is not None
        self._transformation = config.get("Transformation", "NONE" if is_stored else "COMPACT")
        self._is_lines = config.get("OutputType") == "JSONL"
        self._outputs: list[tuple[int, Json]] = []
        self._texts: dict[str, list[tuple[int, bytes]]] = {"SUCCEEDED": [], "FAILED": []}

    def add(self, child: Child) -> None:
        """Take a child execution that has ended."""
        is_failed = child.status != "SUCCEEDED"
        if self._bucket is not None and (is_failed or self._transformation == "NONE"):
            text = _encoded(_description(child))
            self._texts["FAILED" if is_failed else "SUCCEEDED"].append((child.place, text))
        elif not is_failed:
            is_described = self._transformation == "NONE"
            output: Json = json.loads(_description(child)) if is_described else child.output
            self._outputs.append((child.place, output))

    def result(self) -> Json:
        """Return the result, having written the objects. Raises ``StateError``."""
        outputs = [output for _, output in sorted(self._outputs, key=_place)]
        if self._transformation == "FLATTEN":
            outputs = [
                inner for output in outputs for inner in (output if isinstance(output, list) else [output])
            ]
        if self._bucket is None:
            return outputs
        if not isinstance(self._bucket, str) or not self._bucket:
            raise StateError(RESULT_WRITER_FAILED, "The bucket of the ResultWriter has no name")
        folder = "/".join(part for part in (self._prefix, self._map_run_arn.rpartition(":")[2]) if part)
        texts = {kind: [text for _, text in sorted(held, key=_place)] for kind, held in self._texts.items()}
        if self._transformation != "NONE":
            texts["SUCCEEDED"] = [_encoded(to_text(output)) for output in outputs]
        listed: dict[str, Json] = {}
        for kind in ("FAILED", "PENDING", "SUCCEEDED"):
            held = texts.get(kind, [])
            key = f"{folder}/{kind}_0.{'jsonl' if self._is_lines else 'json'}"
            listed[kind] = [self._put(key, held)] if held else []
        manifest: Json = {
            "DestinationBucket": self._bucket,
            "MapRunArn": self._map_run_arn,
            "ResultFiles": listed,
        }
        key = f"{folder}/manifest.json"
        self._engine.objects[self._bucket, key] = to_text(manifest).encode()
        return {"MapRunArn": self._map_run_arn, "ResultWriterDetails": {"Bucket": self._bucket, "Key": key}}

    def _put(self, key: str, texts: list[bytes]) -> Json:
        # joined once: the files of a Map over many items are large
        first, between, last = (b"", b"\n", b"") if self._is_lines else (b"[", b",", b"]")
        texts[0] = first + texts[0]
        texts[-1] += last
        body = between.join(texts)
        assert isinstance(self._bucket, str)
        self._engine.objects[self._bucket, key] = body
        return {"Key": key, "Size": len(body)}


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _place(entry: tuple[int, object]) -> int:
    return entry[0]


def _description(child: Child) -> str:
    """Return what the files of results tell of a child execution, as JSON text."""
    run = child.run
    sent = to_text(child.input)
    outcome: dict[str, Json]
    if child.status == "SUCCEEDED":
        output = sent if child.output is child.input else to_text(child.output)
        outcome = {"Output": output, "OutputDetails": _INCLUDED}
    else:
        outcome = {"Error": child.error, "Cause": child.cause}
    return to_text(
        {
            "ExecutionArn": run.arn,
            "Input": sent,
            "InputDetails": _INCLUDED,
            "Name": run.name,
            **outcome,
            "RedriveCount": run.redrive_count,
            "StartDate": timestamp(run.started),
            "StateMachineArn": run.machine_arn,
            "Status": child.status,
            "StopDate": timestamp(child.stopped),
        }
    )


def writer(engine: Engine, state: State, scope: Scope, map_run_arn: str) -> Writer:
    """Return what takes the results of a Map run, as its ResultWriter says."""
    document = state.document.get("ResultWriter")
    if not isinstance(document, Mapping):
        return Writer(engine, map_run_arn, {}, {})
    target: Json = {}
    if "Resource" in document:
        if state.is_jsonata:
            target = jsonata_payload(document.get("Arguments", {}), "ResultWriter/Arguments")(scope)
        else:
            target = payload_template(document.get("Parameters", {}))(scope)
    config = document.get("WriterConfig", {})
    return Writer(engine, map_run_arn, config, target if isinstance(target, dict) else {})
