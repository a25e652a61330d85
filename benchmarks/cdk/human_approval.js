// The same as examples/human_approval.py, as users of AWS CDK write it.
const cdk = require('aws-cdk-lib');
const sns = require('aws-cdk-lib/aws-sns');
const sqs = require('aws-cdk-lib/aws-sqs');
const sfn = require('aws-cdk-lib/aws-stepfunctions');
const tasks = require('aws-cdk-lib/aws-stepfunctions-tasks');

module.exports = (stack) => {
  const questions = new sqs.Queue(stack, 'Questions', { retentionPeriod: cdk.Duration.days(2) });
  const topic = new sns.Topic(stack, 'Topic');
  const pay = new tasks.SnsPublish(stack, 'Pay', {
    topic,
    message: sfn.TaskInput.fromText(
      sfn.JsonPath.format(
        '{} was approved by {}',
        sfn.JsonPath.stringAt('$.payment'),
        sfn.JsonPath.stringAt('$.answer.by'),
      ),
    ),
  });
  const refuse = new sfn.Fail(stack, 'Refuse', { error: 'Payment.Refused' });
  const expire = new sfn.Fail(stack, 'Expire', {
    error: 'Payment.Expired',
    cause: 'Nobody answered in two days',
  });
  const ask = new tasks.SqsSendMessage(stack, 'Ask', {
    queue: questions,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    messageBody: sfn.TaskInput.fromObject({
      payment: sfn.JsonPath.stringAt('$.payment'),
      amount: sfn.JsonPath.numberAt('$.amount'),
      token: sfn.JsonPath.taskToken,
    }),
    resultPath: '$.answer',
    taskTimeout: sfn.Timeout.duration(cdk.Duration.days(2)),
  }).addCatch(expire, { errors: ['States.Timeout'] });
  const approved = new sfn.Choice(stack, 'Approved?')
    .when(sfn.Condition.booleanEquals('$.answer.approved', true), pay)
    .otherwise(refuse);
  const machine = new sfn.StateMachine(stack, 'Payments', {
    definitionBody: sfn.DefinitionBody.fromChainable(ask.next(approved)),
  });
  new cdk.CfnOutput(stack, 'StateMachineArn', { value: machine.stateMachineArn });
};
