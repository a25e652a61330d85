"""A server in the place of AWS, which answers as recorded."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qs

import pytest


class Aws(NamedTuple):
    """The address of the server, and what it was asked: the operation with its arguments."""

    url: str
    asked: list[tuple[str, Any]]


class Start(Protocol):
    """Start a server that answers operations: an object in JSON, a text in XML as it is."""

    def __call__(self, **replies: Any) -> Aws: ...


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, models_read_once: None) -> Iterator[Start]:
    """Start servers, and end them after the test."""
    servers = []
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")

    def start(**replies: Any) -> Aws:
        asked: list[tuple[str, Any]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if target := self.headers["X-Amz-Target"]:
                    operation, arguments = target.removeprefix("AWSStepFunctions."), json.loads(body)
                else:
                    arguments = {name: value for name, [value] in parse_qs(body.decode()).items()}
                    operation = arguments.pop("Action")
                asked.append((operation, arguments))
                reply = (
                    replies[operation](arguments) if callable(replies[operation]) else replies[operation]
                )
                is_refused = isinstance(reply, dict) and "__type" in reply
                answer = (reply if isinstance(reply, str) else json.dumps(reply)).encode()
                self.send_response(400 if is_refused else 200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Be silent."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return Aws(f"http://127.0.0.1:{server.server_port}", asked)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
