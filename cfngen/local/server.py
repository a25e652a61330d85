"""The emulator's process: moto's server with what its version needs repaired.

It speaks with the process that started it: a line of JSON in, a line of JSON out. When that one closes its
end, or dies, the process ends. Nothing but this module and what it imports may import moto.
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
from typing import IO, TYPE_CHECKING, Any

from cfngen.core.installation import install_command

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # importing makes much and drops little
    answers = _standard_output_kept_apart()
    settings = json.loads(sys.stdin.readline() or "{}")
    # clients may connect from now on; they are answered as soon as all is imported
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = listening.getsockname()[1]
    _say(answers, {"port": port})
    try:
        ready = _started(settings, listening)
    except ImportError as error:
        _say(
            answers,
            {"error": f"the emulator cannot import {error.name or error}: {install_command('local')}"},
        )
        os._exit(1)
    gc.freeze()  # or a collection would go through all of it again and again
    gc.enable()
    _say(answers, ready)
    for line in sys.stdin:
        _say(answers, _answered(json.loads(line)))
    os._exit(0)  # whatever executions are still under way


def _standard_output_kept_apart() -> IO[str]:
    """Return standard output for the conversation, and let all who print write to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _say(answers: IO[str], said: dict[str, Any]) -> None:
    try:
        answers.write(json.dumps(said) + "\n")
        answers.flush()
    except OSError:
        os._exit(0)


def _started(settings: dict[str, Any], listening: socket.socket) -> dict[str, Any]:
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # thirteen hundred images that nothing looks for
    # the interpreter of state machines calls the services through the front door
    os.environ["MOTO_PORT"] = str(listening.getsockname()[1])
    import moto

    server = _server(listening)
    _configure()
    from cfngen.local.patches import apply_needed
    from cfngen.local.task_mocks import steer

    repaired, failed = apply_needed()
    steer(settings["times"], settings["longest"])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return {
        "moto": moto.__version__,
        "repairs": {repair.name: repair.defect for repair in repaired},
        "failed": {repair.name: repr(error) for repair, error in failed},
    }


def _server(listening: socket.socket) -> BaseWSGIServer:
    from moto.moto_server import werkzeug_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return make_server(
        "127.0.0.1",
        listening.getsockname()[1],
        werkzeug_app.DomainDispatcherApplication(werkzeug_app.create_backend_app),
        threaded=True,
        fd=listening.fileno(),
        request_handler=getattr(werkzeug_app, "MotoRequestHandler", WSGIRequestHandler),
    )


def _configure() -> None:
    from moto.core.config import default_user_config as config

    config["stepfunctions"] = {"execute_state_machine": True}
    config["batch"] = {"use_docker": False}
    config["lambda"] = {"use_docker": False}


def _answered(question: dict[str, Any]) -> dict[str, Any]:
    from cfngen.local.mocks import from_wire
    from cfngen.local.task_mocks import CASES

    CASES[question["machine"], question["case"]] = from_wire(question["responses"])
    return {}
