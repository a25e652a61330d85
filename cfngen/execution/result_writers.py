"""What becomes of the results of a distributed Map: its output, or objects in S3.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Container, Iterable, Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from cfngen.asl.errors import RESULT_WRITER_FAILED
from cfngen.execution.bindings import context_timestamp
from cfngen.execution.failures import StateError
from cfngen.execution.json_values import Json, encoded, to_text
from cfngen.execution.payloads import jsonata_payload, payload_template

if TYPE_CHECKING:
    from cfngen.execution.bindings import Bindings
    from cfngen.execution.compiled_states import CompiledState
    from cfngen.execution.engine import Engine
    from cfngen.execution.map_runs import Child

_INCLUDED: Final[Json] = {"Included": True}
_SUCCEEDED: Final = "Execution is SUCCEEDED and cannot be redriven"


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
        self._outputs: list[Json] = []
        self._files: dict[str, _File] = {}
        self._early: dict[int, tuple[str, list[Any]]] = {}  # children that an earlier one is awaited for
        self._sizes = array("q")  # by place how many outputs were written, or bytes; below 0 of failures

    def add(self, child: Child) -> None:
        """Take a child execution that has ended: what is written of it, in the order of the items."""
        kind = "SUCCEEDED" if child.status == "SUCCEEDED" else "FAILED"
        self._early[child.place] = kind, list(self._results_of(child))
        self._write()

    def _write(self) -> None:
        while (place := len(self._sizes)) in self._early:
            kind, results = self._early.pop(place)
            size = len(results)
            if self._bucket is None:
                self._outputs += results
            elif results:
                size = self._files.setdefault(kind, _File(self._is_lines)).add(results)
            self._sizes.append(-size if kind == "FAILED" else size)

    def take_over(self, earlier: Writer, unfinished: Container[int]) -> None:
        """Take what a Map run had before it failed, of all places but those that are run again."""
        outputs = iter(earlier._outputs)
        file = earlier._files.get("SUCCEEDED")
        parts = file.parts(size for size in earlier._sizes if size > 0) if file else iter(())
        for place, size in enumerate(earlier._sizes):
            if self._bucket is None:
                results: list[Any] = list(islice(outputs, abs(size)))
            else:
                results = [next(parts)] if size > 0 else []
            if place not in unfinished:
                self._early[place] = "SUCCEEDED", results
        self._early |= {place: entry for place, entry in earlier._early.items() if place not in unfinished}
        self._write()

    def _results_of(self, child: Child) -> Iterator[Any]:
        """Yield what the result says of a child execution: values, or texts for a file."""
        is_failed, is_stored = child.status != "SUCCEEDED", self._bucket is not None
        if is_failed and not is_stored:
            return
        if is_failed or self._transformation == "NONE":
            text = _description(child)
            yield encoded(text) if is_stored else json.loads(text)
            return
        is_flat = self._transformation == "FLATTEN"
        for output in child.output if is_flat and isinstance(child.output, list) else [child.output]:
            yield encoded(to_text(output)) if is_stored else output

    def result(self) -> Json:
        """Return the result, having written the objects. Raises ``StateError`` where there is no bucket."""
        if self._bucket is None:
            return self._outputs
        folder = "/".join(part for part in (self._prefix, self._map_run_arn.rpartition(":")[2]) if part)
        listed: dict[str, Json] = {}
        for kind in ("FAILED", "PENDING", "SUCCEEDED"):
            listed[kind] = []
            if file := self._files.get(kind):  # which a redrive takes over where it cannot be written
                key = f"{folder}/{kind}_0.{'jsonl' if self._is_lines else 'json'}"
                listed[kind] = [{"Key": key, "Size": self._put(key, file.body())}]
        manifest: Json = {
            "DestinationBucket": self._bucket,
            "MapRunArn": self._map_run_arn,
            "ResultFiles": listed,
        }
        key = f"{folder}/manifest.json"
        self._put(key, encoded(to_text(manifest)))
        return {"MapRunArn": self._map_run_arn, "ResultWriterDetails": {"Bucket": self._bucket, "Key": key}}

    def _put(self, key: str, body: bytes) -> int:
        assert isinstance(self._bucket, str)
        try:
            self._engine.objects[self._bucket, key] = body
        except KeyError:
            cause = f"The bucket of the ResultWriter does not exist: {self._bucket}"
            raise StateError(RESULT_WRITER_FAILED, cause) from None
        return len(body)


class _File:
    """A file of results, written as they come: those of a Map over many items are large."""

    def __init__(self, is_lines: bool) -> None:
        self._body = BytesIO()
        self._between = b"\n" if is_lines else b","
        self._is_lines = is_lines

    def add(self, texts: list[bytes]) -> int:
        """Write some texts, of which none is empty; return their size together."""
        first = b"" if self._is_lines else b"["
        self._body.write(self._between if self._body.tell() else first)
        return self._body.write(self._between.join(texts))

    def parts(self, sizes: Iterable[int]) -> Iterator[bytes]:
        """Yield what was added together, by its sizes."""
        start = 0 if self._is_lines else 1
        for size in sizes:
            yield bytes(self._body.getbuffer()[start : start + size])
            start += size + len(self._between)

    def body(self) -> bytes:
        """Return all of it, having ended it."""
        self._body.write(b"" if self._is_lines else b"]")
        return self._body.getvalue()


def _description(child: Child) -> str:
    """Return what the files of results tell of a child execution, as JSON text."""
    run = child.run
    sent = to_text(child.input)
    outcome: dict[str, Json]
    redrive: dict[str, Json]
    if child.status == "SUCCEEDED":
        output = sent if child.output is child.input else to_text(child.output)
        outcome = {"Output": output, "OutputDetails": _INCLUDED}
        redrive = {"RedriveStatus": "NOT_REDRIVABLE", "RedriveStatusReason": _SUCCEEDED}
    else:
        outcome, redrive = {"Error": child.error, "Cause": child.cause}, {}
    return to_text(
        {
            "ExecutionArn": run.arn,
            "Input": sent,
            "InputDetails": _INCLUDED,
            "Name": run.name,
            **outcome,
            "RedriveCount": run.redrive_count,
            **redrive,
            "StartDate": context_timestamp(run.started),
            "StateMachineArn": run.machine_arn,
            "Status": child.status,
            "StopDate": context_timestamp(child.stopped),
        }
    )


def writer(engine: Engine, state: CompiledState, bindings: Bindings, map_run_arn: str) -> Writer:
    """Return what takes the results of a Map run, as its ResultWriter says.

    Raises ``StateError`` for a bucket without a name: no child begins then, says AWS's page on redrives.
    """
    document = state.document.get("ResultWriter")
    if not isinstance(document, Mapping):
        return Writer(engine, map_run_arn, {}, {})
    target: Json = {}
    if "Resource" in document:
        if state.is_jsonata:
            target = jsonata_payload(document.get("Arguments", {}), "ResultWriter/Arguments")(bindings)
        else:
            target = payload_template(document.get("Parameters", {}))(bindings)
    config = document.get("WriterConfig")
    config = config if isinstance(config, Mapping) else {}
    target = target if isinstance(target, dict) else {}
    bucket = target.get("Bucket")
    if bucket is not None and not (isinstance(bucket, str) and bucket):
        raise StateError(RESULT_WRITER_FAILED, "The bucket of the ResultWriter has no name")
    return Writer(engine, map_run_arn, config, target)
