// The same as examples/nested_machines.py, as users of AWS CDK write it.
const cdk = require('aws-cdk-lib');
const dynamodb = require('aws-cdk-lib/aws-dynamodb');
const sns = require('aws-cdk-lib/aws-sns');
const sfn = require('aws-cdk-lib/aws-stepfunctions');
const tasks = require('aws-cdk-lib/aws-stepfunctions-tasks');

module.exports = (stack) => {
  const topic = new sns.Topic(stack, 'Topic');
  const shops = new dynamodb.Table(stack, 'Shops', {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  });
  const close = new tasks.DynamoUpdateItem(stack, 'Close', {
    table: shops,
    key: { id: tasks.DynamoAttributeValue.fromString(sfn.JsonPath.stringAt('$.shop')) },
    updateExpression: 'SET closed = :today ADD days :one',
    expressionAttributeValues: {
      ':today': tasks.DynamoAttributeValue.fromString(sfn.JsonPath.executionStartTime),
      ':one': tasks.DynamoAttributeValue.fromNumber(1),
    },
    returnValues: tasks.DynamoReturnValues.ALL_NEW,
    resultSelector: {
      shop: sfn.JsonPath.stringAt('$.Attributes.id.S'),
      days: sfn.JsonPath.stringAt('$.Attributes.days.N'),
    },
  });
  const child = new sfn.StateMachine(stack, 'CloseShop', {
    definitionBody: sfn.DefinitionBody.fromChainable(close),
    timeout: cdk.Duration.seconds(300),
  });
  const closeShop = new tasks.StepFunctionsStartExecution(stack, 'Close Shop', {
    stateMachine: child,
    integrationPattern: sfn.IntegrationPattern.RUN_JOB,
    input: sfn.TaskInput.fromObject({ shop: sfn.JsonPath.stringAt('$') }),
    associateWithParent: true,
    outputPath: '$.Output',
  }).addRetry({ errors: ['StepFunctions.ExecutionLimitExceeded'], interval: cdk.Duration.seconds(30) });
  const eachShop = new sfn.Map(stack, 'Each Shop', {
    itemsPath: '$.shops',
    maxConcurrency: 10,
  }).itemProcessor(closeShop);
  const tell = new tasks.SnsPublish(stack, 'Tell', {
    topic,
    message: sfn.TaskInput.fromObject({ closed: sfn.JsonPath.objectAt('$') }),
  });
  const machine = new sfn.StateMachine(stack, 'CloseShops', {
    definitionBody: sfn.DefinitionBody.fromChainable(eachShop.next(tell)),
    timeout: cdk.Duration.hours(1),
  });
  new cdk.CfnOutput(stack, 'StateMachineArn', { value: machine.stateMachineArn });
};
