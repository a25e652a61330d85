"""JSONata as Step Functions has it: jsonata-python, and the functions that Step Functions adds.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
"""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any, Final
from uuid import uuid4

_HASHES: Final = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}


def evaluate(expression: str) -> Any:
    """Return the value of an expression as JSON; raises what jsonata-python raises."""
    from jsonata import Jsonata

    compiled = Jsonata(expression)
    for name, function in _FUNCTIONS.items():
        compiled.register_lambda(name, function)
    return json.loads(json.dumps(compiled.evaluate(None), default=_json_value))


def _json_value(value: Any) -> Any:
    from jsonata import Utils

    if value is Utils.NULL_VALUE:
        return None
    raise TypeError(f"JSON has no {type(value).__name__}")


def _partition(items: list[Any], size: float) -> list[list[Any]]:
    step = int(size)
    return [items[start : start + step] for start in range(0, len(items), step)]


def _range(first: float, last: float, step: float) -> list[int]:
    by = int(step)
    return list(range(int(first), int(last) + (1 if by > 0 else -1), by))


def _hash(text: str, algorithm: str) -> str:
    return hashlib.new(_HASHES[algorithm], text.encode()).hexdigest()


def _random(seed: float | None = None) -> float:
    return random.Random(seed).random() if seed is not None else random.random()


def _parse(text: str) -> Any:
    return json.loads(text)


_FUNCTIONS: Final = {
    "partition": _partition,
    "range": _range,
    "hash": _hash,
    "random": _random,
    "uuid": lambda: str(uuid4()),
    "parse": _parse,
}
