"""The command as a person meets it: what it prints where, how it exits, and what it says of mistakes."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cfngen.cli import COMMANDS, main
from cfngen.stacks.samples.catalog import SAMPLES

WORKFLOW = """
from cfngen import Pass, Workflow
workflow = Workflow(Pass("Hello"))
"""


def cfngen(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty current folder, whose modules are forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


# --- documents ------------------------------------------------------------------------------------


def test_documents_go_to_standard_output_alone() -> None:
    result = cfngen("template", "batch-job-notification")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("AWSTemplateFormatVersion: '2010-09-09'\n")


def test_a_file_is_written_and_its_size_told_on_standard_error(folder: Path) -> None:
    result = cfngen("template", "batch-job-notification", "-o", "out.yaml")
    size = (folder / "out.yaml").stat().st_size
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"out.yaml: 18 resources, {size:,} bytes\n"


def test_json_is_asked_for_by_format() -> None:
    document = json.loads(cfngen("template", "batch-job-notification", "--format", "json").stdout)
    assert list(document) == ["AWSTemplateFormatVersion", "Description", "Resources", "Outputs"]


def test_the_definition_can_be_a_string() -> None:
    template_text = cfngen(
        "template", "batch-job-notification", "--format", "json", "--definition", "string"
    ).stdout
    machine = json.loads(template_text)["Resources"]["BatchJobNotificationStateMachine"]["Properties"]
    assert "Definition" not in machine
    assert '"TopicArn": "${SNSTopic}"' in machine["DefinitionString"]["Fn::Sub"]


def test_asl_is_the_definition_with_plain_arns() -> None:
    states = json.loads(cfngen("asl", "batch-job-notification").stdout)["States"]
    assert states["Notify Success"]["Resource"] == "arn:aws:states:::sns:publish"
    assert states["Notify Success"]["Parameters"]["TopicArn"] == {"Ref": "SNSTopic"}


@pytest.mark.parametrize(("scope", "statements"), [("documented", 3), ("least-privilege", 5)])
def test_policy_is_a_document_in_either_scope(scope: str, statements: int) -> None:
    policy = json.loads(cfngen("policy", "batch-job-notification", "--scope", scope).stdout)
    assert list(policy) == ["Version", "Statement"]
    assert len(policy["Statement"]) == statements


def test_a_target_in_utf_8_survives_a_terminal_that_is_not(folder: Path) -> None:
    (folder / "w.py").write_text(WORKFLOW.replace("Hello", "안녕 🎉"), encoding="utf-8")
    process = subprocess.run(
        [sys.executable, "-m", "cfngen", "asl", "w.py"],
        env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )
    assert list(json.loads(process.stdout)["States"]) == ["안녕 🎉"]


# --- targets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        'target = StateMachine(Workflow(Pass("Hello")))',
        'target = Workflow(Pass("Hello"))',
        'target = StateMachine(Workflow(Pass("Hello"))).template()',
        'def target(): return Workflow(Pass("Hello"))',
    ],
    ids=["stack", "workflow", "template", "function"],
)
def test_the_attribute_is_a_stack_a_workflow_a_template_or_a_function(folder: Path, source: str) -> None:
    imports = "from cfngen import Pass, Workflow\nfrom cfngen.stacks import StateMachine\n"
    (folder / "mine.py").write_text(imports + source)
    by_file, by_module = cfngen("template", "mine.py:target"), cfngen("template", "mine:target")
    assert by_file.exit_code == by_module.exit_code == 0
    assert "StartAt: Hello" in by_file.stdout
    assert by_file.stdout == by_module.stdout


def test_a_file_with_one_workflow_needs_no_attribute(folder: Path) -> None:
    (folder / "w.py").write_text(WORKFLOW)
    assert "StartAt: Hello" in cfngen("template", "w.py").stdout


def test_a_file_finds_the_modules_beside_it(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "names.py").write_text('NAME = "From beside"')
    (folder / "sub" / "w.py").write_text(
        "from names import NAME\nfrom cfngen import Pass, Workflow\nw = Workflow(Pass(NAME))"
    )
    assert "StartAt: From beside" in cfngen("template", "sub/w.py").stdout


def test_a_file_named_as_a_module_of_python_s_does_not_replace_it(folder: Path) -> None:
    (folder / "json.py").write_text(WORKFLOW)
    result = cfngen("asl", "json.py")
    assert result.exit_code == 0
    assert sys.modules["json"] is json


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "batch-job-notificatoin",
            "'batch-job-notificatoin' is not a sample; did you mean 'batch-job-notification'?",
        ),
        ("nothing.py", "there is no file 'nothing.py'"),
        ("nothing.json", "there is no file 'nothing.json'"),
        ("folder/nothing", "there is no file 'folder/nothing'"),
        ("C:\\folder\\nothing.json", "there is no file 'C:\\\\folder\\\\nothing.json'"),
        ("w.json", "'w.json' is not Python; 'cfngen import' writes a definition or a template as Python"),
        ("q:x", "there is no module 'q' in this folder, and none is installed"),
        ("nothing_here:x\\y", "there is no module 'nothing_here' in this folder, and none is installed"),
        ("nothing_here:x", "there is no module 'nothing_here' in this folder, and none is installed"),
        ("w.py:workflo", "w.py has no 'workflo'; did you mean 'workflow'?"),
        (
            "w.py:Pass",
            "w.py:Pass is <class 'cfngen.asl.states.Pass'>, which is not a stack, a template or a workflow",
        ),
        ("two.py", "two.py has several of a kind: name one of two.py:a, two.py:b"),
        ("empty.py", "empty.py has no stack, template or workflow: name a function, empty.py:function"),
        ("arguments.py:f", "arguments.py:f takes arguments: cfngen calls only functions without arguments"),
    ],
)
def test_a_target_that_cannot_be_used_is_told_in_a_line(folder: Path, target: str, message: str) -> None:
    (folder / "w.py").write_text(WORKFLOW)
    (folder / "two.py").write_text(WORKFLOW + 'a = workflow\nb = Workflow(Pass("B"))\ndel workflow')
    (folder / "empty.py").write_text("")
    (folder / "w.json").write_text("{}")
    (folder / "arguments.py").write_text("def f(x): return x")
    result = cfngen("template", target)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[0] == f"error: {message}"


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import nothing_installed", "ModuleNotFoundError: "),
        ("1/0", "ZeroDivisionError: "),
        ("x = (", "SyntaxError: "),
        ("raise SystemExit(0)", "SystemExit: 0"),
        (
            "from cfngen import Pass\nPass('A', Coment='x')",
            "TypeError: Pass has no field 'Coment'; did you mean 'Comment'?",
        ),
    ],
)
def test_the_user_s_own_error_is_shown_and_none_of_ours(folder: Path, source: str, error: str) -> None:
    (folder / "mine.py").write_text(source)
    for target in ("mine.py", "mine:x"):
        result = cfngen("template", target)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.splitlines()[-1].startswith(error)
        assert "targets.py" not in result.stderr
        assert "importlib" not in result.stderr


def test_the_problems_of_a_workflow_that_a_file_renders_are_shown_without_the_frames(folder: Path) -> None:
    (folder / "mine.py").write_text(
        "from cfngen import Goto, Pass, Workflow\n(Workflow(Pass('A') >> Goto('B'))).to_asl()\n"
    )
    result = cfngen("template", "mine.py")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: importing mine.py failed:\n"
        "/States/A/Next: no state is named 'B' [MISSING_TRANSITION_TARGET]\n"
        "    hint: a workflow contains only the states that its flows lead to\n"
    )


def test_a_file_that_is_not_utf_8_is_the_user_s_own_error(folder: Path) -> None:
    (folder / "mine.py").write_bytes(b"x = '\xff\xfe'")
    result = cfngen("template", "mine.py")
    assert result.exit_code == 2
    assert "SyntaxError" in result.stderr


# --- options --------------------------------------------------------------------------------------


def test_options_are_set_by_their_names_and_typed() -> None:
    result = cfngen(
        "template", "batch-job-notification", "--format", "json",
        "--set", "compute=fargate", "--set", "vcpus=0.5", "--set", "memory=1024",
        "--set", 'command=["python", "-c", "print(1, 2)"]', "--set", "environment=A=1,B=x=y",
        "--set", "tracing=yes", "--set", "tags={\"team\": \"data: ours\"}",
    )  # fmt: skip
    resources = json.loads(result.stdout)["Resources"]
    container = resources["BatchJobDefinition"]["Properties"]["ContainerProperties"]
    assert container["Command"] == ["python", "-c", "print(1, 2)"]
    assert container["Environment"] == [{"Name": "A", "Value": "1"}, {"Name": "B", "Value": "x=y"}]
    assert container["ResourceRequirements"][0] == {"Type": "VCPU", "Value": "0.5"}
    assert resources["SNSTopic"]["Properties"]["Tags"] == [{"Key": "team", "Value": "data: ours"}]


def test_all_wrong_options_are_told_at_once_with_suggestions(golden: Callable[[str, str], None]) -> None:
    result = cfngen(
        "template", "batch-job-notification",
        "--set", "vcpu=2", "--set", "memory=lots", "--set", "compute=LAMBDA", "--set", "workflow=x",
        "--set", "log_retention=8", "--set", "tracing=perhaps",
    )  # fmt: skip
    assert (result.exit_code, result.stdout) == (2, "")
    golden("cli/wrong_options.txt", result.stderr)


def test_a_setting_without_a_value_is_a_mistake_of_usage() -> None:
    result = cfngen("template", "batch-job-notification", "--set", "vcpus")
    assert result.exit_code == 2
    assert "'vcpus' is not of the form NAME=VALUE" in result.stderr


def test_a_workflow_has_no_options_to_set(folder: Path) -> None:
    (folder / "w.py").write_text(WORKFLOW)
    result = cfngen("template", "w.py", "--set", "name=x")
    assert (result.exit_code, result.stderr) == (2, "error: only a stack has options to set\n")


def test_options_lists_what_each_takes() -> None:
    lines = CliRunner(env={"COLUMNS": "80"}).invoke(main, ["options", "batch-job-notification"]).stdout
    assert (
        "compute                EC2               what the job runs on; takes one of EC2,\n"
        "                                         SPOT, FARGATE, FARGATE_SPOT\n"
    ) in lines
    assert max(map(len, lines.splitlines())) <= 80


# --- problems -------------------------------------------------------------------------------------

BROKEN = """
from cfngen import ALL, Catcher, Goto, Task, Wait, Workflow
first = Task("First", Resource="arn:aws:states:::sns:publish", Catch=[Catcher(ErrorEquals=[ALL], Next=Goto("Frist"))])
workflow = Workflow(first >> Wait("Wait"))
"""


@pytest.mark.parametrize("command", ["template", "asl", "policy"])
def test_problems_of_the_workflow_are_all_told_and_nothing_is_written(
    folder: Path, command: str, golden: Callable[[str, str], None]
) -> None:
    (folder / "broken.py").write_text(BROKEN)
    result = cfngen(command, "broken.py")
    assert (result.exit_code, result.stdout) == (1, "")
    golden("cli/broken_workflow.txt", result.stderr)


@pytest.mark.slow
def test_a_template_over_the_limits_is_not_written(folder: Path) -> None:
    (folder / "large.py").write_text(
        "from cfngen import Pass, Workflow, chain\n"
        "workflow = Workflow(chain(*(Pass(f'State {n}', Result='x' * 60) for n in range(8000))))"
    )
    result = cfngen("template", "large.py", "-o", "out.yaml")
    assert (result.exit_code, list(folder.glob("out*"))) == (1, [])
    assert "[TEMPLATE_TOO_LARGE]" in result.stderr


@pytest.mark.slow
def test_a_definition_over_the_limit_is_told_before_the_template_is_made(folder: Path) -> None:
    (folder / "large.py").write_text(
        "from cfngen import Pass, Workflow, chain\n"
        "workflow = Workflow(chain(*(Pass(f'State {n}', Result='x' * 100) for n in range(10000))))"
    )
    result = cfngen("asl", "large.py")
    assert result.exit_code == 1
    assert "Step Functions accepts at most 1,048,576" in result.stderr


def test_a_wide_policy_is_a_warning_on_standard_error(folder: Path) -> None:
    (folder / "w.py").write_text(
        "from cfngen import Path, Workflow\nfrom cfngen.tasks import sns\n"
        'workflow = Workflow(sns.Publish("Tell", TopicArn=Path("$.topic"), Message="Hello"))'
    )
    result = cfngen("policy", "w.py")
    assert result.exit_code == 0
    assert result.stderr.startswith(
        "warning: /States/Tell/Parameters/TopicArn.$: sns:Publish is allowed on "
    )
    assert json.loads(result.stdout)["Statement"][0]["Action"] == ["sns:Publish"]


def test_a_template_that_troposphere_refuses_is_told_in_a_line(folder: Path) -> None:
    (folder / "t.py").write_text(
        "from troposphere import Template\nfrom troposphere.sns import SubscriptionResource\n"
        "template = Template()\ntemplate.add_resource(SubscriptionResource('S', Protocol='email'))"
    )
    result = cfngen("template", "t.py")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: t.py cannot be rendered: Resource TopicArn required in type AWS::SNS::Subscription (title: S)\n"
    )


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["no/such/folder/out.yaml", "."])
def test_a_file_that_cannot_be_written_is_told_in_a_line(output: str) -> None:
    result = cfngen("template", "batch-job-notification", "-o", output)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: cannot write {output}: ")
    assert result.stderr.count("\n") == 1


def test_a_broken_target_leaves_the_old_file_as_it_was(folder: Path) -> None:
    (folder / "out.yaml").write_text("old")
    (folder / "broken.py").write_text(BROKEN)
    assert cfngen("template", "broken.py", "-o", "out.yaml").exit_code == 1
    assert (folder / "out.yaml").read_text() == "old"


def test_the_mode_of_a_file_that_is_replaced_is_kept(folder: Path) -> None:
    (folder / "out.yaml").write_text("old")
    (folder / "out.yaml").chmod(0o640)
    cfngen("template", "batch-job-notification", "-o", "out.yaml")
    assert stat.S_IMODE((folder / "out.yaml").stat().st_mode) == 0o640


@pytest.mark.usefixtures("interruptible")
def test_an_interruption_ends_the_command_without_a_traceback(folder: Path) -> None:
    (folder / "slow.py").write_text("import pathlib, time\npathlib.Path('started').touch()\ntime.sleep(60)")
    process = subprocess.Popen(
        [sys.executable, "-m", "cfngen", "template", "slow.py", "-o", "out.yaml"],
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    for _ in range(600):
        if (folder / "started").exists():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (1, "\nAborted!\n")
    assert not (folder / "out.yaml").exists()


WHILE_IMPORTED = """class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == 'click': os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
"""
BEFORE_CLICK_RUNS = """import cfngen.cli
cfngen.cli.run = lambda: os.kill(os.getpid(), signal.SIGINT)
"""


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("moment", [WHILE_IMPORTED, BEFORE_CLICK_RUNS])
def test_an_interruption_before_the_command_runs_says_nothing(moment: str) -> None:
    script = f"import os, signal, sys\n{moment}from cfngen.__main__ import run\nrun()"
    done = subprocess.run(
        [sys.executable, "-c", script, "samples"], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_an_interruption_is_handled_before_anything_else_is_imported() -> None:
    root = Path(__file__).parents[2]
    script = (
        f"import sys; sys.path.insert(0, {str(root)!r}); before = set(sys.modules); import cfngen.__main__; "
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-SE", "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.split() == [
        "__future__",
        "cfngen",
        "cfngen.__main__",
        "cfngen.core",
        "cfngen.core.lazy",
    ]


# --- lint -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_lint_is_silent_on_what_is_fine() -> None:
    result = cfngen("lint", "batch-job-notification")
    assert (result.exit_code, result.output) == (0, "")


def test_lint_tells_findings_and_exits_with_1(folder: Path) -> None:
    (folder / "t.yaml").write_text("Resources:\n  T:\n    Type: AWS::SNS::Topik\n")
    result = cfngen("lint", "t.yaml")
    assert result.exit_code == 1
    assert result.stdout.startswith("t.yaml:3:")
    assert "[E3006]" in result.stdout


@pytest.mark.parametrize("style", ["json", "sarif"])
def test_lint_formats_are_json(folder: Path, style: str) -> None:
    (folder / "t.yaml").write_text("Resources:\n  T:\n    Type: AWS::SNS::Topik\n")
    assert "E3006" in json.dumps(json.loads(cfngen("lint", "t.yaml", "--format", style).stdout))


_REFUSED = """\
Resources:
  T: {Type: AWS::SNS::Topic}
Outputs:
  A: {Value: !Ref Nothing, Export: {Name: x}}
  B: {Value: !FindInMap [Names, a, b], Export: {Name: x}}
"""


def test_lint_adds_what_cfn_lint_does_not_say_and_repeats_nothing(folder: Path) -> None:
    (folder / "t.yaml").write_text(_REFUSED)
    assert cfngen("lint", "t.yaml").stdout.splitlines() == [
        "t.yaml:4:7: 'Nothing' is not one of ['T', 'AWS::AccountId', 'AWS::NoValue', "
        "'AWS::NotificationARNs', 'AWS::Partition', 'AWS::Region', 'AWS::StackId', 'AWS::StackName', "
        "'AWS::URLSuffix'] [E6101]",
        "t.yaml:5:55: the output 'A' is exported by the same name [DUPLICATE_EXPORT]",
        "t.yaml:5:26: the template has no mapping 'Names' [UNRESOLVED_REFERENCE]",
    ]


def test_settings_choose_format_and_regions_and_what_fails(folder: Path) -> None:
    (folder / "t.yaml").write_text(_REFUSED)
    (folder / "own.toml").write_text(
        '[tool.cfngen]\nformat = "github"\nregions = ["mars-1"]\nignore = ["E6101"]\n'
        'warn = ["unresolved-reference:t.yaml#/Outputs/B", "duplicate-export"]\n'
    )
    settings = ("--config", "own.toml")
    assert "knows no region 'mars-1'" in cfngen(*settings, "lint", "t.yaml").stderr
    result = cfngen(*settings, "lint", "t.yaml", "--regions", "eu-west-1")
    assert (result.exit_code, result.stdout) == (
        0,
        "::notice file=t.yaml,line=5,col=55,title=DUPLICATE_EXPORT::the output 'A' is exported by the same name\n"
        "::notice file=t.yaml,line=5,col=26,title=UNRESOLVED_REFERENCE::the template has no mapping 'Names'\n",
    )
    assert cfngen(*settings, "lint", "t.yaml", "--regions", "eu-west-1", "--strict").exit_code == 1
    refused = cfngen("--config", "missing.toml", "lint", "t.yaml")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "error: cannot read missing.toml: No such file or directory\n",
    )


@pytest.mark.parametrize("command", ["check", "audit"])
def test_the_format_of_findings_is_that_of_the_settings(folder: Path, command: str) -> None:
    (folder / "setup.cfg").write_text("[tool:cfngen]\nformat = json\n")
    (folder / "t.yaml").write_text(_REFUSED)
    assert json.loads(cfngen(command, "t.yaml").stdout) == []


def test_lint_of_an_unknown_region_is_unusable_input() -> None:
    result = cfngen("lint", "batch-job-notification", "--regions", "us-east-1,mars-1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "mars-1" in result.stderr


def test_lint_of_a_file_that_is_not_utf_8_is_a_finding(folder: Path) -> None:
    (folder / "t.yaml").write_bytes(b"Description: \xff\xfe\n")
    result = cfngen("lint", "t.yaml")
    assert result.exit_code == 1
    assert "E0000" in result.stdout


# --- the rest -------------------------------------------------------------------------------------


def test_samples_are_searched() -> None:
    names = [line for line in cfngen("samples").stdout.splitlines() if not line.startswith(" ")]
    assert names == [sample.slug for sample in SAMPLES]
    assert cfngen("samples", "manage a batch", "fargate").stdout.startswith(
        "batch-job-notification-fargate\n"
    )
    nothing = cfngen("samples", "quantum")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (
        1,
        "",
        "error: no sample matches 'quantum'\n",
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_is_a_script_for_the_shell(shell: str) -> None:
    assert "_CFNGEN_COMPLETE" in cfngen("completion", shell).stdout


def test_tab_offers_samples_and_options() -> None:
    def offered(words: str, index: str) -> str:
        environment = {
            **os.environ,
            "_CFNGEN_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": index,
        }
        return subprocess.run(
            [Path(sys.executable).parent / "cfngen"], env=environment, capture_output=True, encoding="utf-8"
        ).stdout

    assert "plain,batch-job-notification-fargate" in offered("cfngen template batch", "2")
    assert "plain,compute=" in offered("cfngen template x --set comp", "4")


def test_every_command_s_help_has_an_example_to_paste() -> None:
    for name, command in main.commands.items():
        assert f"cfngen {name} " in (command.help or ""), name
    assert cfngen("--help").exit_code == 0
    assert cfngen("--version").stdout.startswith("cfngen, version ")


def test_a_pipe_that_closes_early_is_no_error() -> None:
    command = f"{sys.executable} -m cfngen template batch-job-notification | head -1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, encoding="utf-8")
    assert (result.stdout, result.stderr) == ("AWSTemplateFormatVersion: '2010-09-09'\n", "")


# --- the start ------------------------------------------------------------------------------------


def in_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What the command prints, its modules last."""
    script = (
        "import sys; from cfngen.cli import run\ntry: run()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=unmeasured,  # what measures the coverage of commands imports modules of its own
    )


def test_a_template_is_written_without_pyyaml() -> None:
    modules = in_process("template", "batch-job-notification").stderr.split()
    assert not {"yaml", "cfn_tools", "hashlib"} & set(modules)


def test_samples_are_listed_without_troposphere() -> None:
    assert "troposphere" not in in_process("samples").stderr.split()


def test_a_target_can_write_yaml_with_troposphere(folder: Path) -> None:
    (folder / "stack.py").write_text(
        "import cfn_flip\nfrom troposphere import Template\nimport cfn_flip.yaml_dumper\n"
        "from troposphere.sns import Topic\n"
        "template = Template(Template().to_yaml().strip() + cfn_flip.__name__)\n"
        "template.add_resource(Topic('Topic'))\n",
        encoding="utf-8",
    )
    assert "{}cfn_flip" in in_process("template", "stack.py").stdout


def test_the_version_is_that_of_the_package() -> None:
    import cfngen as package

    assert cfngen("-V").stdout == f"cfngen, version {package.__version__}\n"
    assert "__version__" in dir(package)


# --- what people meet every day ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "hint"),
    [("templat", "did you mean 'template'?"), ("xyz", "'cfngen --help' lists them")],
)
def test_a_command_that_there_is_not_has_a_suggestion(command: str, hint: str) -> None:
    result = CliRunner().invoke(main, [command], prog_name="cfngen")
    assert result.exit_code == 2
    assert f"Error: there is no command {command!r}; {hint}\n" in result.stderr


@pytest.mark.parametrize("command", [*COMMANDS, ""])
def test_help_fits_eighty_columns(command: str) -> None:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(main, [*command.split(), "--help"])
    assert [line for line in result.stdout.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize(
    ("arguments", "environment", "is_coloured"),
    [
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {}, False),
        ((), {}, False),
    ],
)
def test_colours_are_asked_for(
    arguments: tuple[str, ...], environment: dict[str, str], is_coloured: bool, folder: Path
) -> None:
    for name, state in (("a.asl.json", "Pass"), ("b.asl.json", "Succeed")):
        (folder / name).write_text(
            json.dumps({"StartAt": "S", "States": {"S": {"Type": state, "End": True}}})
        )
    result = CliRunner(env=environment).invoke(
        main, [*arguments, "diff", "a.asl.json", "b.asl.json"], color=True
    )
    assert ("\x1b[" in result.stdout) is is_coloured


def test_a_drawing_is_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("click.launch", opened.append)
    assert cfngen("graph", "batch-job-notification", "-o", "g.svg", "--open").exit_code == 0
    assert opened == ["g.svg"]


def test_a_policy_warning_points_at_the_user_s_line(folder: Path) -> None:
    (folder / "w.py").write_text(
        "from cfngen import Path, Workflow, REQUEST_RESPONSE\nfrom cfngen.stacks import StateMachine\n"
        "from cfngen.tasks import sns\n"
        "workflow = Workflow(sns.Publish('P', TopicArn=Path('$.t'), Message='m'))\n"
        "StateMachine(workflow).template()\n"
    )
    ran = subprocess.run([sys.executable, "w.py"], capture_output=True, encoding="utf-8", check=True)
    assert ran.stderr.startswith(f"{folder / 'w.py'}:5: PolicyWarning: ")


@pytest.mark.parametrize("target", ["own.py", "own.py:workflow", "own:workflow"])
def test_the_placeholders_of_a_target_are_told_where_its_file_is_named(folder: Path, target: str) -> None:
    (folder / "own.py").write_text(f"{WORKFLOW}# REPLACE-ME: your own state\n")
    result = cfngen("check", target)
    told = [line for line in result.output.splitlines() if "PLACEHOLDER" in line]
    where = ["warning: own.py:4:1: /: a placeholder is left: your own state [PLACEHOLDER]"]
    assert (result.exit_code, told) == (0, where if ".py" in target else [])
