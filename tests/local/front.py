"""A server in front of the emulator's, which answers some calls with a fault instead of passing them on."""

from __future__ import annotations

import threading
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FAILING = (
    b"<ErrorResponse><Error><Code>InternalFailure</Code><Message>broken</Message></Error></ErrorResponse>"
)
THROTTLING = (
    b"<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"
)


class Front:
    """``faults`` holds a fault for each action, and how often it strikes."""

    def __init__(self) -> None:
        self.target = ""
        self.faults: dict[str, tuple[str, int]] = {}
        self.asked: Counter[str] = Counter()
        front = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                front.answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        target = request.headers.get("X-Amz-Target")
        named = urllib.parse.parse_qs(body.decode()).get("Action", [request.path])
        action = target.rpartition(".")[2] if target else named[0]
        self.asked[action] += 1
        fault, times = self.faults.get(action, ("", 0))
        if self.asked[action] > times:
            self._pass_on(request, body)
        elif fault == "closes":
            request.close_connection = True
        elif fault == "fails":
            said = b'{"__type": "InternalFailure", "message": "broken"}' if target else FAILING
            self._say(request, 500, said)
        elif fault == "throttles":
            said = (
                b'{"__type": "ThrottlingException", "message": "Rate exceeded"}' if target else THROTTLING
            )
            self._say(request, 400, said)
        else:
            self._say(request, 200, b"<html>It works!")

    def _pass_on(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        kept = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        asked = urllib.request.Request(self.target + request.path, body, kept, method="POST")
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked) as answer:
                self._say(request, answer.status, answer.read(), answer.headers["Content-Type"])
        except urllib.error.HTTPError as error:
            self._say(request, error.code, error.read(), error.headers["Content-Type"])

    def _say(
        self, request: BaseHTTPRequestHandler, status: int, said: bytes, kind: str = "text/xml"
    ) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(said)))
        request.end_headers()
        request.wfile.write(said)
