from cfngen import JSONATA, REQUEST_RESPONSE, Jsonata, Path, Retrier, Workflow
from cfngen.tasks import lambda_

rule = "retriers_are_sound"
first = lambda_.Invoke(
    "First",
    pattern=REQUEST_RESPONSE,
    FunctionName="first",
    Retry=[Retrier(ErrorEquals=["Busy"], IntervalSeconds=Jsonata("$states.input.wait"))],  # type: ignore[arg-type]
)
second = lambda_.Invoke(
    "Second",
    pattern=REQUEST_RESPONSE,
    FunctionName="second",
    Retry=[Retrier(ErrorEquals=["Busy"], BackoffRate=Path("$.rate"))],  # type: ignore[arg-type]
)
workflow = Workflow(first >> second, QueryLanguage=JSONATA)
