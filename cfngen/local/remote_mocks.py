"""Mocks that another process answers: the emulator sends it a request over loopback for each attempt."""

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
from cfngen.execution.mocks import FailTask, Return, Throw
from cfngen.local.mocks import Response, from_json, to_json

_MAX_RESPONSE_SECONDS: Final = 300
"""How long the emulator waits for a response: somebody may be debugging the function that gives it."""


@frozen
class MockRequest(Declared):
    """An attempt of a task: its number in the iteration or branch from 0, and the arguments of its call."""

    state: str
    attempt: int
    arguments: Any = None


MockFunction: TypeAlias = "Callable[[MockRequest], Return | Throw | FailTask | None]"
"""Returns the response to an attempt; None lets the emulator call the service."""


class MockServer:
    """A server on loopback that the emulator sends its requests to, with one address for each function."""

    def __init__(self) -> None:
        """Listen."""
        self._functions: dict[str, MockFunction] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def add(self, function: MockFunction) -> str:
        """Return an address at which ``function`` responds from now on."""
        path = f"/{uuid4()}"
        self._functions[path] = function
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def remove(self, url: str) -> None:
        """Stop to respond at an address."""
        self._functions.pop(urlsplit(url).path, None)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        functions = self._functions

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                function = functions.get(self.path)
                if function is None:
                    self.send_error(404)
                    return
                fields = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                response = function(MockRequest(**fields))
                body = json.dumps(None if response is None else to_json(response)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name in the base
                pass

        return Handler


def request_response(url: str, request: MockRequest) -> Response | None:
    """Return the response of the function at an address; an address without one gives a ``Throw``."""
    address = urlsplit(url)
    body = json.dumps({name: getattr(request, name) for name in ("state", "attempt", "arguments")})
    try:
        connection = HTTPConnection(address.hostname or "", address.port, timeout=_MAX_RESPONSE_SECONDS)
        try:
            connection.request("POST", address.path, body)
            reply = connection.getresponse()
            fields = json.loads(reply.read()) if reply.status == 200 else to_json(_GONE)
        finally:
            connection.close()
    except (OSError, ValueError):
        return _GONE
    return None if fields is None else from_json(fields)


_GONE: Final = Throw("States.Runtime", "the process that mocks this task has ended")
