from cfngen import JSONATA, Jsonata, Pass, Workflow

rule = "payloads_are_json"
output = {
    "step functions' own": Jsonata("$partition($range(0, 9, 1), $hash('a', 'MD5') ? 2 : 3)"),
    "made here": Jsonata("($double := function($n) { $n * 2 }; $map([1, 2], $double) ~> $sum)"),
    "in part": Jsonata("$states.input.names.($first := $substring(?, 0, 1); $first($))"),
    "as a parameter": Jsonata("$map([1], function($item, $index, $all) { $string($item) & $count($all) })"),
}
workflow = Workflow(Pass("Call", Output=output), QueryLanguage=JSONATA)
