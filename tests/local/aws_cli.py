"""The AWS CLI as its users run it, in forks of one process that has its imports behind it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

_FORKING = get_context("forkserver")
_FORKING.set_forkserver_preload(["awscli.clidriver", "awscli.handlers"])


def call(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> Any:
    """Return what a command prints, read as JSON where it is; one that fails is an error."""
    out, err = folder / "out", folder / "err"
    process = _FORKING.Process(target=_run, args=(arguments, environment, out, err))
    process.start()
    process.join()
    assert process.exitcode == 0, err.read_text(encoding="utf-8")
    printed = out.read_text(encoding="utf-8")
    return json.loads(printed) if printed.lstrip().startswith(("{", "[")) else printed


def _run(arguments: Sequence[str], environment: Mapping[str, str], out: Path, err: Path) -> None:
    models = os.environ["AWS_DATA_PATH"]  # which importing awscli has set
    os.environ.clear()
    os.environ.update(environment, AWS_DATA_PATH=models)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.exit(import_module("awscli.clidriver").create_clidriver().main(arguments))
