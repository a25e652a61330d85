"""The plugin of pytest: a fixture that deploys to an emulator, and the ways of executions where tests fail.

pytest loads this in every run: what is heavy is imported by the fixtures alone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cfngen.local.running import Running
    from cfngen.testing.deployed import StepFunctions

_USED = pytest.StashKey["StepFunctions"]()
_SETTING = "step_functions_mock_config"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the setting that names the mock configuration of Step Functions Local."""
    parser.addini(_SETTING, "mock configuration that step_functions reads test cases from", type="paths")


@pytest.fixture(scope="session")
def step_functions_emulator() -> Iterator[Running]:
    """An emulator of AWS on this machine, one for all tests of a process; nothing waits in it."""
    from cfngen.local.errors import ServiceError
    from cfngen.local.running import Running
    from cfngen.local.time_scale import Pace

    try:
        running = Running(Pace(times=1e6, longest=0.01))
    except ServiceError as error:
        pytest.fail(str(error), pytrace=False)
    with running:
        yield running


@pytest.fixture
def step_functions(
    request: pytest.FixtureRequest, step_functions_emulator: Running
) -> Iterator[StepFunctions]:
    """Deploys stacks and workflows to an emulator, runs executions, and deletes all after the test."""
    from cfngen.testing.deployed import StepFunctions

    paths: list[Any] = request.config.getini(_SETTING)
    with StepFunctions(step_functions_emulator, mock_config=paths[0] if paths else None) as deploying:
        request.node.stash[_USED] = deploying
        yield deploying


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the way of each execution to the report of a test that fails."""
    report = yield
    used = item.stash.get(_USED, None)
    if used is not None and report.failed and report.when == "call" and used.executions:
        report.sections.append(("executions", "\n".join(map(str, used.executions))))
    return report
