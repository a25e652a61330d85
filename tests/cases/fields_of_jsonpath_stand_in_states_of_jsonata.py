from cfngen import (
    ALL,
    JSONATA,
    S3_PUT_OBJECT,
    Catcher,
    Map,
    Parallel,
    Pass,
    Path,
    ProcessorConfig,
    ResultWriter,
    Task,
    Wait,
    Workflow,
)
from cfngen.tasks import sns

rule = "fields_are_of_the_query_language"
call = Task(
    "Call",
    Resource="arn:aws:states:::lambda:invoke",
    InputPath="$.a",
    Parameters={"FunctionName": "night"},
    ResultSelector={"id": 1},
    ResultPath=None,
    OutputPath="$",
    Catch=[Catcher(ErrorEquals=[ALL], Next=Pass("Handle", Result=1), ResultPath="$.error")],
)
each = Map(
    "Each",
    ItemsPath="$.jobs",
    ItemProcessor=sns.Publish("Tell", TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message=Path("$.m")),
    ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD"),
    ResultWriter=ResultWriter(Resource=S3_PUT_OBJECT, Parameters={"Bucket": "b"}),
)
both = Parallel("Both", Parameters={}, Branches=[each])
workflow = Workflow(call >> both >> Wait("Wait", Seconds=Path("$.delay")), QueryLanguage=JSONATA)
