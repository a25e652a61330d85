"""Requests that the emulator answers: those of programs on this machine, not those of a page in a browser.

A page of any site may send requests to 127.0.0.1. It cannot sign them across origins, since a browser asks
for leave to send the header ``Authorization``, and it cannot send them in another host's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

_HOSTS: Final = ("127.0.0.1", "localhost")
_SIGNATURES: Final = ("X-Amz-Signature=", "Signature=")


class Guard:
    """A WSGI application that hands on what it lets in; moto's own API is closed."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        if reason := refusal(environ):
            start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
            return [f"The emulator does not answer this: {reason}.\n".encode()]
        answer: Iterable[bytes] = self._application(environ, start_response)
        return answer


def refusal(environ: Mapping[str, Any]) -> str:
    """Return why a request is not answered, or an empty text."""
    host = str(environ.get("HTTP_HOST", "")).rpartition(":")[0]
    if host not in _HOSTS and not host.endswith(".localhost"):
        return "its host is another one"
    if "HTTP_ORIGIN" in environ or environ.get("HTTP_SEC_FETCH_SITE") in ("cross-site", "same-site"):
        return "a page in a browser sent it"
    if str(environ.get("PATH_INFO", "")).startswith("/moto-api"):
        return "moto's own API is closed"
    is_presigned = environ.get("REQUEST_METHOD") in ("GET", "HEAD") and any(
        name in str(environ.get("QUERY_STRING", "")) for name in _SIGNATURES
    )
    return "" if "HTTP_AUTHORIZATION" in environ or is_presigned else "it is not signed"
