// The same as examples/saga.py, as users of AWS CDK write it.
const cdk = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const sfn = require('aws-cdk-lib/aws-stepfunctions');
const tasks = require('aws-cdk-lib/aws-stepfunctions-tasks');

module.exports = (stack) => {
  const call = (action, step) => new tasks.LambdaInvoke(stack, `${action} ${step}`, {
    lambdaFunction: lambda.Function.fromFunctionName(
      stack, `${action}${step}Function`, `${action}-${step}`.toLowerCase(),
    ),
    payload: sfn.TaskInput.fromObject({
      trip: sfn.JsonPath.stringAt('$.trip'),
      request: sfn.JsonPath.executionName,
    }),
    resultSelector: { answer: sfn.JsonPath.objectAt('$.Payload') },
    resultPath: `$.${action}${step}`.toLowerCase(),
    taskTimeout: sfn.Timeout.duration(cdk.Duration.seconds(60)),
    retryOnServiceExceptions: false,
  });
  let undone = new sfn.Fail(stack, 'Trip Not Booked', { error: 'Trip.NotBooked' });
  let chain;
  for (const step of ['Hotel', 'Flight', 'Car']) {
    const cancel = call('Cancel', step).addRetry({ errors: ['States.ALL'], maxAttempts: 10, backoffRate: 2 });
    undone = cancel.next(undone);
    const book = call('Book', step).addCatch(undone, { errors: ['States.ALL'], resultPath: '$.error' });
    chain = chain ? chain.next(book) : sfn.Chain.start(book);
  }
  const machine = new sfn.StateMachine(stack, 'Trips', {
    definitionBody: sfn.DefinitionBody.fromChainable(chain.next(new sfn.Succeed(stack, 'Trip Booked'))),
  });
  new cdk.CfnOutput(stack, 'StateMachineArn', { value: machine.stateMachineArn });
};
