from cfngen import Choice, Succeed, Workflow

rule = "choices_are_sound"
workflow = Workflow(Choice("Choose", Choices=[], Default=Succeed("Done")))
