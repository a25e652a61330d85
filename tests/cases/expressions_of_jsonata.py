from cfngen import Fail, Jsonata, Pass, Workflow

rule = "payloads_are_json"
expressions = [
    "$states.input.items[$.price > 10].name",
    "( $tax := 0.1; $sum($states.input.costs) * (1 + $tax) )",
    "$states.input.users.(first & ' ' & last)",
    '$replace($states.input.text, /["\'\\(]+/i, "\'")',
    "$states.input.a / 2 / $count($states.input.`it's`)",
    "$reduce($states.input.all, function($sum, $one) { $merge([$sum, {$one.id: $one}]) }, {})",
    "$sort($states.input.all, λ($l, $r) { $l.at > $r.at })",
    "$states.input.all@$a.parts#$i[$i > 0].{'at': $i, 'of': $a} /* done ] */",
    "$parse('{\"a\": 1}') ~> $keys ~> $map($uppercase)",
    "${Prefix} & ($states.input.${Field})",  # what DefinitionSubstitutions fills in
]
texts = {"spelled": "{% $states.input.a %}", "text": "100 %", "price": "$5"}
output = {str(number): Jsonata(expression) for number, expression in enumerate(expressions)}
workflow = Workflow(
    Pass("Prepare", Output={**output, **texts}) >> Fail("Give Up", Cause="{% $states.input.cause %}"),
    QueryLanguage="JSONata",
)
