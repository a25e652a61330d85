"""Emulators that have their imports behind them: forks of one process, each as new as one that was started.

An emulator takes seconds to import moto, and tests of the demo start dozens. ``Popen`` stands in for that of
``subprocess``, for the command of the emulator alone; ``test_emulator.py`` starts real ones.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import IO, Any

from tests import rings

PIPE, TimeoutExpired = subprocess.PIPE, subprocess.TimeoutExpired
_SIZE = 1 << 20
_LINE: list[socket.socket] = []


def _line() -> socket.socket:
    """Return the line to the process that forks; it is started at the first need, and ends with this one."""
    if not _LINE:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        forking = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"import sys; sys.path[:] = {sys.path!r}\n"
                f"from tests.local.warm import serve; serve({theirs.fileno()})",
            ],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        forking.returncode = 0  # nobody waits for it
        theirs.close()
        _LINE.append(ours)
    return _LINE[0]


class Popen:
    """A fork with pipes as its standard streams; what ``Running`` takes of a process."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        stdin: int,
        stdout: int,
        stderr: IO[bytes],
        env: Mapping[str, str],
        encoding: str,
        start_new_session: bool,
    ) -> None:
        """Have one forked."""
        assert (stdin, stdout, start_new_session) == (PIPE, PIPE, True)
        rings.hold(command)
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        ended, alive = os.pipe()  # whose other end nothing but the fork holds
        self._ended: int | None = ended
        line = _line()
        descriptors = [theirs_in, theirs_out, stderr.fileno(), alive]
        socket.send_fds(line, [json.dumps([command[2], dict(env)]).encode()], descriptors)
        self.pid = int(line.recv(_SIZE))
        for number in (theirs_in, theirs_out, alive):
            os.close(number)
        self.stdin: IO[str] = os.fdopen(ours_in, "w", encoding=encoding)
        self.stdout: IO[str] = os.fdopen(ours_out, encoding=encoding)

    def wait(self, timeout: float | None = None) -> None:
        """Wait until it has ended."""
        if self._ended is None:
            return
        if not select.select([self._ended], [], [], timeout)[0]:
            raise TimeoutExpired("the emulator", timeout or 0)
        os.close(self._ended)
        self._ended = None

    def kill(self) -> None:
        """Kill it."""
        os.kill(self.pid, signal.SIGKILL)


def serve(number: int) -> None:
    """Import what an emulator imports, then fork one for each message, until the line is closed."""
    for name in (
        "moto.cloudformation.parsing",  # and with it the services that have resources
        "moto.moto_server.werkzeug_app",
        "cfngen.asl.read",
        "cfngen.local.machines",
        "cfngen.local.patches",
        "cfngen.local.server",
        "cfngen.local.services",
    ):
        import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # they are not waited for
    line = socket.socket(fileno=number)
    while True:
        message, descriptors, *_ = socket.recv_fds(line, _SIZE, 4)
        if not message:
            return
        child: Any = os.fork()
        if child:
            for each in descriptors:
                os.close(each)
            line.send(str(child).encode())
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        line.close()
        program, environment = json.loads(message)
        os.environ.clear()
        os.environ.update(environment)
        for place, each in enumerate(descriptors[:3]):
            os.dup2(each, place)
            os.close(each)
        exec(program)  # what the process would have been started with
