"""Who the emulator answers, and what it does not send."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from cfngen.local import Running
from cfngen.local.guard import refusal

SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=testing/20261128/us-east-1/sns/aws4_request, x"}


def request(url: str, method: str = "GET", path: str = "/", **headers: str) -> int:
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=20)
    connection.request(
        method, path, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.emulator
@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/?Action=ListTopics&Version=2010-03-31", {}),
        ("POST", "/", {"Content_Type": "text/plain"}),
        ("GET", "/", SIGNED | {"Origin": "https://example.com"}),
        ("GET", "/", SIGNED | {"Sec_Fetch_Site": "cross-site"}),
        ("GET", "/", SIGNED | {"Host": "rebound.example.com:80"}),
        ("OPTIONS", "/", {"Origin": "https://example.com", "Access_Control_Request_Headers": "authorization"}),
        ("POST", "/moto-api/reset", SIGNED),
        ("GET", "/moto-api/data.json", {}),
    ],
    ids=str,
)  # fmt: skip
def test_a_page_in_a_browser_is_not_answered(
    running: Running, method: str, path: str, headers: dict[str, str]
) -> None:
    assert request(running.url, method, path, **headers) == 403


@pytest.mark.emulator
def test_a_url_that_is_signed_is_answered(running: Running) -> None:
    s3 = running.client("s3")
    s3.create_bucket(Bucket="signed")
    s3.put_object(Bucket="signed", Key="k", Body=b"1")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "signed", "Key": "k"})
    split = urlsplit(url)
    assert request(running.url, "GET", f"{split.path}?{split.query}") == 200


@pytest.mark.parametrize("host", ["127.0.0.1:80", "localhost:5000", "bucket.localhost:80"])
def test_a_host_of_this_machine(host: str) -> None:
    assert refusal({"HTTP_HOST": host, "HTTP_AUTHORIZATION": "AWS4", "PATH_INFO": "/"}) == ""


@pytest.mark.emulator
def test_a_resource_that_a_condition_leaves_out_is_not_listed_and_has_no_event(running: Running) -> None:
    client = running.client("cloudformation")
    topics = {"A": {"Type": "AWS::SNS::Topic"}, "B": {"Type": "AWS::SNS::Topic", "Condition": "No"}}
    template = {"Conditions": {"No": {"Fn::Equals": ["a", "b"]}}, "Resources": topics}
    client.create_stack(StackName="left-out", TemplateBody=json.dumps(template))
    resources = client.describe_stack_resources(StackName="left-out")["StackResources"]
    assert [resource["LogicalResourceId"] for resource in resources] == ["A"]
    events = client.describe_stack_events(StackName="left-out")["StackEvents"]
    assert "B" not in {event["LogicalResourceId"] for event in events}
    client.delete_stack(StackName="left-out")


@pytest.mark.emulator
def test_a_reference_to_what_moto_lacks_is_a_name(running: Running) -> None:
    client = running.client("cloudformation")
    template = {
        "Resources": {"A": {"Type": "AWS::SNS::Topic"}, "B": {"Type": "AWS::AppRunner::Service"}},
        "Outputs": {"Ref": {"Value": {"Ref": "B"}}, "Sub": {"Value": {"Fn::Sub": "${B}"}}},
    }
    client.create_stack(StackName="lacking", TemplateBody=json.dumps(template))
    [stack] = client.describe_stacks(StackName="lacking")["Stacks"]
    one, other = (output["OutputValue"] for output in stack["Outputs"])
    assert one == other
    assert one.startswith("lacking-B-")
    client.delete_stack(StackName="lacking")


@pytest.mark.emulator
@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("http", "http://192.0.2.1/"),
        ("https", "https://example.invalid/"),
        ("http", "http://127.0.0.1:9/"),
        ("lambda", "arn:aws:lambda:us-east-1:123456789012:function:nobody"),
        ("sqs", "arn:aws:sqs:us-east-1:123456789012:nothing"),
        ("email", "nobody@example.invalid"),
        ("sms", "+15550100"),
    ],
)
def test_a_message_reaches_nobody_elsewhere_and_publishing_it_succeeds(
    protocol: str, endpoint: str, running: Running
) -> None:
    client = running.client("sns")
    topic = client.create_topic(Name="posts")["TopicArn"]
    client.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)
    assert client.publish(TopicArn=topic, Message="a")["MessageId"]
    client.delete_topic(TopicArn=topic)
