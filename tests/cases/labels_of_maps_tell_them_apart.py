from cfngen import Map, Parallel, Pass, ProcessorConfig, Workflow

rule = "labels_are_unique"
distributed = ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD")
orders = Map("Each Order", ItemProcessor=Pass("Order"), ProcessorConfig=distributed, Label="Orders")
returns = Map("Each Return", ItemProcessor=Pass("Return"), ProcessorConfig=distributed, Label="Returns")
unlabelled = Map("Each Other", ItemProcessor=Pass("Other"), ProcessorConfig=distributed)
again = Map("Each Again", ItemProcessor=Pass("Again"), ProcessorConfig=distributed)
workflow = Workflow(orders >> Parallel("Besides", Branches=[returns, unlabelled]) >> again)
