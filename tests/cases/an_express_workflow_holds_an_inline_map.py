from cfngen import Map, Pass, Workflow

rule = "express_has_no_distributed_map"
type = "EXPRESS"  # noqa: A001
workflow = Workflow(Map("Each", ItemProcessor=Pass("Item")))
