"""Hold examples against the same programs for AWS CDK: their lines, and what an audit says of the roles.

    python benchmarks/cdk.py [--write]

The programs are in ``benchmarks/cdk``, each written as the guide of AWS CDK writes such a thing. They are
synthesized with the newest aws-cdk-lib, which npm installs into a temporary folder; Node.js is needed.
``--write`` puts the table into ``examples/README.md``. Lines are counted without blank lines, comments and
docstrings, both as their formatters leave them, 108 columns wide.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from cfngen.inputs.auditing import audit_file

ROOT = Path(__file__).parent.parent
PROGRAMS = ROOT / "benchmarks" / "cdk"
PAGE = ROOT / "examples" / "README.md"
HEAD = ("example", "lines, cfngen", "lines, CDK", "audit of cfngen's role", "audit of CDK's role")


def main() -> None:
    """Print the table, and with ``--write`` put it into the page."""
    with tempfile.TemporaryDirectory() as folder:
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder]
        subprocess.run([*install, "aws-cdk-lib", "constructs"], check=True)
        modules = Path(folder, "node_modules")
        version = json.loads((modules / "aws-cdk-lib" / "package.json").read_text(encoding="utf-8"))[
            "version"
        ]
        rows = [
            row(path.stem, modules, Path(folder))
            for path in sorted(PROGRAMS.glob("*.js"))
            if path.stem != "synthesize"
        ]
    lines = [HEAD, ("---",) * len(HEAD), *rows]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    print(f"aws-cdk-lib {version}\n\n{table}")
    if "--write" in sys.argv:
        page = PAGE.read_text(encoding="utf-8")
        page = re.sub(r"aws-cdk-lib \d[\d.]*", f"aws-cdk-lib {version}", page)
        page = re.sub(r"\| example \|(?:.*\n)+?(?=\n)", table, page)
        PAGE.write_text(page, encoding="utf-8")


def row(name: str, modules: Path, folder: Path) -> tuple[str, ...]:
    """Return what there is to say about an example."""
    environment = {**os.environ, "NODE_PATH": str(modules)}
    synthesize = ["node", str(PROGRAMS / "synthesize.js"), name, str(folder / name)]
    subprocess.run(synthesize, env=environment, check=True, capture_output=True)
    own = (ROOT / "examples" / f"{name}.py").read_text(encoding="utf-8")
    theirs = (PROGRAMS / f"{name}.js").read_text(encoding="utf-8")
    return (
        f"[{name}]({name}.py)",
        str(python_lines(own)),
        f"[{javascript_lines(theirs)}](../benchmarks/cdk/{name}.js)",
        audited(ROOT / "examples" / "templates" / f"{name}.yaml"),
        audited(folder / name / "Example.template.json"),
    )


def python_lines(program: str) -> int:
    """Count the lines of a program, without its docstrings."""
    docstrings: set[int] = set()
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, (ast.Module, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            docstrings.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    lines = enumerate(program.splitlines(), 1)
    return sum(
        bool(line.strip()) and number not in docstrings and line.lstrip()[0] != "#"
        for number, line in lines
    )


def javascript_lines(program: str) -> int:
    """Count the lines of a program."""
    return sum(bool(line.strip()) and not line.lstrip().startswith("//") for line in program.splitlines())


def audited(template: Path) -> str:
    """Return how many errors, warnings and notes an audit has."""
    counts = Counter(finding.problem.severity for finding in audit_file(str(template)))
    return (
        ", ".join(f"{count} {severity}{'s' * (count > 1)}" for severity, count in sorted(counts.items()))
        or "nothing"
    )


if __name__ == "__main__":
    main()
