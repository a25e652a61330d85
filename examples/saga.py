"""A saga: when a booking fails, it and the bookings before it are undone, the last one first.

The one that failed is undone too, since an error does not tell whether it was made: what cancels must
not mind if there is nothing to cancel. A step is added to a trip by adding its name to the list.

    cfngen template saga.py:template
"""

from collections.abc import Sequence

from troposphere import Output, Template

from cfngen import ALL, REQUEST_RESPONSE, Catcher, Fail, Path, Retrier, Succeed, Workflow, chain
from cfngen.stacks import StateMachine
from cfngen.tasks import lambda_

# the functions are those of other stacks: book-hotel, cancel-hotel and so on
STEPS = ("Hotel", "Flight", "Car")


def call(
    action: str, step: str, retry: Sequence[Retrier] = (), catch: Sequence[Catcher] = ()
) -> lambda_.Invoke:
    """Return the task that calls a function, and keeps what it answers under the name of the step."""
    return lambda_.Invoke(
        f"{action} {step}",
        pattern=REQUEST_RESPONSE,
        FunctionName=f"{action}-{step}".lower(),
        Payload={"trip": Path("$.trip"), "request": Path("$$.Execution.Name")},
        ResultSelector={"answer": Path("$.Payload")},
        ResultPath=f"$.{action}{step}".lower(),
        TimeoutSeconds=60,
        Retry=retry,
        Catch=catch,
    )


again = Retrier(ErrorEquals=[ALL], MaxAttempts=10, BackoffRate=2)
undone = chain(Fail("Trip Not Booked", Error="Trip.NotBooked"))
bookings = []
for step in STEPS:
    undone = chain(call("Cancel", step, retry=[again]), undone)
    failed = Catcher(ErrorEquals=[ALL], ResultPath="$.error", Next=undone)
    bookings.append(call("Book", step, catch=[failed]))

workflow = Workflow(chain(*bookings) >> Succeed("Trip Booked"))
template = Template("Book a trip, or nothing of it")
machine = StateMachine(workflow, logical_id="Trips").add_to(template)
template.add_output(Output("StateMachineArn", Value=machine.ref()))
