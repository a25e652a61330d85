from troposphere import Ref

from cfngen import Choice, ChoiceRule, Path, Succeed, Workflow

rule = "choices_are_sound"
done = Succeed("Done")
choose = Choice(
    "Choose",
    Choices=[
        ChoiceRule(Variable="$.a", IsNull=1, Next=done),  # type: ignore[arg-type]
        ChoiceRule(Variable="$.a", BooleanEquals="true", Next=done),  # type: ignore[arg-type]
        ChoiceRule(Variable="$.a", NumericEquals="1", Next=done),  # type: ignore[arg-type]
        ChoiceRule(Variable="$.a", NumericLessThan=True, Next=done),
        ChoiceRule(Variable="$.a", NumericLessThan=Ref("Most"), Next=done),
        ChoiceRule(Variable="$.a", NumericLessThan=float("inf"), Next=done),
        ChoiceRule(Variable="$.a", StringEquals=5, Next=done),  # type: ignore[arg-type]
        ChoiceRule(Variable="$.a", StringEquals=Path("$.b"), Next=done),  # type: ignore[arg-type]
        ChoiceRule(Variable="$.a", NumericEquals=Path("$.b"), Next=done),  # type: ignore[arg-type]
        ChoiceRule(Variable="$.a", StringMatches=Path("$.b"), Next=done),  # type: ignore[arg-type]
        ChoiceRule(Variable="$.a", TimestampEquals="tomorrow", Next=done),
        ChoiceRule(Variable="$.a", TimestampEquals="2026-03-14 01:59:00Z", Next=done),
        ChoiceRule(Variable="a", StringEqualsPath="b", Next=done),
    ],
    Default=done,
)
workflow = Workflow(choose)
