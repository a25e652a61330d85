"""Two AWS Batch jobs in sequence: the second is told what the first has come to.

The first job extracts the orders of a day, the second one loads them. A job that fails is tried
again; when that does not help, a topic is told why, and the execution fails.

    cfngen template batch_in_sequence.py:template
"""

from troposphere import Output, Ref, Template

from cfngen import ALL, SYNC, Catcher, Fail, Path, Retrier, Workflow
from cfngen.stacks import StateMachine
from cfngen.stacks.parts import BatchCompute, BatchJob, BatchQueue, Network, NotificationTopic
from cfngen.tasks import batch, sns

template = Template("Extract the orders of a day, then load them")
network = Network(availability_zones=2).add_to(template)
compute = BatchCompute(compute="FARGATE").add_to(template, network)
queue = BatchQueue().add_to(template, compute)
topic = NotificationTopic().add_to(template)


def job(name: str) -> Ref:
    """Add the definition of a job that is told the day; return a reference to it."""
    command = ["echo", name, "the orders of", "Ref::day"]
    return BatchJob(compute="FARGATE", vcpus=0.5, command=command, prefix=name).add_to(template)


tell = sns.Publish("Tell", TopicArn=topic, Subject="Orders were not loaded", Message=Path("$.error.Cause"))
give_up = Fail("Give Up", Error="Orders.NotLoaded")
again = Retrier(ErrorEquals=[ALL], IntervalSeconds=60, MaxAttempts=2, BackoffRate=2)
caught = Catcher(ErrorEquals=[ALL], ResultPath="$.error", Next=tell >> give_up)
extract = batch.SubmitJob(
    "Extract",
    pattern=SYNC,
    JobName="extract-orders",
    JobQueue=queue,
    JobDefinition=job("Extract"),
    Parameters={"day": Path("$.day")},
    ResultSelector={"job": Path("$.JobId"), "log": Path("$.Container.LogStreamName")},
    ResultPath="$.extracted",
    Retry=[again],
    Catch=[caught],
)
load = batch.SubmitJob(
    "Load",
    pattern=SYNC,
    JobName="load-orders",
    JobQueue=queue,
    JobDefinition=job("Load"),
    Parameters={"day": Path("$.day")},
    ContainerOverrides={"Environment": [{"Name": "EXTRACTED_BY", "Value": Path("$.extracted.job")}]},
    ResultSelector={"job": Path("$.JobId")},
    ResultPath="$.loaded",
    Retry=[again],
    Catch=[caught],
)
workflow = Workflow(extract >> load, TimeoutSeconds=4 * 3600)
machine = StateMachine(workflow, logical_id="Orders").add_to(template)
template.add_output(Output("StateMachineArn", Value=machine.ref()))
