// The same as examples/http_connection.py, as users of AWS CDK write it.
const cdk = require('aws-cdk-lib');
const events = require('aws-cdk-lib/aws-events');
const sfn = require('aws-cdk-lib/aws-stepfunctions');
const tasks = require('aws-cdk-lib/aws-stepfunctions-tasks');

module.exports = (stack) => {
  const connection = new events.Connection(stack, 'Provider', {
    authorization: events.Authorization.apiKey(
      'Authorization',
      cdk.SecretValue.secretsManager('payment-provider', { jsonField: 'key' }),
    ),
  });
  const send = new tasks.HttpInvoke(stack, 'Send Invoice', {
    connection,
    apiRoot: 'https://api.payments.example',
    apiEndpoint: sfn.TaskInput.fromText('v1/invoices'),
    method: sfn.TaskInput.fromText('POST'),
    headers: sfn.TaskInput.fromObject({ 'Idempotency-Key': sfn.JsonPath.stringAt('$.order') }),
    body: sfn.TaskInput.fromObject({
      customer: sfn.JsonPath.stringAt('$.customer'),
      amount: sfn.JsonPath.numberAt('$.amount'),
      currency: 'EUR',
    }),
    resultSelector: { invoice: sfn.JsonPath.stringAt('$.ResponseBody.id') },
  }).addRetry({
    errors: ['States.Http.StatusCode.429', 'States.Http.StatusCode.503', 'States.Http.Socket'],
    interval: cdk.Duration.seconds(5),
    maxAttempts: 6,
    backoffRate: 2,
    jitterStrategy: sfn.JitterType.FULL,
  }).addCatch(new sfn.Fail(stack, 'Not Sent', { error: 'Invoice.NotSent' }));
  const machine = new sfn.StateMachine(stack, 'Invoices', {
    definitionBody: sfn.DefinitionBody.fromChainable(send),
    timeout: cdk.Duration.minutes(30),
  });
  new cdk.CfnOutput(stack, 'StateMachineArn', { value: machine.stateMachineArn });
};
