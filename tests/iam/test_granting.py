"""One grant and the arguments of one call: what is allowed, why, how sure it is, and what is warned of."""

from __future__ import annotations

from typing import Any

from awacs.translate import TranslateText
from troposphere import encode_to_dict

from cfngen import DOCUMENTED, LEAST_PRIVILEGE, Path
from cfngen.iam.derivation import Derivation, GrantContext
from cfngen.iam.granting import derivation
from cfngen.tasks.grants import ALL_RESOURCES, ArgumentResource, Evidence, Grant
from tests.rows import each_row

NAME = ArgumentResource("Terminology", "arn:${AWS::Partition}:translate:eu-west-1:1:terminology/{}")
OTHER = ArgumentResource("Model", "arn:${AWS::Partition}:translate:eu-west-1:1:model/{}")
ARN = ArgumentResource("Arn", "{}")
ANY_NAME = {"Fn::Sub": "arn:${AWS::Partition}:translate:eu-west-1:1:terminology/*"}
MAY_NAME = {"resources": (NAME, ARN), "unnamed": (ALL_RESOURCES,)}


def of(arguments: dict[str, Any], scope: Any = LEAST_PRIVILEGE, **fields: Any) -> Derivation:
    grant = Grant((TranslateText,), **{"resources": (NAME,), "reason": "translates", "page": "", **fields})
    return derivation(grant, GrantContext("Call", "/States/Call", arguments), scope)


def resources(derived: Derivation) -> Any:
    assert derived.permission is not None
    return encode_to_dict(derived.permission.resources)


@each_row(
    ("fields", "arguments", "resources_", "evidence"),
    [
        (MAY_NAME, {}, [ALL_RESOURCES], Evidence.DOCUMENTED),
        (MAY_NAME, {"Arn": Path("$.arn")}, [ALL_RESOURCES], Evidence.REQUIRED),
        (MAY_NAME, {"Arn": "arn:aws:translate:eu-west-1:1:x"}, ["arn:aws:translate:eu-west-1:1:x"], Evidence.REQUIRED),
        ({**MAY_NAME, "unnamed": (NAME,)}, {}, [], Evidence.REQUIRED),
        ({"resources": (ALL_RESOURCES,)}, {}, [ALL_RESOURCES], Evidence.REQUIRED),
        ({"unnamed": (ALL_RESOURCES,), "evidence": Evidence.POSSIBLE}, {}, [ALL_RESOURCES], Evidence.POSSIBLE),
    ],
    ids=str,
)  # fmt: skip
def test_what_a_call_needs_that_names_nothing_follows_from_the_reference_alone(
    fields: dict[str, Any], arguments: dict[str, Any], resources_: Any, evidence: Evidence
) -> None:
    derived = of(arguments, **fields)
    assert derived.permission is not None
    assert (resources(derived), derived.permission.reasons[0].evidence) == (resources_, evidence)


@each_row(
    ("named", "chosen"),
    [
        ([ALL_RESOURCES], "the actions support no resource types"),
        ([ArgumentResource("", "arn:${AWS::Partition}:s3:::{}")], "always the same"),
        ([ArgumentResource("", "arn:${AWS::Partition}:s3:::{}", when_missing="no page says which")], "no page says which"),
        ([NAME, OTHER], "from Terminology and Model"),
        (["arn:${AWS::Partition}:s3:::own"], "always the same"),
    ],
    ids=str,
)  # fmt: skip
def test_why_a_grant_is_on_its_resources(named: list[Any], chosen: str) -> None:
    derived = of({}, resources=tuple(named))
    assert derived.permission is not None
    assert derived.permission.reasons[0].resources_from == chosen


@each_row(
    ("arguments", "unnamed"),
    [
        ({}, True),
        ({"Terminology": Path("$.t")}, False),
        ({"Terminology": Path("$.t"), "Model": "m"}, False),
        ({"Terminology": "t"}, False),
    ],
    ids=str,
)
def test_resources_that_nothing_names_are_those_of_which_the_author_alone_knows(
    arguments: dict[str, Any], unnamed: bool
) -> None:
    assert of(arguments, resources=(NAME, OTHER)).unnamed is unnamed


@each_row(
    ("scope", "arguments", "resources_", "chosen", "warnings"),
    [
        (DOCUMENTED, {"Terminology": Path("$.t"), "Model": Path("$.m")}, [ALL_RESOURCES], "as AWS's page prints it", 1),
        (DOCUMENTED, {"Terminology": Path("$.t")}, [ALL_RESOURCES], "as AWS's page prints it", 1),
        (LEAST_PRIVILEGE, {"Terminology": Path("$.t")}, [ANY_NAME], "from Terminology", 1),
        (LEAST_PRIVILEGE, {"Terminology": Path("$.t"), "Model": Path("$.m")}, None, "from Terminology and Model", 2),
        (DOCUMENTED, {"Terminology": "t"}, None, "from Terminology", 0),
    ],
    ids=str,
)  # fmt: skip
def test_what_the_page_prints_for_what_is_known_at_run_time_is_warned_of_once(
    scope: Any, arguments: dict[str, Any], resources_: Any, chosen: str, warnings: int
) -> None:
    derived = of(arguments, scope, resources=(NAME, OTHER), documented_when_dynamic=ALL_RESOURCES)
    assert derived.permission is not None
    assert (derived.permission.reasons[0].resources_from, len(derived.warnings)) == (chosen, warnings)
    assert resources_ is None or resources(derived) == resources_
