"""What other validators say of the cases, beside what we say: a table, run by hand.

    python -m tests.validators.agreement [--said] [--packages FOLDER]

statelint is installed for the tests; asl-validator and amazon-states-language-service come from npm, into
a temporary folder, or into FOLDER, where a second run finds them. Without node only statelint is asked.
docs/validators.md says of each difference who is right, and where that is written.
"""

from __future__ import annotations

import argparse
import json
import runpy
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from statelint.config import Config
from statelint.linter import Linter
from statelint.problem import ProblemType

from cfngen.core.problems import errors
from tests import npm

HERE = Path(__file__).parent
CASES = sorted((HERE.parent / "cases").glob("*.py"))
LENIENT = Config({ProblemType.URI, ProblemType.FLOAT})
STOOD_IN = "arn:aws:lambda:us-east-1:123456789012:function:intrinsic"
"""What stands where CloudFormation puts a text in."""


def main() -> None:
    """Print the table, and the sum of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--said", action="store_true", help="print what each says where they differ")
    parser.add_argument("--packages", type=Path, help="the folder of the npm packages")
    options = parser.parse_args()
    definitions, ours = rendered_cases()
    said = by_others(definitions, options.packages)
    validators = list(next(iter(said.values())))
    width = max(map(len, definitions))
    print(" " * width, "cfngen", *validators, sep="  ")
    agreed: Counter[str] = Counter()
    for name in definitions:
        verdicts = {validator: bool(said[name][validator]) for validator in validators}
        agreed.update(validator for validator in validators if verdicts[validator] == bool(ours[name]))
        differing = set(verdicts.values()) != {bool(ours[name])}
        columns = [word(bool(ours[name])).ljust(6)]
        columns += [word(verdicts[validator]).ljust(len(validator)) for validator in validators]
        print(f"{name:{width}}", *columns, "*" if differing else "", sep="  ")
        if options.said and differing:
            for who, messages in {"cfngen": ours[name], **said[name]}.items():
                print(
                    *(f"    {who}: {' '.join(message.split())[:200]}" for message in messages[:3]), sep="\n"
                )
    print(f"\nof {len(definitions)} cases, as cfngen says:", dict(agreed))


def word(refused: bool) -> str:
    """Return a verdict as it stands in the table."""
    return "no" if refused else "yes"


def rendered_cases() -> tuple[dict[str, object], dict[str, list[str]]]:
    """Return the cases as ASL, also those that we refuse, and our errors."""
    definitions: dict[str, object] = {}
    ours = {}
    for path in CASES:
        case = runpy.run_path(str(path))
        if "type" in case or "workflow" not in case:
            continue  # the definition does not say which type its machine has
        try:
            definition = without_intrinsics(case["workflow"].rendered("arn:aws:states:::{}".format))
            definitions[path.stem] = json.loads(json.dumps(definition, allow_nan=False))
        except (TypeError, ValueError, AttributeError, RecursionError) as error:
            print(f"{path.stem} is no JSON: {error}", file=sys.stderr)
            continue
        ours[path.stem] = [str(problem) for problem in errors(case["workflow"].check())]
    return definitions, ours


def without_intrinsics(value: object) -> object:
    """Return a definition as it stands after CloudFormation has put texts in."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)) in ("Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join"):
            return STOOD_IN
        return {key: without_intrinsics(item) for key, item in value.items()}
    return [without_intrinsics(item) for item in value] if isinstance(value, list) else value


def by_others(definitions: dict[str, object], folder: Path | None) -> dict[str, dict[str, list[str]]]:
    """Ask each of the other validators for its errors."""
    said = {name: {"statelint": by_statelint(definition)} for name, definition in definitions.items()}
    if not shutil.which("npm"):
        print("there is no npm: statelint alone is asked", file=sys.stderr)
        return said
    with tempfile.TemporaryDirectory() as temporary:
        place = (folder or Path(temporary)).resolve()
        if not (place / "node_modules").exists():
            npm.install(place)
        answers = npm.ask(HERE / "agreement.js", place, definitions)
    for name, found in answers.items():
        said[name] |= found
    return said


def by_statelint(definition: object) -> list[str]:
    """Return what statelint says; where it fails itself, that."""
    try:
        return [str(problem) for problem in Linter.validate(definition, LENIENT)]
    except Exception as error:
        return [f"statelint itself fails: {error!r}"]


if __name__ == "__main__":
    main()
