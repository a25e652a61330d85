"""Coverage-guided fuzzing of the reader, for a bounded time: ``make fuzz``.

Whatever bytes come, the reader answers with a workflow or with a ReadError, and soon.
"""

from __future__ import annotations

import sys
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["cfngen"]):
    from cfngen import Workflow, WorkflowError
    from cfngen.documents.source import ReadError

SEEDS = (
    b'{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}',
    b"StartAt: A\nStates:\n  A: {Type: Task, Resource: !Sub 'x', Next: B}\n  B: {Type: Succeed}\n",
    b'{"QueryLanguage": "JSONata", "StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": []}}}',
)


def one(data: bytes) -> None:
    try:
        workflow = Workflow.read(data.decode("utf-8", "replace"))
        workflow.check()
        str(workflow)
        workflow.to_asl()
    except (ReadError, WorkflowError):
        pass


if __name__ == "__main__":
    with TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS):
            with open(f"{corpus}/{number}", "wb") as file:
                file.write(seed)
        atheris.Setup([sys.argv[0], "-timeout=10", "-max_len=4096", *sys.argv[1:], corpus], one)
        atheris.Fuzz()
