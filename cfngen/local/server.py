"""The process of the emulator: moto's server with the patches that its version needs.

It talks with the process that started it: one line of JSON in, one line of JSON out. It ends when that
process closes its end of the pipe or ends. Only this module and those that it imports may import moto.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import socket
import sys
import threading
from functools import cache
from typing import IO, TYPE_CHECKING, Any

from cfngen.local.time_scale import TimeScale

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer


def main(speedup: float, max_wait_seconds: float, region: str) -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # imports create many objects and free few
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what else is printed goes to standard error
    # clients may connect from now on; they get an answer when all modules are imported
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = listening.getsockname()[1]
    _write_line(replies, {"port": port})
    ready, functions = _start(TimeScale(speedup, max_wait_seconds), region, listening)
    gc.freeze()  # or each collection would visit all of these objects again
    gc.enable()
    _write_line(replies, ready)
    for line in sys.stdin:
        function, *arguments = json.loads(line)
        _write_line(replies, {"result": functions[function](*arguments)})
    os._exit(0)  # also while executions run


def _write_line(replies: IO[str], message: dict[str, Any]) -> None:
    try:
        replies.write(json.dumps(message) + "\n")
        replies.flush()
    except OSError:
        os._exit(0)


def _start(
    scale: TimeScale, region: str, listening: socket.socket
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what is said of the emulator, and the functions that the other process may call by name."""
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # 1,300 images that no workflow uses
    import moto
    from moto.core.config import default_user_config as config

    server = _server(listening)
    config["batch"] = config["lambda"] = {"use_docker": False}
    from cfngen.aws.clients import Clients
    from cfngen.local import api_resources, machines
    from cfngen.local.patches import apply_needed
    from cfngen.local.services import Services
    from cfngen.local.token_store import TOKENS

    applied, failed = apply_needed()
    client = cache(Clients(f"http://127.0.0.1:{listening.getsockname()[1]}", region).client)
    api_resources.install(client)
    functions = {name: getattr(TOKENS, name) for name in ("open", "take", "close", "schedule")}
    functions |= {"fail_job": machines.fail_job, "mock": machines.mock}
    services = Services(client, lambda function, *arguments: functions[function](*arguments))
    machines.install(scale, services)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ready = {
        "moto": moto.__version__,
        "patches": {patch.name: patch.defect for patch in applied},
        "failed": {patch.name: repr(error) for patch, error in failed},
    }
    return ready, functions


def _server(listening: socket.socket) -> BaseWSGIServer:
    from moto.moto_server import werkzeug_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    from cfngen.local.guard import Guard

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return make_server(
        "127.0.0.1",
        listening.getsockname()[1],
        Guard(werkzeug_app.DomainDispatcherApplication(werkzeug_app.create_backend_app)),
        threaded=True,
        fd=listening.fileno(),
        request_handler=getattr(werkzeug_app, "MotoRequestHandler", WSGIRequestHandler),
    )
