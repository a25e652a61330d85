from cfngen import TIMEOUT, Fail, Workflow

rule = "own_errors_have_names_of_their_own"
workflow = Workflow(Fail("Give Up", Error=TIMEOUT))
