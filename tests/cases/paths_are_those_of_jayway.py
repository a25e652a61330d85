from cfngen import Choice, ChoiceRule, Pass, Path, Succeed, Wait, Workflow, chain

rule = "paths_are_paths"
paths = [
    "$",
    "$$",
    "$.[0]",
    "$.abc.['def ghi']",
    '$["a"]',
    "$['a', 'b'].c",
    "$[*][*]",
    "$.jobs[-1]",
    "$.jobs[0, 1]",
    "$.jobs[:2]",
    "$.jobs[-1:]",
    "$..jobs[?(@.cost > 1 && @.name =~ /it's [a-z)]+/i)].id",
    "$.jobs[?(@['in)'] in ['a', 'b'])]",
    "$.jobs.length()",
    "$.foo-bar.ns:tag.*",
    "$$.Execution.Input.jobs[0]",
    "$$['Execution']",
    "$.${Key}[${Index}]",  # what DefinitionSubstitutions fills in
]
done = Choice(
    "Done?",
    Choices=[ChoiceRule(Variable="$.jobs[0].done", BooleanEqualsPath="$.yes", Next=Succeed("Yes"))],
    Default=Succeed("No"),
)
workflow = Workflow(
    chain(*(Pass(path, InputPath=path) for path in paths))
    >> Wait("Wait", Seconds=Path("$$.Execution.Input.delays[0]"))
    >> done
)
