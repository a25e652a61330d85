from troposphere import Ref

from cfngen import S3_GET_OBJECT, ItemReader, Map, Pass, ProcessorConfig, Workflow

rule = "maps_are_sound"
each = Map(
    "Each",
    ItemsPath="$.jobs",
    ItemReader=ItemReader(Resource=S3_GET_OBJECT, Parameters={"Bucket": "b", "Key": "k"}),
    ItemProcessor=Pass("Item"),
    ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED"),
    MaxConcurrency=-1,
    ToleratedFailureCount=Ref("Count"),
    ToleratedFailurePercentage=101,
    Label="two words",
)
wrong = ProcessorConfig(Mode="SERIAL")  # type: ignore[arg-type]
workflow = Workflow(each >> Map("Other", ItemProcessor=Pass("Other Item"), ProcessorConfig=wrong))
