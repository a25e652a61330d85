"""Tasks whose answers another process gives: the emulator asks it over loopback, try by try."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit
from uuid import uuid4

from cfngen.core.declared import Declared, frozen
from cfngen.local.mocks import FailTask, Response, Return, Throw, as_json, from_json

WAITING: Final = 300
"""Seconds that the emulator waits for an answer: it may come from a function that somebody is debugging."""


@frozen
class Question(Declared):
    """A try of a task: which it is within its iteration or branch, and what would be sent."""

    state: str
    number: int
    arguments: Any = None


Answering: TypeAlias = "Callable[[Question], Return | Throw | FailTask | None]"
"""What answers; None lets the emulator call the service."""


class Answers:
    """Where the emulator asks: a server on loopback, with an address for each that answers."""

    def __init__(self) -> None:
        """Listen."""
        self._answering: dict[str, Answering] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def of(self, answering: Answering) -> str:
        """Return an address at which ``answering`` is asked from now on."""
        path = f"/{uuid4()}"
        self._answering[path] = answering
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def forget(self, url: str) -> None:
        """Answer there no more."""
        self._answering.pop(urlsplit(url).path, None)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answering = self._answering

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = answering.get(self.path)
                if asked is None:
                    self.send_error(404)
                    return
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                response = asked(Question(**body))
                said = json.dumps(None if response is None else as_json(response)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name in the base
                pass

        return Handler


def ask(url: str, question: Question) -> Response | None:
    """Return the answer; one that cannot be had is a ``Throw``."""
    address = urlsplit(url)
    body = json.dumps({"state": question.state, "number": question.number, "arguments": question.arguments})
    try:
        connection = HTTPConnection(address.hostname or "", address.port, timeout=WAITING)
        try:
            connection.request("POST", address.path, body)
            answer = connection.getresponse()
            said = json.loads(answer.read()) if answer.status == 200 else _lost()
        finally:
            connection.close()
    except (OSError, ValueError):
        said = _lost()
    return None if said is None else from_json(said)


def _lost() -> dict[str, Any]:
    return as_json(Throw("States.Runtime", "nobody answers for the task any more"))
