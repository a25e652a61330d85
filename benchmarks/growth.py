"""Time each step from a loop over states to YAML, per state, in a small and in a large workflow."""

import argparse
import gc
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from troposphere import Ref, Template

from cfngen import ALL, Catcher, Retrier, Workflow
from cfngen.asl.flow import Chain, Flow
from cfngen.asl.link import link
from cfngen.asl.rules import machine
from cfngen.iam.derive import derive
from cfngen.stacks import StateMachine
from cfngen.tasks import sns
from cfngen.template import to_yaml

TARGET = 1.5
DERIVING = 0.5
REPEATS = 3

Prepared = TypeVar("Prepared")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("small", nargs="?", type=int, default=1_000, help="states (1,000)")
    parser.add_argument("large", nargs="?", type=int, default=10_000, help="states (10,000)")
    parser.add_argument("--short", action="store_true", help="once and small, to see that it runs")
    sizes = parser.parse_args()
    if sizes.short:
        sizes.small, sizes.large = sizes.small // 10, sizes.large // 10
    # So long a chain is beyond the 1 MiB that Step Functions takes. What counts here is how the time
    # grows, and the rules stop a definition that is too large before it is rendered.
    machine.MAX_DEFINITION = sys.maxsize  # type: ignore[misc]
    small, large = _measured(sizes.small), _measured(sizes.large)
    print(f"{'µs a state':12}{sizes.small:>12,}{sizes.large:>12,}{'ratio':>8}")
    for step, seconds in small.items():
        before = seconds / sizes.small
        after = large[step] / sizes.large
        verdict = "reached" if after / before <= TARGET else "missed"
        row = f"{step:12}{before * 1e6:12.1f}{after * 1e6:12.1f}{after / before:8.2f}"
        print(f"{row}  at most {TARGET}: {verdict}")
    share = large["derive"] / (large["link"] + large["render"])
    verdict = "reached" if share <= DERIVING else "missed"
    print(f"\nderive, as a share of link and render: {share:.2f}  at most {DERIVING}: {verdict}")


def _measured(states: int) -> dict[str, float]:
    # Before there is another flow for the collector to go through.
    construct = _best(lambda: states, _flow)
    flow = _flow(states)
    return {
        "construct": construct,
        "link": _best(lambda: flow, link),
        "check": _best(partial(_linked, flow), Workflow.check),
        "render": _best(partial(_checked, flow), Workflow.to_asl),
        "derive": _best(partial(_linked, flow), lambda workflow: derive(workflow.linked)),
        "template": _best(lambda: Workflow(flow), _template),
        "YAML": _best(lambda: _template(Workflow(flow)), to_yaml),
    }


def _flow(states: int) -> Flow:
    """Join tasks in a loop, each with a retrier of its own and a catcher that leads to one handler."""
    topic = Ref("Topic")
    handler = sns.Publish("Tell of the failure", TopicArn=topic, Message="It failed")
    flow: sns.Publish | Chain | None = None
    for index in range(states):
        state = sns.Publish(
            f"Publish {index}",
            TopicArn=topic,
            Message=f"This is message {index}",
            Retry=[Retrier(ErrorEquals=[ALL], IntervalSeconds=30, MaxAttempts=2, BackoffRate=1.5)],
            Catch=[Catcher(ErrorEquals=[ALL], Next=handler)],
        )
        flow = state if flow is None else flow >> state
    assert flow is not None
    return flow


def _linked(flow: Flow) -> Workflow:
    # A workflow keeps its graph and its problems: each step gets a new one, on which only what comes
    # before that step has been done.
    workflow = Workflow(flow)
    _ = workflow.linked
    return workflow


def _checked(flow: Flow) -> Workflow:
    workflow = _linked(flow)
    workflow.check()
    return workflow


def _template(workflow: Workflow) -> Template:
    return StateMachine(workflow).template()


def _best(prepare: Callable[[], Prepared], step: Callable[[Prepared], object]) -> float:
    """Return the seconds of the quickest of several runs, garbage collection included."""
    times = []
    for _ in range(REPEATS):
        prepared = prepare()
        # The step answers for its own garbage, not for that of its preparation.
        gc.collect()
        started = time.perf_counter()
        outcome = step(prepared)
        times.append(time.perf_counter() - started)
        # Outside of the clock, as it would otherwise be freed within the next run's.
        del outcome
    return min(times)


if __name__ == "__main__":
    main()
