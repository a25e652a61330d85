from troposphere import Ref

from cfngen import (
    S3_GET_OBJECT,
    S3_LIST_OBJECTS_V2,
    S3_PUT_OBJECT,
    ItemBatcher,
    ItemReader,
    Map,
    Pass,
    Path,
    ProcessorConfig,
    ReaderConfig,
    ResultWriter,
    Workflow,
    WriterConfig,
)

rule = "items_are_read_and_written"
distributed = ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="EXPRESS")
rows = Map(
    "Rows",
    ItemReader=ItemReader(
        Resource=S3_GET_OBJECT,
        ReaderConfig=ReaderConfig(
            InputType="CSV",
            CSVHeaderLocation="GIVEN",
            CSVHeaders=["day", "amount"],
            CSVDelimiter="PIPE",
            MaxItems=Path("$.most"),
        ),
        Parameters={"Bucket": Ref("Bucket"), "Key": Path("$.key")},
    ),
    ItemBatcher=ItemBatcher(
        MaxItemsPerBatch=10, MaxInputBytesPerBatch=262_144, BatchInput={"day": Path("$.day")}
    ),
    ItemProcessor=Pass("Row"),
    ProcessorConfig=distributed,
    ResultWriter=ResultWriter(
        Resource=S3_PUT_OBJECT,
        WriterConfig=WriterConfig(Transformation="COMPACT", OutputType="JSONL"),
        Parameters={"Bucket": Ref("Bucket"), "Prefix": "results"},
    ),
)
objects = Map(
    "Objects",
    ItemReader=ItemReader(Resource=S3_LIST_OBJECTS_V2, Parameters={"Bucket": Ref("Bucket")}),
    ItemProcessor=Pass("Object"),
    ProcessorConfig=distributed,
    ResultWriter=ResultWriter(WriterConfig=WriterConfig(Transformation="FLATTEN", OutputType="JSON")),
)
workflow = Workflow(rows >> objects)
