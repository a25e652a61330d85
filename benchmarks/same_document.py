"""Check that the handwritten script and cfngen write the same document, whatever the order of its keys."""

import json
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path

import cfn_flip

HANDWRITTEN = Path(__file__).with_name("handwritten.py")
CFNGEN = Path(sys.executable).with_name("cfngen")


def by_hand() -> str:
    """Return what the script writes, as JSON with sorted keys."""
    return _sorted(sys.executable, str(HANDWRITTEN))


def by_cfngen() -> str:
    """Return what the command writes, as JSON with sorted keys."""
    return _sorted(str(CFNGEN), "template", "batch-job-notification")


def _sorted(*command: str) -> str:
    text = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    # Parsed as JSON, !GetAtt a.b and Fn::GetAtt: [a, b] are one; as text, 1 and true are two.
    return json.dumps(json.loads(cfn_flip.to_json(text)), indent=2, sort_keys=True)


if __name__ == "__main__":
    pair = by_hand().splitlines(), by_cfngen().splitlines()
    difference = list(unified_diff(*pair, "handwritten.py", "cfngen template", lineterm=""))
    print("\n".join(difference) or "handwritten.py and cfngen write the same document")
    sys.exit(bool(difference))
