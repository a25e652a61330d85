"""A pipeline that checks, audits, compares and deploys: what a build does with a stack on each change.

It ends with 1 before anything is deployed if Step Functions or CloudFormation would refuse the
stack, if the role lacks something or allows too much, or if the change would replace a resource or
harm executions under way.

    python pipeline.py STACK [TEMPLATE THAT IS DEPLOYED]
"""

import subprocess
import sys
from collections.abc import Iterator

from troposphere import Output, Template

from cfngen import ALL, REQUEST_RESPONSE, Retrier, Workflow
from cfngen.diff import Kind, compare, side
from cfngen.inputs.auditing import audit_file
from cfngen.stacks import StateMachine
from cfngen.stacks.parts import NotificationTopic
from cfngen.tasks import lambda_, sns
from cfngen.template import problems, to_yaml, write
from cfngen.template.lint import lint_file

template = Template("Write the report of the night")
topic = NotificationTopic().add_to(template)
report = lambda_.Invoke(
    "Write Report",
    pattern=REQUEST_RESPONSE,
    FunctionName="write-report",
    Retry=[Retrier(ErrorEquals=[ALL], IntervalSeconds=30, MaxAttempts=2)],
)
tell = sns.Publish("Tell", TopicArn=topic, Message="The report of the night is written")
workflow = Workflow(report >> tell, TimeoutSeconds=900)
machine = StateMachine(workflow, logical_id="Nightly", log_level="ERROR").add_to(template)
template.add_output(Output("StateMachineArn", Value=machine.ref()))

REFUSED = (Kind.UNNEEDED_PERMISSIONS, Kind.RUNNING_EXECUTIONS, Kind.REPLACEMENT)


def objections(path: str, deployed: str | None) -> Iterator[str]:
    """Yield what speaks against a template: alone, and as a change of the one that is deployed."""
    yield from map(str, workflow.check())
    yield from map(str, problems(template))
    yield from map(str, lint_file(path))
    audited = (finding.problem for finding in audit_file(path))
    yield from (str(problem) for problem in audited if problem.severity != "note")
    if deployed is not None:
        kinds = compare(side(deployed), side(path)).kinds()
        yield from (f"the change has {kind.value}" for kind in REFUSED if kind in kinds)


def main(stack: str, deployed: str | None = None) -> None:
    """Write the template and deploy it, unless something speaks against it."""
    path = f"{stack}.yaml"
    write(path, to_yaml(template))
    if reasons := list(objections(path, deployed)):
        sys.exit("\n".join(reasons))
    deploy = ["aws", "cloudformation", "deploy", "--capabilities", "CAPABILITY_IAM"]
    subprocess.run([*deploy, "--stack-name", stack, "--template-file", path], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
