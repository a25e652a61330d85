"""AWS's sample with all its resources, as a user writes it whose workflow is their own."""

from troposphere import Ref

from cfngen import ALL, SYNC, Catcher, Retrier, Workflow
from cfngen.stacks import BatchJobNotification
from cfngen.tasks import batch, sns

notify_success = sns.Publish(
    "Notify Success",
    Message="Batch job submitted through Step Functions succeeded",
    TopicArn=Ref("SNSTopic"),
)
notify_failure = sns.Publish(
    "Notify Failure",
    Message="Batch job submitted through Step Functions failed",
    TopicArn=Ref("SNSTopic"),
)
submit_batch_job = batch.SubmitJob(
    "Submit Batch Job",
    pattern=SYNC,
    JobName="BatchJobNotification",
    JobQueue=Ref("BatchJobQueue"),
    JobDefinition=Ref("BatchJobDefinition"),
    Retry=[Retrier(ErrorEquals=[ALL], IntervalSeconds=30, MaxAttempts=2, BackoffRate=1.5)],
    Catch=[Catcher(ErrorEquals=[ALL], Next=notify_failure)],
)
workflow = Workflow(
    submit_batch_job >> notify_success,
    Comment="An example of the Amazon States Language for notification on an AWS Batch job completion",
    TimeoutSeconds=3600,
)
stack = BatchJobNotification(workflow=workflow)
