// The same as examples/batch_in_sequence.py, as users of AWS CDK write it.
const cdk = require('aws-cdk-lib');
const batch = require('aws-cdk-lib/aws-batch');
const ec2 = require('aws-cdk-lib/aws-ec2');
const ecs = require('aws-cdk-lib/aws-ecs');
const sns = require('aws-cdk-lib/aws-sns');
const sfn = require('aws-cdk-lib/aws-stepfunctions');
const tasks = require('aws-cdk-lib/aws-stepfunctions-tasks');

module.exports = (stack) => {
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }],
  });
  const compute = new batch.FargateComputeEnvironment(stack, 'Compute', {
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
  });
  const queue = new batch.JobQueue(stack, 'Queue', {
    computeEnvironments: [{ computeEnvironment: compute, order: 1 }],
  });
  const topic = new sns.Topic(stack, 'Topic');
  const job = (name) => new batch.EcsJobDefinition(stack, `${name}Job`, {
    container: new batch.EcsFargateContainerDefinition(stack, `${name}Container`, {
      image: ecs.ContainerImage.fromRegistry('public.ecr.aws/amazonlinux/amazonlinux:2023'),
      command: ['echo', name, 'the orders of', 'Ref::day'],
      cpu: 0.5,
      memory: cdk.Size.mebibytes(1024),
      assignPublicIp: true,
    }),
  });
  const tell = new tasks.SnsPublish(stack, 'Tell', {
    topic,
    subject: 'Orders were not loaded',
    message: sfn.TaskInput.fromJsonPathAt('$.error.Cause'),
  });
  const giveUp = tell.next(new sfn.Fail(stack, 'Give Up', { error: 'Orders.NotLoaded' }));
  const again = { errors: ['States.ALL'], interval: cdk.Duration.seconds(60), maxAttempts: 2, backoffRate: 2 };
  const caught = { errors: ['States.ALL'], resultPath: '$.error' };
  const extract = new tasks.BatchSubmitJob(stack, 'Extract', {
    jobName: 'extract-orders',
    jobQueueArn: queue.jobQueueArn,
    jobDefinitionArn: job('Extract').jobDefinitionArn,
    payload: sfn.TaskInput.fromObject({ day: sfn.JsonPath.stringAt('$.day') }),
    resultSelector: {
      job: sfn.JsonPath.stringAt('$.JobId'),
      log: sfn.JsonPath.stringAt('$.Container.LogStreamName'),
    },
    resultPath: '$.extracted',
  }).addRetry(again).addCatch(giveUp, caught);
  const load = new tasks.BatchSubmitJob(stack, 'Load', {
    jobName: 'load-orders',
    jobQueueArn: queue.jobQueueArn,
    jobDefinitionArn: job('Load').jobDefinitionArn,
    payload: sfn.TaskInput.fromObject({ day: sfn.JsonPath.stringAt('$.day') }),
    containerOverrides: { environment: { EXTRACTED_BY: sfn.JsonPath.stringAt('$.extracted.job') } },
    resultSelector: { job: sfn.JsonPath.stringAt('$.JobId') },
    resultPath: '$.loaded',
  }).addRetry(again).addCatch(giveUp, caught);
  const machine = new sfn.StateMachine(stack, 'Orders', {
    definitionBody: sfn.DefinitionBody.fromChainable(extract.next(load)),
    timeout: cdk.Duration.hours(4),
  });
  new cdk.CfnOutput(stack, 'StateMachineArn', { value: machine.stateMachineArn });
};
