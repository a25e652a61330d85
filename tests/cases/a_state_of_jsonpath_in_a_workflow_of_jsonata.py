from cfngen import JSONATA, JSONPATH, Map, Pass, Path, Workflow

rule = "state_keeps_to_the_language_of_a_jsonata_workflow"
inner = Pass("Item", QueryLanguage=JSONPATH, Parameters={"n": Path("$.n")})
workflow = Workflow(Map("Each", ItemProcessor=inner), QueryLanguage=JSONATA)
