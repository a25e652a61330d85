"""An emulator of AWS in its own process: moto's server on loopback, at a free port."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, Any, Final

from cfngen.aws.clients import CREDENTIALS, Clients
from cfngen.aws.errors import UNUSABLE, ServiceError
from cfngen.core.installation import install_command
from cfngen.local.time_scale import TimeScale

if TYPE_CHECKING:
    from cfngen.local.mocks import MockConfig, Responses
    from cfngen.local.services import Services

REGION: Final = "us-east-1"
ACCOUNT: Final = "123456789012"
"""The account of moto's server."""

_MAX_RESPONSE_SECONDS: Final = 60.0
_CREDENTIALS: Final = {name.upper(): value for name, value in CREDENTIALS.items()}


class EmulatorError(ServiceError):
    """The emulator cannot start, or has ended; the message is for the user."""


@contextmanager
def emulator(
    *, time_scale: TimeScale | None = None, region: str = REGION, pace: TimeScale | None = None
) -> Iterator[Running]:
    """Start the emulator, and end it at the end of the block, also after an error.

    It listens on 127.0.0.1 at a free port, so that several can run at once. The process starts in the
    background: the first use of ``url``, ``client`` and so on waits until it is ready. ``pace`` is the
    former name of ``time_scale``. Raises ``EmulatorError``, here and at the first use.
    """
    if pace is not None:
        warnings.warn("pace= is time_scale= now", DeprecationWarning, stacklevel=3)
    with Running(time_scale or pace or TimeScale(), region) as running:
        yield running


class Running:
    """A running emulator, as ``emulator`` yields it."""

    def __init__(self, time_scale: TimeScale, region: str = REGION) -> None:
        """Start the process."""
        modules = ("moto", "flask", "flask_cors", "botocore")
        if needed := ", ".join(name for name in modules if find_spec(name) is None):
            raise EmulatorError(f"the emulator needs {needed}: {install_command('local')}", UNUSABLE)
        self.time_scale = time_scale
        self.region = region
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed by stop()
        self._clients: Clients | None = None
        self._port = 0
        self._ready_message: dict[str, Any] = {}
        self._lock = threading.RLock()
        # JSON has no infinity
        settings = [time_scale.speedup, min(time_scale.max_wait_seconds, 1e9), region]
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-c", _program(json.dumps(settings))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                env=environment(),
                encoding="utf-8",
                # only this process gets Ctrl-C; it then closes the pipe, which ends the child
                start_new_session=True,
            )
        except BaseException as error:
            self._log.close()
            if isinstance(error, OSError):
                raise EmulatorError(f"the emulator cannot start: {error}") from error
            raise

    def __enter__(self) -> Running:
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the process."""
        self.stop()

    @property
    def url(self) -> str:
        """The address for ``--endpoint-url`` of the AWS CLI."""
        self._ready()
        return self._address

    @property
    def version(self) -> str:
        """The version of moto."""
        return str(self._ready()["moto"])

    @property
    def patches(self) -> Mapping[str, str]:
        """The defects of this version that are patched: a sentence by name."""
        return dict(self._ready()["patches"])

    @property
    def failed_patches(self) -> Mapping[str, str]:
        """The patches whose probe or change failed: the error by name."""
        return dict(self._ready()["failed"])

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that uses the emulator, such as the AWS CLI."""
        return environment() | self.variables

    @property
    def variables(self) -> dict[str, str]:
        """The variables that the AWS CLI and the SDKs read to use the emulator."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": self.region,
            **_CREDENTIALS,
        }

    def client(self, service: str, **settings: Any) -> Any:
        """Return a client of botocore; it reads neither the user's configuration nor the environment.

        ``settings`` are those of ``botocore.config.Config``.
        """
        with self._lock:
            if self._clients is None:
                # clients are created while the process still starts; their first call waits for it
                self._clients = Clients(self._address, self.region, self._ready)
            return self._clients.client(service, **settings)

    @property
    def services(self) -> Services:
        """What calls services for tasks of executions that run in this process."""
        from cfngen.local.services import Services

        return Services(self.client, self._call)

    def mock(self, machine: str, case: str, responses: Responses) -> None:
        """Mock tasks with ``responses`` in executions of ``machine`` that name the ``case``.

        ``machine`` is a name or an ARN; ``start_execution`` names the case behind a hash, as for Step
        Functions Local: ``stateMachineArn=f"{arn}#{case}"``. It fails if the machine lacks a state.
        """
        from cfngen.local.mocks import responses_to_json

        name = machine.rsplit(":", 1)[-1]
        self._call("mock", name, case, responses_to_json(responses))

    def mock_all(self, config: MockConfig) -> None:
        """Mock tasks with all test cases of a mock configuration, which ``MockConfig.read`` reads."""
        for machine, cases in config.machines.items():
            for case, responses in cases.items():
                self.mock(machine, case, responses)

    def wait(self) -> None:
        """Wait until the process ends."""
        self._child.wait()

    def stop(self) -> None:
        """End the process; a second call does nothing."""
        with suppress(OSError, ValueError):
            assert self._child.stdin is not None
            self._child.stdin.close()
        try:
            self._child.wait(5)
        except BaseException as error:
            self._child.kill()
            self._child.wait()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
        finally:
            if self._child.stdout is not None:
                self._child.stdout.close()
            self._log.close()

    @property
    def _address(self) -> str:
        with self._lock:
            if not self._port:
                self._port = self._read()["port"]
            return f"http://127.0.0.1:{self._port}"

    def _ready(self) -> Mapping[str, Any]:
        with self._lock:
            if not self._ready_message:
                assert self._address
                self._ready_message = self._read()
            return self._ready_message

    def _call(self, function: str, *arguments: Any) -> Any:
        """Call a function in the process: see ``server.py``."""
        with self._lock:
            self._ready()
            assert self._child.stdin is not None
            try:
                self._child.stdin.write(json.dumps([function, *arguments]) + "\n")
                self._child.stdin.flush()
            except (OSError, ValueError):
                raise self._ended() from None
            return self._read()["result"]

    def _read(self) -> dict[str, Any]:
        assert self._child.stdout is not None
        timer = threading.Timer(_MAX_RESPONSE_SECONDS, self._child.kill)
        timer.daemon = True
        timer.start()
        line = ""
        try:
            with suppress(OSError, ValueError):
                line = self._child.stdout.readline()
        finally:
            timer.cancel()
        if not line:
            raise self._ended()
        message: dict[str, Any] = json.loads(line)
        return message

    def _ended(self) -> EmulatorError:
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(5)
        lines = []
        with suppress(ValueError):
            self._log.seek(0)
            lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        last = f": {lines[-1]}" if lines else ""
        return EmulatorError(f"the emulator has ended{last}")


def environment() -> dict[str, str]:
    """Return the environment of this process without settings of AWS and without proxies."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "BOTO_", "MOTO_")) and not name.lower().endswith("_proxy")
    }
    return kept | {
        **_CREDENTIALS,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "*",
    }


def _program(settings: str) -> str:
    # the path of this process: the child imports the same modules, and none from the current folder
    path = f"import sys; sys.path[:] = {sys.path!r}"
    return f"{path}; from cfngen.local.server import main; main(*{settings})"
