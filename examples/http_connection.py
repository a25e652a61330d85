"""An HTTP task with a connection: the API of somebody else, called with a key that no one sees.

EventBridge keeps the key, which it takes from Secrets Manager. The role may call this endpoint with
this method and nothing else. An API that is busy is asked again, more and more slowly.

    cfngen template http_connection.py:template
"""

from troposphere import GetAtt, Output, Template
from troposphere.events import ApiKeyAuthParameters, AuthParameters, Connection

from cfngen import ALL, HTTP_SOCKET, Catcher, Fail, Path, Retrier, Workflow
from cfngen.stacks import StateMachine
from cfngen.tasks import http

template = Template("Send an invoice by the API of a payment provider")
connection = template.add_resource(
    Connection(
        "Provider",
        AuthorizationType="API_KEY",
        AuthParameters=AuthParameters(
            ApiKeyAuthParameters=ApiKeyAuthParameters(
                ApiKeyName="Authorization",
                ApiKeyValue="{{resolve:secretsmanager:payment-provider:SecretString:key}}",
            )
        ),
    )
)

busy = ["States.Http.StatusCode.429", "States.Http.StatusCode.503", HTTP_SOCKET]
send = http.Invoke(
    "Send Invoice",
    ApiEndpoint="https://api.payments.example/v1/invoices",
    Method="POST",
    Authentication={"ConnectionArn": GetAtt(connection, "Arn")},
    Headers={"Idempotency-Key": Path("$.order")},
    RequestBody={"customer": Path("$.customer"), "amount": Path("$.amount"), "currency": "EUR"},
    ResultSelector={"invoice": Path("$.ResponseBody.id")},
    Retry=[
        Retrier(ErrorEquals=busy, IntervalSeconds=5, MaxAttempts=6, BackoffRate=2, JitterStrategy="FULL")
    ],
    Catch=[Catcher(ErrorEquals=[ALL], Next=Fail("Not Sent", Error="Invoice.NotSent"))],
)
workflow = Workflow(send, TimeoutSeconds=1800)
machine = StateMachine(workflow, logical_id="Invoices").add_to(template)
template.add_output(Output("StateMachineArn", Value=machine.ref()))
