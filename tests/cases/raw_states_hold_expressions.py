from cfngen import Choice, ChoiceRule, Path, RawState, Workflow

rule = "raw_expressions_are_sound"
tests = [{"Variable": "$.jobs[0]", "IsPresent": True}, {"Variable": "$.a", "NumericEqualsPath": "$.b"}]
raw_choice = RawState("Choose", {"Type": "Choice", "Choices": [{"And": tests, "Next": "Wait"}]})
wait = RawState("Wait", {"Type": "Wait", "SecondsPath": "$.delay", "InputPath": "$.jobs[*]"})
payload = {"id.$": "States.UUID()", "in": Path("$.in")}
call = RawState(
    "Call",
    {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "night", "FilePath": "a[", "Payload": payload},
        "ResultSelector": {"a.$": "$.Payload"},
        "ResultPath": "$.result",
        "Retry": [{"ErrorEquals": ["States.ALL"]}],
    },
)
other = RawState("Other", {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input %}"})
fixed = RawState("Fixed", {"Type": "Pass", "Result": {"a.$": "as it stands"}})
fail = RawState("Fail", {"Type": "Fail", "CausePath": "States.Format('{}', $.a)", "ErrorPath": "$.error"})
choose = Choice(
    "More?", Choices=[ChoiceRule(Variable="$.more", BooleanEquals=True, Next=raw_choice)], Default=fail
)
workflow = Workflow(wait >> call >> other >> fixed >> choose)
