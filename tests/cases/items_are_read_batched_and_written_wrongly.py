from cfngen import (
    S3_GET_OBJECT,
    ItemBatcher,
    ItemReader,
    Jsonata,
    Map,
    Pass,
    ProcessorConfig,
    ReaderConfig,
    ResultWriter,
    Workflow,
    WriterConfig,
)

rule = "items_are_read_and_written"
distributed = ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD")
first = Map(
    "First",
    ItemReader=ItemReader(
        Resource="bucket/key",
        ReaderConfig=ReaderConfig(
            InputType="XML",  # type: ignore[arg-type]
            CSVHeaderLocation="GIVEN",
            CSVDelimiter=",",  # type: ignore[arg-type]
            MaxItems=0,
        ),
        Parameters={"Bucket": {1, 2}},  # type: ignore[dict-item]
    ),
    ItemBatcher=ItemBatcher(BatchInput={"day": "$.day"}),
    ItemProcessor=Pass("First Item"),
    ProcessorConfig=distributed,
    ResultWriter=ResultWriter(),
)
second = Map(
    "Second",
    ItemReader=ItemReader(
        Resource=S3_GET_OBJECT,
        ReaderConfig=ReaderConfig(
            CSVHeaderLocation="GIVEN", CSVHeaders="day,amount", MaxItems=Jsonata("$states.input.most")
        ),
        Parameters={"Bucket": "b", "Key": "k"},
    ),
    ItemBatcher=ItemBatcher(MaxItemsPerBatch=0, MaxInputBytesPerBatch=262_145),
    ItemProcessor=Pass("Second Item"),
    ProcessorConfig=distributed,
    ResultWriter=ResultWriter(Resource="bucket", WriterConfig=WriterConfig(OutputType="CSV")),  # type: ignore[arg-type]
)
workflow = Workflow(first >> second)
