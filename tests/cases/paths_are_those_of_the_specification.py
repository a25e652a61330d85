from cfngen import Fail, Pass, Path, Workflow, chain

rule = "paths_are_paths"
# the examples of https://states-language.net/#ref-paths
paths = [
    "$.store.book",
    r"$.store\.book",
    r"$.\stor\e.boo\k",
    "$.store.book.title",
    r"$.foo.\.bar",
    r"$.foo\@bar.baz\[\[.\?pretty",
    r"$.&Ж中.\uD800\uDF46",
    "$.ledgers.branch[0].pending.count",
    "$.ledgers.branch[0]",
    "$.ledgers[0][22][315].foo",
    "$['store']['book']",
    "$['store'][0]['book']",
]
workflow = Workflow(
    chain(*(Pass(path, InputPath=path, ResultPath=path, OutputPath=path) for path in paths))
    >> Pass("Any Path", InputPath="$.store.book[?(@.price < 10)]", OutputPath="$..author")
    >> Pass("Context", InputPath="$$.Execution.Input", ResultPath=None)
    >> Fail("Give Up", Error=Path("$.error"), Cause=Path("States.Format('{} failed', $.job)"))
)
