// The same as examples/fan_out_over_s3.py, as users of AWS CDK write it.
const cdk = require('aws-cdk-lib');
const dynamodb = require('aws-cdk-lib/aws-dynamodb');
const s3 = require('aws-cdk-lib/aws-s3');
const sfn = require('aws-cdk-lib/aws-stepfunctions');
const tasks = require('aws-cdk-lib/aws-stepfunctions-tasks');

module.exports = (stack) => {
  const bucket = new s3.Bucket(stack, 'Uploads');
  const table = new dynamodb.Table(stack, 'Orders', {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  });
  const writeRow = new tasks.DynamoPutItem(stack, 'Write Row', {
    table,
    item: {
      id: tasks.DynamoAttributeValue.fromString(sfn.JsonPath.stringAt('$.id')),
      total: tasks.DynamoAttributeValue.numberFromString(sfn.JsonPath.stringAt('$.total')),
    },
  }).addRetry({ errors: ['DynamoDB.ProvisionedThroughputExceededException'], backoffRate: 2 });
  const eachRow = new sfn.DistributedMap(stack, 'Each Row', {
    mapExecutionType: sfn.StateMachineType.EXPRESS,
    itemReader: new sfn.S3CsvItemReader({
      bucket,
      key: sfn.JsonPath.stringAt('$.key'),
      csvHeaders: sfn.CsvHeaders.useFirstRow(),
    }),
    resultWriterV2: new sfn.ResultWriterV2({ bucket, prefix: 'results' }),
    maxConcurrency: 100,
    toleratedFailurePercentage: 5,
    label: 'Rows',
  }).itemProcessor(writeRow);
  const machine = new sfn.StateMachine(stack, 'Import', {
    definitionBody: sfn.DefinitionBody.fromChainable(eachRow),
  });
  new cdk.CfnOutput(stack, 'StateMachineArn', { value: machine.stateMachineArn });
};
