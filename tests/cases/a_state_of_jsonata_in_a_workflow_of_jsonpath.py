from cfngen import JSONATA, JSONPATH, Jsonata, Pass, Path, Workflow

rule = "state_keeps_to_the_language_of_a_jsonata_workflow"
first = Pass("First", QueryLanguage=JSONATA, Output={"n": Jsonata("$states.input.n + 1")})
workflow = Workflow(first >> Pass("Second", QueryLanguage=JSONPATH, Parameters={"n": Path("$.n")}))
