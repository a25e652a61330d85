// The same as examples/polling_loop.py, as users of AWS CDK write it.
const cdk = require('aws-cdk-lib');
const sfn = require('aws-cdk-lib/aws-stepfunctions');
const tasks = require('aws-cdk-lib/aws-stepfunctions-tasks');

module.exports = (stack) => {
  const crawler = new cdk.CfnParameter(stack, 'Crawler', {
    description: 'The name of the crawler.',
    allowedPattern: '[A-Za-z0-9_-]+',
    default: 'nightly',
  });
  const arn = stack.formatArn({ service: 'glue', resource: 'crawler', resourceName: crawler.valueAsString });
  const start = new tasks.CallAwsService(stack, 'Start', {
    service: 'glue',
    action: 'startCrawler',
    parameters: { Name: crawler.valueAsString },
    iamResources: [arn],
    resultPath: '$.started',
  });
  const pause = new sfn.Wait(stack, 'Pause', { time: sfn.WaitTime.duration(cdk.Duration.seconds(60)) });
  const ask = new tasks.CallAwsService(stack, 'Ask', {
    service: 'glue',
    action: 'getCrawler',
    parameters: { Name: crawler.valueAsString },
    iamResources: [arn],
    resultSelector: {
      state: sfn.JsonPath.stringAt('$.Crawler.State'),
      last: sfn.JsonPath.stringAt('$.Crawler.LastCrawl.Status'),
    },
  }).addRetry({
    errors: ['Glue.OperationTimeoutException'],
    interval: cdk.Duration.seconds(10),
    backoffRate: 2,
  });
  const isReady = sfn.Condition.stringEquals('$.state', 'READY');
  const hasSucceeded = sfn.Condition.stringEquals('$.last', 'SUCCEEDED');
  const ended = new sfn.Choice(stack, 'Ended?')
    .when(sfn.Condition.and(isReady, hasSucceeded), new sfn.Succeed(stack, 'Done'))
    .when(isReady, new sfn.Fail(stack, 'Failed', { error: 'Crawler.Failed' }))
    .otherwise(pause);
  const machine = new sfn.StateMachine(stack, 'Crawl', {
    definitionBody: sfn.DefinitionBody.fromChainable(start.next(pause).next(ask).next(ended)),
    timeout: cdk.Duration.hours(1),
  });
  new cdk.CfnOutput(stack, 'StateMachineArn', { value: machine.stateMachineArn });
};
