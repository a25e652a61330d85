from cfngen import RawState, Workflow

rule = "some_state_ends_it"
poll = RawState("Poll", {"Type": "Pass", "Next": "Choose"})
choose = RawState("Choose", {"Type": "Choice", "Choices": [], "Default": "Poll"})
workflow = Workflow(poll >> choose)
