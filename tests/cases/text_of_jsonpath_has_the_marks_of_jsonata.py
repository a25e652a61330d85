from cfngen import Choice, ChoiceRule, Fail, Workflow

rule = "texts_are_text"
failed = Fail("Failed", Error="{% $states.input.Error %}", Cause="a text with {% marks %} in it")
rules = [ChoiceRule(Variable="$.status", StringEquals="{% $expected %}", Next=failed)]
workflow = Workflow(Choice("Status?", Choices=rules, Default=failed))
