"""What a distributed Map reads its items from: objects in S3, listed or read.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from cfngen.asl.errors import ITEM_READER_FAILED
from cfngen.execution.failures import ExecutionError, StateError
from cfngen.execution.items import MapItems
from cfngen.execution.json_values import Json, is_number, parse_json, to_text
from cfngen.execution.payloads import jsonata_payload, number_field, payload_template

if TYPE_CHECKING:
    from cfngen.execution.bindings import Bindings
    from cfngen.execution.compiled_states import CompiledState
    from cfngen.execution.engine import Engine

SourcedValues: TypeAlias = "Iterator[tuple[str, Any]]"
"""What is read, by the bucket and key that it is read from: values, or an object."""

MAX_ITEMS: Final = 100_000_000
MAX_ITEM: Final = 8 * 1024 * 1024
"""Bytes of an item that is read."""

_DELIMITERS: Final = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}
_NOT_ITERABLE: Final = "Attempting to map over non-iterable node."
_LIST: Final = "listObjectsV2"


def read_items(engine: Engine, state: CompiledState, bindings: Bindings) -> MapItems:
    """Return the items that the state's ItemReader reads.

    Raises ``StateError`` with ``States.ItemReaderFailed``, and ``ExecutionError`` for Parquet and zstd
    without pyarrow.
    """
    reader: Mapping[str, Any] = state.document["ItemReader"]
    config: Any = reader.get("ReaderConfig")
    config = config if isinstance(config, Mapping) else {}
    arguments = _reader_arguments(state, reader, bindings)
    bucket, most = str(arguments.get("Bucket", "")), _max_items(state, config, bindings)
    if str(reader.get("Resource", "")).endswith(_LIST):
        parts = _listed_objects(engine, bucket, str(arguments.get("Prefix", "")), config)
    else:
        parts = _read_object(engine, bucket, str(arguments.get("Key", "")), config)
    keys: list[str] | None = None
    values_read: list[Any] = []
    sources: list[tuple[str, int]] = []
    for source, values in parts:
        before = len(values_read)
        if isinstance(values, dict):
            keys, values = list(values)[:most], values.values()
        values_read += values if most is None else islice(values, most - before)
        sources.append((f"S3://{source}", len(values_read) - before))
    return MapItems(values_read, keys, sources, is_own=True)


def _reader_arguments(
    state: CompiledState, reader: Mapping[str, Any], bindings: Bindings
) -> Mapping[str, Any]:
    if state.is_jsonata:
        arguments = jsonata_payload(reader.get("Arguments", {}), "ItemReader/Arguments")(bindings)
    else:
        arguments = payload_template(reader.get("Parameters", {}))(bindings)
    return arguments if isinstance(arguments, dict) else {}


def _max_items(state: CompiledState, config: Mapping[str, Any], bindings: Bindings) -> int | None:
    """Return how many items are read at most; 0 stands for all of them (recorded)."""
    value = number_field(config, "MaxItems", "ItemReader/ReaderConfig", bindings, state.is_jsonata)
    if value is None:
        return None
    if not is_number(value):
        raise _failure(f"field MaxItems must be a number, not {to_text(value)}")
    if value < 0:
        raise _failure("field MaxItems must be positive")
    return min(int(value), MAX_ITEMS) or None


def _object_body(engine: Engine, bucket: str, key: str) -> bytes:
    body = engine.objects.get((bucket, key))
    if body is None:
        raise _failure(f"The specified key does not exist: s3://{bucket}/{key}")
    if key.endswith((".zst", ".zstd")):
        pyarrow = _pyarrow("zstd")
        try:
            body = pyarrow.CompressedInputStream(pyarrow.BufferReader(body), "zstd").read()
        except (OSError, ValueError) as error:
            raise _failure(f"s3://{bucket}/{key} is not compressed by zstd: {error}") from None
    if key.endswith(".gz"):
        try:
            return gzip.decompress(body)
        except (OSError, EOFError, zlib.error) as error:
            raise _failure(f"s3://{bucket}/{key} is not compressed by gzip: {error}") from None
    return body


def _listed_objects(engine: Engine, bucket: str, prefix: str, config: Mapping[str, Any]) -> SourcedValues:
    keys = sorted(
        key for other_bucket, key in engine.objects if other_bucket == bucket and key.startswith(prefix)
    )
    if config.get("Transformation") == "LOAD_AND_FLATTEN":
        for key in keys:
            for source, values in _read_object(engine, bucket, key, config):
                is_object = isinstance(values, dict)
                yield source, [{"Key": k, "Value": v} for k, v in values.items()] if is_object else values
    else:
        yield bucket, _descriptions(engine, bucket, keys)


def _descriptions(engine: Engine, bucket: str, keys: list[str]) -> Iterator[Json]:
    from hashlib import md5

    for key in keys:
        body = engine.objects[bucket, key]
        tag = md5(body, usedforsecurity=False).hexdigest()
        yield {
            "Etag": f'"{tag}"',
            "Key": key,
            "LastModified": int(engine.loop.clock.now()),
            "Size": len(body),
            "StorageClass": "STANDARD",
        }


def _read_object(engine: Engine, bucket: str, key: str, config: Mapping[str, Any]) -> SourcedValues:
    body, manifest, kind = (
        _object_body(engine, bucket, key),
        config.get("ManifestType"),
        config.get("InputType"),
    )
    if manifest == "ATHENA_DATA":
        inner = {name: value for name, value in config.items() if name != "ManifestType"}
        for line in _decoded_text(body, key).splitlines():
            location = line.strip().strip('"')
            if location:
                bucket_name, _, name = location.removeprefix("s3://").partition("/")
                yield from _read_object(engine, bucket_name, name, inner)
    elif manifest == "S3_INVENTORY" or kind == "MANIFEST":
        yield from _inventory(engine, bucket, _decoded_text(body, key))
    else:
        yield f"{bucket}/{key}", _parsed_body(kind, key, body, config)


def _parsed_body(kind: object, key: str, body: bytes, config: Mapping[str, Any]) -> Any:
    if kind == "PARQUET":
        return _parquet(body)
    text = _decoded_text(body, key)
    if kind == "CSV":
        return _rows(text, config)
    return _json_lines(text) if kind == "JSONL" else _json_values(text, config)


def _decoded_text(body: bytes, key: str) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _failure(f"{key} is not UTF-8") from None


def _json_values(text: str, config: Mapping[str, Any]) -> Any:
    """Return the array or object of a file.

    AWS was recorded refusing an object in September 2023; its page takes one since, and others saw it.
    """
    try:
        value = parse_json(text)
    except (ValueError, RecursionError) as error:
        raise _failure(f"The file is no JSON: {error}") from None
    pointer = config.get("ItemsPointer")
    if isinstance(pointer, str):
        value = _value_at_pointer(value, pointer)
    if not isinstance(value, (list, dict)):
        raise _failure(_NOT_ITERABLE)
    return value


def _value_at_pointer(value: Json, pointer: str) -> Json:
    """Return what a JSON pointer leads to."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            raise _failure(f"ItemsPointer {pointer} leads to nothing")
    return value


def _json_lines(text: str) -> Iterator[Json]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield parse_json(line)
            except (ValueError, RecursionError) as error:
                raise _failure(f"Line {number} is no JSON: {error}") from None


def _rows(text: str, config: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    delimiter = _DELIMITERS.get(str(config.get("CSVDelimiter", "COMMA")), ",")
    if "\\" in text or '""' in text:
        text = _with_doubled_quotes(text, delimiter)
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ITEM))
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, escapechar="\\")
    try:
        if config.get("CSVHeaderLocation") == "GIVEN":
            headers = list(config.get("CSVHeaders", ()))
        else:
            headers = next(rows, [])
        if len(set(headers)) != len(headers):
            raise _failure("CSV headers cannot contain duplicates.")
        count = len(headers)
        for row in rows:
            if len(row) < count:
                if not row:
                    continue
                row += [""] * (count - len(row))
            yield dict(zip(headers, row, strict=False))
    except csv.Error as error:
        raise _failure(f"The file is no CSV: {error}") from None


def _with_doubled_quotes(text: str, delimiter: str) -> str:
    """Return rows as Python reads them, where AWS's page has rules of its own for fields without quotes.

    There too a quote is doubled, and a backslash that escapes nothing is dropped.
    """
    special = re.escape(delimiter)
    quoted = rf'(?:\A|(?<=[{special}\r\n]))"(?:[^"\\]|""|\\.)*"'
    tokens = rf'({quoted}|\\["\\{special}])|""|\\'
    return re.sub(
        tokens, lambda match: match[1] or match[0].replace('""', '\\"').rstrip("\\"), text, flags=re.DOTALL
    )


def _inventory(engine: Engine, bucket: str, text: str) -> SourcedValues:
    """Yield the rows of the files that an S3 inventory lists."""
    try:
        manifest = json.loads(text)
        headers = [name.strip() for name in str(manifest["fileSchema"]).split(",")]
        keys = [str(file["key"]) for file in manifest["files"]]
    except (ValueError, KeyError, TypeError) as error:
        raise _failure(f"The file is no manifest of an S3 inventory: {error!r}") from None
    for key in keys:
        rows = _decoded_text(_object_body(engine, bucket, key), key)
        yield f"{bucket}/{key}", _rows(rows, {"CSVHeaderLocation": "GIVEN", "CSVHeaders": headers})


def _parquet(body: bytes) -> Iterator[Any]:
    pyarrow = _pyarrow("Parquet")
    try:
        table = pyarrow.parquet.read_table(pyarrow.BufferReader(body))
    except Exception as error:
        raise _failure(f"The file is no Parquet: {error}") from None
    for row in table.to_pylist():
        try:
            yield parse_json(json.dumps(row, default=str))
        except ValueError as error:
            raise _failure(f"The file holds what JSON cannot: {error}") from None


def _pyarrow(what: str) -> Any:
    try:
        import pyarrow.parquet  # type: ignore[import-not-found]
    except ImportError:
        raise ExecutionError(
            f"{what} is read by pyarrow, which is not installed: pip install pyarrow"
        ) from None
    return pyarrow


def _failure(cause: str) -> StateError:
    failure = StateError(ITEM_READER_FAILED, cause)
    failure.is_placed = True
    return failure
