"""An emulator of AWS in a process of its own: moto's server on loopback, at a free port."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, Any, Final

from cfngen.core.installation import install_command
from cfngen.local.errors import UNUSABLE, ServiceError
from cfngen.local.time_scale import Pace

if TYPE_CHECKING:
    from types import TracebackType

    from cfngen.local.mocks import MockConfig, Responses

REGION: Final = "us-east-1"
ACCOUNT: Final = "123456789012"
"""The account that moto's server works in."""

CREDENTIALS: Final = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
"""What clients sign with; the emulator does not look."""

STARTING: Final = 60.0
"""Seconds after which a process that has not said that it is ready never will."""


class EmulatorError(ServiceError):
    """The emulator cannot be started, or has ended; the message is for the person at the keyboard."""


@contextmanager
def emulator(*, pace: Pace | None = None, region: str = REGION) -> Iterator[Running]:
    """Start the emulator, and end it with the block, whatever ends the block.

    It listens on 127.0.0.1 at a port that was free, so that several run beside each other. The process is
    started and not waited for: the first use of ``url``, ``client`` and the like waits until it is ready.
    Raises ``EmulatorError``, here and at the first use.
    """
    running = Running(pace or Pace(), region)
    try:
        yield running
    finally:
        running.stop()


class Running:
    """The emulator's process, as ``emulator`` yields it."""

    def __init__(self, pace: Pace, region: str = REGION) -> None:
        """Start the process."""
        if missing := [name for name in ("moto", "flask", "botocore") if find_spec(name) is None]:
            needed = ", ".join(missing)
            raise EmulatorError(f"the emulator needs {needed}: {install_command('local')}", UNUSABLE)
        self.pace = pace
        self.region = region
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed by stop()
        self._session: Any = None
        self._port = 0
        self._said: dict[str, Any] = {}
        self._conversation = threading.RLock()
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-c", _program()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                env=environment(),
                encoding="utf-8",
                # Ctrl-C is for the one who started it; its end of the pipe is the leash
                start_new_session=True,
            )
        except BaseException as error:
            self._log.close()
            if isinstance(error, OSError):
                raise EmulatorError(f"the emulator cannot start: {error}") from error
            raise
        try:
            self._write({"times": pace.times, "longest": min(pace.longest, 1e9)})
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Running:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        frames: TracebackType | None,
    ) -> None:
        """End the process."""
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens: what ``--endpoint-url`` of the AWS CLI takes."""
        self._ready()
        return self._address

    @property
    def version(self) -> str:
        """The version of moto."""
        return str(self._ready()["moto"])

    @property
    def repairs(self) -> Mapping[str, str]:
        """The defects of this version that are bridged: by name, in words."""
        return dict(self._ready()["repairs"])

    @property
    def failed_repairs(self) -> Mapping[str, str]:
        """The defects that could not be looked for or bridged: by name, the error that was met."""
        return dict(self._ready()["failed"])

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that is to work with the emulator, such as the AWS CLI."""
        return environment() | self.variables

    @property
    def variables(self) -> dict[str, str]:
        """What the AWS CLI, and SDKs, need to know of the emulator."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": CREDENTIALS["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": CREDENTIALS["aws_secret_access_key"],
        }

    def client(self, service: str, **settings: Any) -> Any:
        """Return a client of botocore; it reads no configuration of the user's, nor the environment's.

        ``settings`` are those of ``botocore.config.Config``.
        """
        from botocore.config import Config

        with self._conversation:
            if self._session is None:
                self._session = isolated_session()
                # clients are made while the process still imports; what they ask first waits for it
                self._session.register("before-send", lambda **_: self._ready() and None)
            return self._session.create_client(
                service,
                region_name=self.region,
                endpoint_url=self._address,
                config=Config(**{"proxies": {}, **settings}),
                **CREDENTIALS,
            )

    def mock(self, machine: str, case: str, responses: Responses) -> None:
        """Let tasks answer as ``responses`` say in executions of ``machine`` that name the ``case``.

        ``machine`` is a name or an ARN; ``start_execution`` names the case behind a hash, as for Step
        Functions Local: ``stateMachineArn=f"{arn}#{case}"``. Starting fails when a state is not there.
        """
        from cfngen.local.mocks import to_wire

        self._ask({"machine": machine.rsplit(":", 1)[-1], "case": case, "responses": to_wire(responses)})

    def mock_all(self, config: MockConfig) -> None:
        """Let tasks answer as a mock configuration says, of which ``MockConfig.read`` reads the file."""
        for machine, cases in config.machines.items():
            for case, responses in cases.items():
                self.mock(machine, case, responses)

    def wait(self) -> None:
        """Wait until the process ends, which only something else makes it do."""
        self._child.wait()

    def stop(self) -> None:
        """End the process; done again, it does nothing."""
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
        with self._conversation:
            if not self._port:
                self._port = self._read(STARTING)["port"]
            return f"http://127.0.0.1:{self._port}"

    def _ready(self) -> Mapping[str, Any]:
        with self._conversation:
            if not self._said:
                assert self._address
                self._said = self._read(STARTING)
            return self._said

    def _ask(self, question: Mapping[str, Any]) -> None:
        with self._conversation:
            self._ready()
            self._write(question)
            self._read(STARTING)

    def _write(self, said: Mapping[str, Any]) -> None:
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps(said) + "\n")
            self._child.stdin.flush()
        except (OSError, ValueError):
            raise self._ended() from None

    def _read(self, seconds: float) -> dict[str, Any]:
        assert self._child.stdout is not None
        too_late = threading.Timer(seconds, self._child.kill)
        too_late.daemon = True
        too_late.start()
        try:
            line = self._child.stdout.readline()
        except (OSError, ValueError):
            line = ""
        finally:
            too_late.cancel()
        if not line:
            raise self._ended()
        said: dict[str, Any] = json.loads(line)
        if "error" in said:
            raise EmulatorError(said["error"])
        return said

    def _ended(self) -> EmulatorError:
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(5)
        lines = []
        with suppress(ValueError):
            self._log.seek(0)
            lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        last = f": {lines[-1]}" if lines else ""
        return EmulatorError(f"the emulator has ended{last}")


def isolated_session() -> Any:
    """Return a session of botocore that knows nothing of the user's profiles, keys or endpoints."""
    from botocore.session import Session

    return Session(
        {
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
            "ca_bundle": (None, None, None, None),
            "use_fips_endpoint": (None, None, None, None),
            "use_dualstack_endpoint": (None, None, None, None),
            "defaults_mode": (None, None, "legacy", None),
            "retry_mode": (None, None, "standard", None),
        }
    )


def environment() -> dict[str, str]:
    """Return this process's environment without the user's AWS, and without proxies."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "BOTO_", "MOTO_")) and not name.lower().endswith("_proxy")
    }
    return kept | {
        "AWS_ACCESS_KEY_ID": CREDENTIALS["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": CREDENTIALS["aws_secret_access_key"],
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "*",
    }


def _program() -> str:
    # this process's own path, so that it finds what this one finds, and nothing that lies about here
    return f"import sys; sys.path[:] = {sys.path!r}; from cfngen.local.server import main; main()"
