"""The plugin of pytest: a fixture that deploys to an emulator, and reports with the visits of executions.

pytest loads this in every run, so that the fixtures import what is slow to import.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cfngen.local.running import Running
    from cfngen.testing.deployed import StepFunctions

_FIXTURE = pytest.StashKey["StepFunctions"]()
_SETTING = "step_functions_mock_config"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting that names the mock configuration of Step Functions Local."""
    parser.addini(_SETTING, "mock configuration from which step_functions reads test cases", type="paths")


@pytest.fixture(scope="session")
def step_functions_emulator() -> Iterator[Running]:
    """An emulator of AWS on this machine, one for all tests of a process; waits take no time."""
    from cfngen.local.errors import ServiceError
    from cfngen.local.running import Running
    from cfngen.local.time_scale import TimeScale

    try:
        running = Running(TimeScale(speedup=1e6, max_wait_seconds=0.01))
    except ServiceError as error:
        pytest.fail(str(error), pytrace=False)
    with running:
        yield running


@pytest.fixture
def step_functions(
    request: pytest.FixtureRequest, step_functions_emulator: Running
) -> Iterator[StepFunctions]:
    """Deploys stacks and workflows to an emulator, runs executions, and deletes the stacks at the end."""
    from cfngen.testing.deployed import StepFunctions

    paths: list[Any] = request.config.getini(_SETTING)
    with StepFunctions(step_functions_emulator, mock_config=paths[0] if paths else None) as step_functions:
        request.node.stash[_FIXTURE] = step_functions
        yield step_functions


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the visits of each execution to the report of a test that fails."""
    report = yield
    fixture = item.stash.get(_FIXTURE, None)
    if fixture is not None and report.failed and report.when == "call" and fixture.executions:
        report.sections.append(("executions", "\n".join(map(str, fixture.executions))))
    return report
