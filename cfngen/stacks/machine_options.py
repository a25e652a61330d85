"""What the options of a state machine take."""

from __future__ import annotations

from typing import Final

from awacs.aws import Statement

from cfngen.iam.derive import Scope
from cfngen.stacks.options import OptionKind, only_python, reference, text

NAME: Final = reference(
    'a name of at most 80 characters without white space, brackets, wildcards or any of "#%\\^|~`$&,;:/',
    r"""(?u:[^\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe\uffff]{1,80})""",
)
POLICY_NAME: Final = text("a policy name", r"[\w+=,.@-]{1,128}")
ROLE_ARN: Final = reference("the ARN of a role", r"arn:[\w-]+:iam::\d{12}:role/.+", "Arn")
DESCRIPTION: Final = text("text of at most 1024 characters", r"(?s).{1,1024}")
KEY: Final = reference(
    "the ARN or the id of a KMS key", r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+|[\w-]{36}", "Arn"
)
STATEMENTS: Final = OptionKind(
    "a list of awacs Statements",
    lambda value: isinstance(value, (list, tuple)) and all(isinstance(item, Statement) for item in value),
    only_python,
)
SCOPE: Final = OptionKind(
    "least-privilege or documented",
    lambda value: isinstance(value, Scope),
    lambda line: Scope(line.lower()),
)
