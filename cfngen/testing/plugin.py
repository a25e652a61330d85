"""The plugin of pytest: a fixture that deploys to an emulator, and reports with the visits of executions.

pytest loads this in every run, so that the fixtures import what is slow to import.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cfngen.local.running import Running
    from cfngen.testing.coverage import StatesCoverage
    from cfngen.testing.deployed import StepFunctions

_FIXTURE = pytest.StashKey["StepFunctions"]()
_COVERAGE = pytest.StashKey["StatesCoverage"]()
_SETTING = "step_functions_mock_config"
_WITHOUT_EMULATOR = "step_functions_without_emulator"
_COUNTED = "cfngen_states_coverage"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting that names the mock configuration of Step Functions Local."""
    parser.addini(_SETTING, "mock configuration from which step_functions reads test cases", type="paths")
    parser.addini(_WITHOUT_EMULATOR, "a task without a mock ends the test", type="bool", default=False)
    group = parser.getgroup("step functions")
    group.addoption(
        "--states-coverage",
        action="store_true",
        help="show which states, transitions, rules and handlers the executions of step_functions used",
    )
    group.addoption(
        "--states-coverage-fail-under",
        type=float,
        metavar="PERCENT",
        help="fail where they used less than so much of all; implies --states-coverage",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Count where it is asked for."""
    if config.getoption("states_coverage") or config.getoption("states_coverage_fail_under") is not None:
        from cfngen.testing.coverage import StatesCoverage

        config.stash[_COVERAGE] = StatesCoverage()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take what a process of pytest-xdist counted."""
    coverage = node.config.stash.get(_COVERAGE, None)
    if coverage is not None:
        coverage.merge(getattr(node, "workeroutput", {}).get(_COUNTED, ()))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand on what was counted in a process of pytest-xdist, or hold it against the limit."""
    coverage = session.config.stash.get(_COVERAGE, None)
    if coverage is None:
        return
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[_COUNTED] = coverage.as_json()
    elif session.exitstatus == pytest.ExitCode.OK and _is_too_little(session.config, coverage):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what was counted."""
    coverage = config.stash.get(_COVERAGE, None)
    if coverage is None:
        return
    terminalreporter.section("states coverage")
    for line in coverage.lines():
        terminalreporter.write_line(line)
    if _is_too_little(config, coverage):
        least = config.getoption("states_coverage_fail_under")
        terminalreporter.write_line(f"the states coverage is below {least:g} %", red=True)


def _is_too_little(config: pytest.Config, coverage: StatesCoverage) -> bool:
    least = config.getoption("states_coverage_fail_under")
    return least is not None and coverage.percent < least


@pytest.fixture(scope="session")
def step_functions_emulator() -> Iterator[Running]:
    """An emulator of AWS on this machine, one for all tests of a process; waits take no time."""
    from cfngen.aws.errors import ServiceError
    from cfngen.local.running import Running
    from cfngen.local.time_scale import TimeScale

    try:
        running = Running(TimeScale(speedup=1e6, max_wait_seconds=0.01))
    except ServiceError as error:
        pytest.fail(str(error), pytrace=False)
    with running:
        yield running


@pytest.fixture
def step_functions(request: pytest.FixtureRequest) -> Iterator[StepFunctions]:
    """Deploys stacks and workflows, runs executions, and deletes the stacks at the end.

    The emulator is started when something in it is needed, such as a task without a mock.
    """
    from cfngen.testing.deployed import StepFunctions

    def emulator() -> Running:
        running: Running = request.getfixturevalue("step_functions_emulator")
        return running

    paths: list[Any] = request.config.getini(_SETTING)
    with StepFunctions(
        None if request.config.getini(_WITHOUT_EMULATOR) else emulator,
        mock_config=paths[0] if paths else None,
        coverage=request.config.stash.get(_COVERAGE, None),
    ) as step_functions:
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
