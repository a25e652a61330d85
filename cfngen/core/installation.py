"""Where the cfngen that runs was installed from, and how its extras are installed from there too.

Installers record it: https://packaging.python.org/en/latest/specifications/direct-url/
"""

from __future__ import annotations

from typing import Any

__all__ = ["install_command", "is_from_index", "requirement"]


def install_command(extra: str) -> str:
    """Return the command that adds an extra to the cfngen that is installed."""
    from shlex import quote

    origin = _origin()
    if origin is not None and origin.get("dir_info", {}).get("editable"):
        folder = _local_folder(origin["url"])
        return f"pip install --editable {quote(f'{folder}[{extra}]')}"
    return f"pip install {quote(requirement(extra))}"


def requirement(*extras: str) -> str:
    """Return the requirement of cfngen with extras, which names the place that it was installed from.

    One from an index is named without its version.
    """
    name = f"cfngen[{','.join(extras)}]"
    origin = _origin()
    if origin is None:
        return name
    url = origin["url"]
    if vcs := origin.get("vcs_info"):
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    if folder := origin.get("subdirectory"):
        url = f"{url}#subdirectory={folder}"
    return f"{name} @ {url}"


def is_from_index() -> bool:
    """Whether cfngen was installed by its name, and not from a folder, a file or a repository."""
    return _origin() is None


def _origin() -> dict[str, Any] | None:
    """Return the record of the installation, which there is unless cfngen came from an index."""
    import json
    from importlib.metadata import distributions

    # a working tree has a second record of itself, which does not say where it came from
    records = (each.read_text("direct_url.json") for each in distributions(name="cfngen"))
    return next((json.loads(record) for record in records if record), None)


def _local_folder(url: str) -> str:
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    return url2pathname(urlsplit(url).path)
