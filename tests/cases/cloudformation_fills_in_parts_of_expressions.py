from troposphere import GetAtt, ImportValue, Join, Ref, Sub

from cfngen import JSONATA, Choice, ChoiceRule, Jsonata, Map, Pass, Path, Succeed, Wait, Workflow, chain
from cfngen.tasks import dynamodb

rule = "payloads_are_json"
expressions = [
    Sub("$states.input.stage = '${Stage}'"),
    Sub("$states.input.${Field}[0] + ${Number} * 2"),
    Sub("[${First}..${Last}]"),
    Sub("$${Function}(${Number}, /^${Prefix}/)"),
    Sub("${Whole}.name"),
    Sub("'${Prefix}-' & ${One}${Other}"),
    Sub("'${Prefix}-' & $states.input.id", Prefix=ImportValue("prefix")),
    Join("", ["'", Ref("Prefix"), "-' & $states.input.id"]),
    Ref("Expression"),
    GetAtt("Table", "Arn"),
]
calls = [
    Sub("States.Format('${Stage}-{}', $.id)"),
    Sub("States.Format('${Template}', $.a, $.b)"),
    Sub("States.Array(${Number}, '${Text}')"),
    Sub("$.${Field}[${Index}]"),
    Ref("Path"),
]
done = Choice(
    "Done?",
    Choices=[
        ChoiceRule(Condition=Sub("{% $states.input.stage = '${Stage}' %}"), Next=Succeed("Yes")),
        ChoiceRule(Condition=Jsonata(Sub("${Ready}")), Next=Succeed("Also")),
    ],
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
        Pass("Select", InputPath=Sub("$.${Field}"), OutputPath=Ref("Path")),
        Wait("Pause", Seconds=Jsonata(Sub("${Minutes} * 60")), QueryLanguage=JSONATA),
        Wait("Pause Again", Seconds=Sub("{% ${Minutes} * 60 %}"), QueryLanguage=JSONATA),
        Map(
            "Each",
            Items=Jsonata(Sub("[1..${Count}]")),
            ItemProcessor=dynamodb.GetItem(
                "Get",
                TableName=Sub("{% 'table-${Stage}' %}"),
                Key={"id": {"S": Jsonata("$states.input.id")}},
                QueryLanguage=JSONATA,
            ),
            MaxConcurrency=Jsonata(Ref("Limit")),
            QueryLanguage=JSONATA,
        ),
        done,
    )
)
