"""Machines that AWS's tutorials and posts run, as far as they state an outcome.

The pages are those of https://docs.aws.amazon.com/step-functions/latest/dg/, named at each example.
"""

from __future__ import annotations

from typing import Any

import pytest

from cfngen.execution import Return, Throw
from tests.execution.machines import LAMBDA, executed, one, task
from tests.execution.test_examples_of_data import CUSTOMER, INTERESTS
from tests.execution.test_variables import chained

JSONATA: Any = {"QueryLanguage": "JSONata"}


def test_information_on_buckets() -> None:
    # tutorial-gather-s3-info.html: of a bucket that cannot be read it is unknown
    called = "arn:aws:states:::aws-sdk:s3:"
    named = {"Type": "Task", "Parameters": {"Bucket.$": "$.Name"}}
    kept: Any = {"ResultPath": "$.BucketVersioningInfo", "End": True}
    machine = chained(
        {"Type": "Task", "Resource": f"{called}listBuckets", "Parameters": {}},
        {
            "Type": "Map",
            "ItemsPath": "$.Buckets",
            "ItemProcessor": {
                "StartAt": "Head",
                "States": {
                    "Head": {
                        **named,
                        "Resource": f"{called}headBucket",
                        "ResultPath": None,
                        "Catch": [{"ErrorEquals": ["S3.S3Exception"], "ResultPath": None, "Next": "Pass"}],
                        "Next": "Get",
                    },
                    "Get": {**named, "Resource": f"{called}getBucketVersioning", **kept},
                    "Pass": {"Type": "Pass", "Result": {"Status": "Unknown"}, **kept},
                },
            },
        },
    )
    mocks = {
        "0": Return({"Buckets": [{"Name": "here"}, {"Name": "elsewhere"}]}),
        "Head": lambda sent: Return({}) if sent["Bucket"] == "here" else Throw("S3.S3Exception"),
        "Get": Return({"Status": "Enabled"}),
    }
    assert executed(machine, mocks=mocks).output == [
        {"Name": "here", "BucketVersioningInfo": {"Status": "Enabled"}},
        {"Name": "elsewhere", "BucketVersioningInfo": {"Status": "Unknown"}},
    ]


STORES = {"stores": ["Store A", "Store B"]}


def fruits() -> Any:
    """A machine that asks for the fruits of stores, for their prices, and for the average."""

    def asked(attempts: int, payload: Any) -> Any:
        retrier = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": attempts}
        return {
            "Type": "Task",
            "Resource": LAMBDA,
            "Parameters": payload,
            "OutputPath": "$.Payload",
            "Retry": [retrier],
        }

    def each(path: str, states: Any, start: str, **fields: Any) -> Any:
        return {
            "Type": "Map",
            "ItemsPath": path,
            "Iterator": {"StartAt": start, "States": states},
            **fields,
        }

    prices = {"Prices": {**asked(3, {"Payload": {"fruitName.$": "$"}}), "End": True}}
    inner = {
        "Fruits": {**asked(1, {"Payload": {"storeName.$": "$"}}), "Next": "Loop"},
        "Loop": each("$", prices, "Prices", End=True),
    }
    averages = {"Average": {**asked(2, {"Payload.$": "$"}), "End": True}}
    return chained(
        each("$.stores", inner, "Fruits", ResultPath="$.prices"),
        each("$.prices", averages, "Average", ResultPath="$.averages", MaxConcurrency=1),
    )


def test_prices_of_fruits() -> None:
    # debug-sm-exec-using-ui.html
    mocks = {
        "Fruits": lambda sent: Return({"Payload": [sent["Payload"]["storeName"], "Apple"]}),
        "Prices": lambda sent: Return({"Payload": len(sent["Payload"]["fruitName"])}),
        "Average": lambda sent: Return({"Payload": sum(sent["Payload"]) / len(sent["Payload"])}),
    }
    assert executed(fruits(), STORES, mocks=mocks).output == {
        **STORES,
        "prices": [[7, 5], [7, 5]],
        "averages": [6, 6],
    }


def test_fruits_that_cannot_be_listed() -> None:
    # debug-sm-exec-using-ui.html: the Map around the task fails with it, after the task's own retry
    execution = executed(fruits(), STORES, mocks={"Fruits": Throw("Error", "Error")})
    assert (execution.error, execution["0"].status) == ("Error", "failed")
    assert all(len(visit.attempts) <= 2 for visit in execution.of("Fruits"))


@pytest.mark.parametrize(("is_hello", "reached", "seconds"), [(True, "Checkpoint", 20), (False, "Fail", 0)])
def test_hello_world(is_hello: bool, reached: str, seconds: int) -> None:
    # getting-started.html: what is put in chooses the branch, and how long is waited
    first = {
        "IsHelloWorldExample": "{% $states.input.hello_world %}",
        "ExecutionWaitTimeInSeconds": "{% $states.input.wait %}",
    }
    machine = {
        **JSONATA,
        "StartAt": "Set",
        "States": {
            "Set": {"Type": "Pass", "Output": first, "Assign": {"CheckpointCount": 0}, "Next": "Choose"},
            "Choose": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $states.input.IsHelloWorldExample %}", "Next": "Wait"}],
                "Default": "Fail",
            },
            "Wait": {
                "Type": "Wait",
                "Seconds": "{% $states.input.ExecutionWaitTimeInSeconds %}",
                "Next": "Checkpoint",
            },
            "Checkpoint": {"Type": "Pass", "End": True},
            "Fail": {"Type": "Fail", "Error": "Not Hello World"},
        },
    }
    execution = executed(machine, {"wait": 20, "hello_world": is_hello})
    assert (execution.states[-1], execution.duration.total_seconds()) == (reached, seconds)


def test_a_function_greets() -> None:
    # tutorial-creating-lambda-state-machine.html
    answer = {"It": lambda sent: Return({"Payload": f"Hello from {sent['Payload']['who']}!"})}
    machine = one(task(Parameters={"Payload.$": "$"}, OutputPath="$.Payload"))
    execution = executed(machine, {"who": "AWS Step Functions"}, mocks=answer)
    assert execution.output == "Hello from AWS Step Functions!"


@pytest.mark.parametrize(("zip_code", "reached"), [("43219", "Home"), (" ", "Deny")])
def test_a_customer_is_verified(zip_code: str, reached: str) -> None:
    # https://aws.amazon.com/blogs/compute/simplifying-developer-experience-with-variables-and-jsonata-in-aws-step-functions/
    checks = {
        "isIdentityValid": r"$match($states.input.data.identity.email, /^[\w.%+-]+@[\w.-]+\.[a-zA-Z]{2,}$/) and $match($states.input.data.identity.ssn, /^\d{3}-?\d{2}-?\d{4}$/)",
        "isAddressValid": "$not(null in $each($states.input.data.address, function($v) { $length($trim($v)) > 0 ? $v : null }))",
    }  # fmt: skip
    branches = [
        {
            "StartAt": name,
            "States": {name: {"Type": "Pass", "Output": {name: f"{{% {check} %}}"}, "End": True}},
        }
        for name, check in checks.items()
    ]
    both = "{% $states.result.isIdentityValid and $states.result.isAddressValid %}"
    assets = (
        "($n := $customer.data.firstname & ' ' & $customer.data.lastname; "
        "$customer.data.interests[category = 'home']"
        "{'customer': $n, 'totalAssetValue': $sum(estimatedValue), category: {type: yearBuilt}})"
    )
    item = {
        "name": "{% $customer.data.firstname & ' ' & $customer.data.lastname %}",
        "address": "{% $join($each($customer.data.address, function($v) { $v }), ', ') %}",
    }
    machine = {
        **JSONATA,
        "StartAt": "Verify",
        "States": {
            "Verify": {
                "Type": "Parallel",
                "Branches": branches,
                "Assign": {"customer": "{% $states.context.Execution.Input %}", "isValid": both},
                "Next": "Choose",
            },
            "Choose": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $isValid %}", "Next": "Add"}],
                "Default": "Deny",
            },
            "Add": {**task(), "Arguments": item, "Next": "Home"},
            "Home": {"Type": "Pass", "Output": f"{{% {assets} %}}", "End": True},
            "Deny": {"Type": "Succeed"},
        },
    }
    data = {**CUSTOMER["data"], "address": {"street": "123 Main St", "zip": zip_code}}
    execution = executed(machine, {"data": data}, mocks={"Add": Return({})})
    assert execution.states[-1] == reached
    if reached == "Home":
        assert execution["Add"].attempts[0].input == {"name": "Jane Doe", "address": "123 Main St, 43219"}
        home = {"own": 2004, "business": 2009}
        assert execution.output == {"customer": "Jane Doe", "totalAssetValue": 1400000, "home": home}


def test_all_interests_of_a_customer() -> None:
    # the same post
    grouped = "$states.input{'totalAssetValue': $sum(estimatedValue), category: {type: yearBuilt}}"
    machine = one({"Type": "Pass", "Output": f"{{% {grouped} %}}"}, **JSONATA)
    assert executed(machine, INTERESTS).output == {
        "totalAssetValue": 1549000,
        "home": {"own": 2004, "business": 2009},
        "auto": {"car": 2012, "motorcycle": 2018, "RV": 2015},
        "boat": {"snowmobile": 2020},
    }


@pytest.mark.parametrize(("numbers", "output"), [([3, 4], {"result": 7}), ([], {"result": 0})])
def test_numbers_are_added(numbers: list[int], output: Any) -> None:
    # concepts-statemachines.html#concepts-state-machine-data: a function's result is all that comes out
    function = "arn:aws:lambda:us-east-1:123456789012:function:Add"
    machine = one({"Type": "Task", "Resource": function}, TimeoutSeconds=10)
    answer = {"It": lambda sent: Return({"result": sum(sent["numbers"])})}
    assert executed(machine, {"numbers": numbers}, mocks=answer).output == output
    assert executed(one({"Type": "Pass"})).output == {}  # what an execution without input is given


@pytest.mark.parametrize("verdict", ["Approved", "Rejected"])
def test_a_human_decides(verdict: str) -> None:
    # tutorial-human-approval.html: the token is in the context, which is sent as a whole
    sent: list[Any] = []

    def ask(arguments: Any) -> Return:
        sent.append(arguments["Payload"]["ExecutionContext"])
        return Return({"Status": f"{verdict}!"})

    rules = [
        {"Variable": "$.Status", "StringEquals": f"{name}!", "Next": name}
        for name in ("Approved", "Rejected")
    ]
    machine = {
        "StartAt": "Ask",
        "TimeoutSeconds": 3600,
        "States": {
            "Ask": {
                "Type": "Task",
                "Resource": f"{LAMBDA}.waitForTaskToken",
                "Parameters": {"Payload": {"ExecutionContext.$": "$$"}},
                "Next": "Choose",
            },
            "Choose": {"Type": "Choice", "Choices": rules},
            **{rule["Next"]: {"Type": "Pass", "End": True} for rule in rules},
        },
    }
    execution = executed(machine, mocks={"Ask": ask}, name="test", machine="HumanApproval")
    assert execution.states[-1] == verdict
    [context] = sent
    assert (context["Execution"]["Name"], context["StateMachine"]["Name"]) == ("test", "HumanApproval")
    assert context["Task"]["Token"]


def test_a_worker_greets() -> None:
    # tutorial-creating-activity-state-machine.html
    activity = "arn:aws:states:us-east-1:123456789012:activity:get-greeting"
    answer = {"It": lambda sent: Return({"Hello": sent["who"]})}
    execution = executed(
        one({"Type": "Task", "Resource": activity}), {"who": "AWS Step Functions"}, mocks=answer
    )
    assert execution.output == {"Hello": "AWS Step Functions"}


@pytest.mark.parametrize(("count", "ends"), [(4, ["ShouldRestart", "Restart", "Done"]), (0, ["ShouldRestart", "Done"])])  # fmt: skip
def test_an_execution_that_continues_in_another(count: int, ends: list[str]) -> None:
    # tutorial-use-lambda-cont-exec.html: a hundred rounds, and then another execution, if more are asked for
    function = "arn:aws:lambda:us-east-1:123456789012:function:"

    def iterate(event: Any) -> Return:
        now = event["iterator"]["index"] + event["iterator"]["step"]
        return Return({**event["iterator"], "index": now, "continue": now < event["iterator"]["count"]})

    again = {"Variable": "$.iterator.continue", "BooleanEquals": True, "Next": "ExampleWork"}
    restart = {"Variable": "$.restart.executionCount", "NumericGreaterThan": 0, "Next": "Restart"}
    work: Any = {"Type": "Pass", "Next": "Iterator"}
    machine = {
        "StartAt": "ConfigureCount",
        "States": {
            "ConfigureCount": {
                **work,
                "Result": {"count": 100, "index": -1, "step": 1},
                "ResultPath": "$.iterator",
            },
            "Iterator": {
                "Type": "Task",
                "Resource": f"{function}Iterator",
                "ResultPath": "$.iterator",
                "Next": "IsCountReached",
            },
            "IsCountReached": {"Type": "Choice", "Choices": [again], "Default": "ShouldRestart"},
            "ExampleWork": {**work, "Result": {"success": True}, "ResultPath": "$.result"},
            "ShouldRestart": {"Type": "Choice", "Choices": [restart], "Default": "Done"},
            "Restart": {"Type": "Task", "Resource": f"{function}Restart", "Next": "Done"},
            "Done": {"Type": "Pass", "End": True},
        },
    }
    mocks: Any = {"Iterator": iterate}
    if count:
        mocks["Restart"] = lambda event: Return({"executionCount": event["restart"]["executionCount"] - 1})
    execution = executed(machine, {"restart": {"executionCount": count}}, mocks=mocks)
    assert execution.states.count("ExampleWork") == 100
    assert execution.states[-len(ends) :] == ends
    if count:
        assert execution.output == {"executionCount": 3}
