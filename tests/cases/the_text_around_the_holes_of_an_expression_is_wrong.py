from troposphere import Ref, Sub

from cfngen import JSONATA, Choice, ChoiceRule, Jsonata, Pass, Path, Succeed, Wait, Workflow, chain

rule = "payloads_are_json"
expressions = [
    Sub("$nosuch('${Stage}')"),
    Sub("'${Stage} & $states.input.id"),
    Sub("($states.input.${Field}"),
    Sub("$eval('${Text}')"),
    "${Prefix} & (",
]
calls = [
    Sub("States.Fromat('${Stage}-{}', $.id)"),
    Sub("States.Format('${Stage}', $.id"),
    Sub("$.${Key}["),
    "$.${Key}[",
]
done = Choice(
    "Done?",
    Choices=[ChoiceRule(Condition=Sub("{% ($states.input.stage = '${Stage}' %}"), Next=Succeed("Yes"))],
    Default=Succeed("No"),
    QueryLanguage=JSONATA,
)
workflow = Workflow(
    chain(
        Pass(
            "Make",
            Output={str(number): Jsonata(text) for number, text in enumerate(expressions)},
            QueryLanguage=JSONATA,
        ),
        Pass("Call", Parameters={str(number): Path(text) for number, text in enumerate(calls)}),
        Pass("Select", InputPath=Sub("${Stage}.["), OutputPath=Sub("items.${Field}")),
        Wait("Pause", Seconds=Sub("{% $states.inptu.${Field} %}"), QueryLanguage=JSONATA),
        Wait("Again", Seconds=Jsonata(Sub("$seconds * ${Factor}")), QueryLanguage=JSONATA),
        Pass("Raw", Output=Sub("{% ${Stage} & %}"), Assign={"a": Ref("Stage")}, QueryLanguage=JSONATA),
        done,
    )
)
