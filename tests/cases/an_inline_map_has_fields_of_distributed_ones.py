from cfngen import S3_GET_OBJECT, ItemBatcher, ItemReader, Map, Pass, ResultWriter, Workflow, WriterConfig

rule = "maps_are_sound"
each = Map(
    "Each",
    ItemProcessor=Pass("Item"),
    ItemReader=ItemReader(Resource=S3_GET_OBJECT, Parameters={"Bucket": "b", "Key": "k"}),
    ItemBatcher=ItemBatcher(MaxItemsPerBatch=10),
    ResultWriter=ResultWriter(WriterConfig=WriterConfig(OutputType="JSON")),
    ToleratedFailureCount=5,
    ToleratedFailurePercentage=2.5,
    Label="Nights",
)
workflow = Workflow(each)
