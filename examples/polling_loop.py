"""A polling loop: start what tells nobody of its end, then ask until it has ended.

Step Functions cannot wait for a crawler of AWS Glue by itself. The loop asks every minute, gives up
after an hour, and says whether the crawl went well.

    cfngen template polling_loop.py:template
"""

from troposphere import Output, Parameter, Template

from cfngen import Choice, ChoiceRule, DataTest, Fail, Goto, Path, Retrier, Succeed, Wait, Workflow
from cfngen.stacks import StateMachine
from cfngen.tasks import aws_sdk

template = Template("Run a crawler, and wait for its end")
crawler = template.add_parameter(
    Parameter(
        "Crawler",
        Type="String",
        Description="The name of the crawler.",
        Default="nightly",
        AllowedPattern="[A-Za-z0-9_-]+",
    )
).ref()

start = aws_sdk.Call("Start", service="glue", action="startCrawler", Name=crawler, ResultPath="$.started")
pause = Wait("Pause", Seconds=60)
ask = aws_sdk.Call(
    "Ask",
    service="glue",
    action="getCrawler",
    Name=crawler,
    ResultSelector={"state": Path("$.Crawler.State"), "last": Path("$.Crawler.LastCrawl.Status")},
    Retry=[Retrier(ErrorEquals=["Glue.OperationTimeoutException"], IntervalSeconds=10, BackoffRate=2)],
)
is_ready = DataTest(Variable="$.state", StringEquals="READY")
has_succeeded = DataTest(Variable="$.last", StringEquals="SUCCEEDED")
ended = Choice(
    "Ended?",
    Choices=[
        ChoiceRule(And=[is_ready, has_succeeded], Next=Succeed("Done")),
        ChoiceRule(Variable="$.state", StringEquals="READY", Next=Fail("Failed", Error="Crawler.Failed")),
    ],
    Default=Goto("Pause"),
)
workflow = Workflow(start >> pause >> ask >> ended, TimeoutSeconds=3600)
machine = StateMachine(workflow, logical_id="Crawl").add_to(template)
template.add_output(Output("StateMachineArn", Value=machine.ref()))
