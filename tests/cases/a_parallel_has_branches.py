from cfngen import ALL, Catcher, Fail, Parallel, Pass, Path, Retrier, Succeed, Workflow

rule = "branches_are_there"
both = Parallel(
    "Both",
    Branches=[Pass("A") >> Pass("B"), Succeed("C")],
    Parameters={"day": Path("$.day")},
    ResultSelector={"first": Path("$[0]")},
    ResultPath="$.both",
    Retry=[Retrier(ErrorEquals=[ALL])],
    Catch=[Catcher(ErrorEquals=[ALL], Next=Fail("Give Up"))],
)
workflow = Workflow(both)
