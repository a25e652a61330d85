"""A server that answers as services do on a bad day."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

CLOSE = "close"
"""In place of an answer: the connection is closed without one."""


class Faulty:
    """What it answers, by operation: a body, ``(status, body)``, ``CLOSE``, or a function of the request."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []


@contextmanager
def faulty_server() -> Iterator[Faulty]:
    """Serve on loopback, for the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            target = self.headers.get("X-Amz-Target", "")
            operation = target.rpartition(".")[2] or parse_qs(text).get("Action", [""])[0]
            served.asked.append(operation)
            answer = served.answers.get(operation, (404, {"__type": "UnknownOperationException"}))
            if callable(answer):
                answer = answer(json.loads(text) if target else parse_qs(text))
            if answer == CLOSE:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            status, body = answer if isinstance(answer, tuple) else (200, answer)
            content = (json.dumps(body) if isinstance(body, Mapping) else body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0" if target else "text/xml")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served = Faulty(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
