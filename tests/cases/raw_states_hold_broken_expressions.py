from cfngen import Choice, ChoiceRule, RawState, Succeed, Workflow

rule = "raw_expressions_are_sound"
wait = RawState(
    "Wait", {"Type": "Wait", "SecondsPath": "$.delay[*]", "InputPath": "jobs", "OutputPath": "$.a["}
)
call = RawState(
    "Call",
    {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {
            "FunctionName": "night",
            "Payload": {"id.$": "States.Uuid()", "all": [{"a.$": "a"}]},
        },
        "ResultPath": "$$.result",
        "Assign": {"id.$": "$.Payload["},
    },
)
other = RawState("Other", {"Type": "Pass", "QueryLanguage": "JSONata", "Output": ["{% (1 %}", "{% 1 "]})
tests = [{"Variable": "$.a[", "IsNull": True, "Next": "Wait"}]
raw_choice = RawState("Choose", {"Type": "Choice", "Choices": tests})
rule_of_choice = ChoiceRule(Variable="$.more", BooleanEquals=True, Next=raw_choice)
choose = Choice("More?", Choices=[rule_of_choice], Default=Succeed("Done"))
workflow = Workflow(wait >> call >> other >> choose)
