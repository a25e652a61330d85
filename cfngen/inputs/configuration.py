"""What a project says once for all commands: ``[tool.cfngen]`` of pyproject.toml or setup.cfg.

    [tool.cfngen]
    ignore = ["asl-choice-has-a-default", "asl-every-state-is-reached:flows/*.asl.json#/States/Old"]
    warn = ["asl-variables-are-sound"]
    regions = ["eu-west-1", "us-east-1"]
    format = "github"

The file is that of the current folder, or of the nearest around it inside the repository, unless
``cfngen --config`` names one. Of two files in a folder, pyproject.toml counts. In setup.cfg the section is
``[tool:cfngen]``, as for pytest, or ``[tool.cfngen]``. What an option of a command says counts more.
"""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from cfngen.core.declared import Declared, frozen, unknown_field
from cfngen.reports.formats import FORMATS

__all__ = ["Configuration", "ConfigurationError", "configuration", "configuration_in"]


class ConfigurationError(ValueError):
    """A file of configuration says what cannot be meant; the text names the file."""


@frozen(kw_only=True)
class Configuration(Declared):
    """The settings of a project; a setting that the project does not have is empty.

    ``ignore`` and ``warn`` are rules by id, or by ``ID:FILE#/POINTER`` (either part may be left out).
    ``regions`` are those that ``lint`` looks at, ``format`` is that of findings. ``path`` is the file.
    """

    ignore: tuple[str, ...] = ()
    warn: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    format: str = ""
    path: str = ""


_SETTINGS: Final = tuple(item.name for item in fields(Configuration) if item.name != "path")
_TEXTS: Final = ("format",)


def configuration(folder: str | os.PathLike[str] = ".") -> Configuration:
    """Return the settings that hold in a folder. Raises ``ConfigurationError``, and ``OSError``."""
    for each in _folders(os.path.abspath(folder)):
        for name, section in (("pyproject.toml", _of_toml), ("setup.cfg", _of_ini)):
            path = os.path.join(each, name)
            if os.path.isfile(path) and (settings := section(path)) is not None:
                return _configuration_of(path, settings)
    return Configuration()


def configuration_in(path: str) -> Configuration:
    """Return the settings of a file, whatever its name: TOML unless it ends in ``.cfg`` or ``.ini``.

    Raises ``ConfigurationError``, also where the file has none, and ``OSError``.
    """
    is_ini = path.endswith((".cfg", ".ini"))
    with open(path, "rb"):  # or a file that is missing would be one without settings
        settings = (_of_ini if is_ini else _of_toml)(path)
    if settings is None:
        raise ConfigurationError(f"{path}: there is no [{'tool:cfngen' if is_ini else 'tool.cfngen'}]")
    return _configuration_of(path, settings)


def _configuration_of(path: str, settings: Mapping[str, Any]) -> Configuration:
    return Configuration(**{key: _checked_setting(path, key, settings[key]) for key in settings}, path=path)


def _folders(folder: str) -> Iterator[str]:
    """Yield a folder and those around it, up to that of the repository."""
    while True:
        yield folder
        outer = os.path.dirname(folder)
        if outer == folder or os.path.exists(os.path.join(folder, ".git")):
            return
        folder = outer


def _of_toml(path: str) -> Mapping[str, Any] | None:
    with open(path, "rb") as file:
        content = file.read()
    if b"cfngen" not in content:
        return None
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        tool = tomllib.loads(content.decode()).get("tool", {})
    except ValueError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    settings = tool.get("cfngen") if isinstance(tool, Mapping) else None
    if settings is not None and not isinstance(settings, Mapping):
        raise ConfigurationError(f"{path}: [tool.cfngen] is a table")
    return settings


_INI_SECTIONS: Final = ("tool:cfngen", "tool.cfngen")


def _of_ini(path: str) -> Mapping[str, Any] | None:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, ValueError) as error:
        raise ConfigurationError(f"{path}: {' '.join(str(error).split())}") from None
    section = next(filter(parser.has_section, _INI_SECTIONS), None)
    if section is None:
        return None
    own = parser[section]
    return {
        key: own[key] if key in _TEXTS else _list_entries(own[key])
        for key in own
        if key not in parser.defaults()
    }


def _list_entries(text: str) -> list[str]:
    """Return the entries of a list: each in a line, or those of one line between commas."""
    entries = text.splitlines() if "\n" in text else text.split(",")
    return [entry.strip() for entry in entries if entry.strip()]


def _checked_setting(path: str, key: str, value: Any) -> Any:
    if key not in _SETTINGS:
        raise ConfigurationError(f"{path}: {unknown_field('[tool.cfngen]', key, _SETTINGS)}")
    if key in _TEXTS:
        if value in FORMATS:
            return value
        raise ConfigurationError(f"{path}: {key!r} takes {', '.join(FORMATS)}, not {value!r}")
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return tuple(value)
    raise ConfigurationError(f"{path}: {key!r} takes a list of texts, not {value!r}")
