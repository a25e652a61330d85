"""Resources for which moto has the API and no CloudFormation: made by calls of that API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel

Properties = Mapping[str, Any]
Client = Callable[..., Any]


class _ApiType(NamedTuple):
    """A type of resource: the property that is its name, its service, the calls that make and delete it.

    Its physical id is its name, or what ``create`` returns under the name ``id_in_answer``.
    """

    name_property: str
    service: str
    create: Callable[[Any, str, Properties], Any]
    delete: Callable[[Any, str, Properties], Any]
    arn: Callable[[Any, str], Any] | None = None
    id_in_answer: str = ""


_TYPES: Mapping[str, _ApiType] = {
    "AWS::Athena::WorkGroup": _ApiType(
        "Name",
        "athena",
        lambda client, name, properties: client.create_work_group(
            Name=name, Configuration=properties.get("WorkGroupConfiguration", {})
        ),
        lambda client, name, properties: client.delete_work_group(WorkGroup=name),
    ),
    "AWS::CloudWatch::Alarm": _ApiType(
        "AlarmName",
        "cloudwatch",
        lambda client, name, properties: client.put_metric_alarm(**{**properties, "AlarmName": name}),
        lambda client, name, properties: client.delete_alarms(AlarmNames=[name]),
        lambda client, name: client.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"],
    ),
    "AWS::CloudWatch::Dashboard": _ApiType(
        "DashboardName",
        "cloudwatch",
        lambda client, name, properties: client.put_dashboard(**{**properties, "DashboardName": name}),
        lambda client, name, properties: client.delete_dashboards(DashboardNames=[name]),
    ),
    "AWS::Glue::Database": _ApiType(
        "",
        "glue",
        lambda client, name, properties: client.create_database(
            DatabaseInput={**properties["DatabaseInput"], "Name": name}
        ),
        lambda client, name, properties: client.delete_database(Name=name),
    ),
    "AWS::Glue::Table": _ApiType(
        "",
        "glue",
        lambda client, name, properties: client.create_table(
            DatabaseName=properties["DatabaseName"], TableInput={**properties["TableInput"], "Name": name}
        ),
        lambda client, name, properties: client.delete_table(
            DatabaseName=properties["DatabaseName"], Name=name
        ),
    ),
    "AWS::Scheduler::Schedule": _ApiType(
        "Name",
        "scheduler",
        lambda client, name, properties: client.create_schedule(**{**properties, "Name": name}),
        lambda client, name, properties: client.delete_schedule(Name=name),
        lambda client, name: client.get_schedule(Name=name)["Arn"],
    ),
    "AWS::SNS::Subscription": _ApiType(
        "",
        "sns",
        lambda client, name, properties: client.subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties["Endpoint"],
            ReturnSubscriptionArn=True,
        ),
        lambda client, arn, properties: client.unsubscribe(SubscriptionArn=arn),
        id_in_answer="SubscriptionArn",
    ),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachineversion.html
    # Ref is the ARN; a stack is complete when the deployment of its alias has ended
    "AWS::StepFunctions::StateMachineVersion": _ApiType(
        "",
        "stepfunctions",
        lambda client, name, properties: client.publish_state_machine_version(
            stateMachineArn=properties["StateMachineArn"]
        ),
        lambda client, arn, properties: client.delete_state_machine_version(stateMachineVersionArn=arn),
        id_in_answer="stateMachineVersionArn",
    ),
    "AWS::StepFunctions::StateMachineAlias": _ApiType(
        "Name",
        "stepfunctions",
        lambda client, name, properties: client.create_state_machine_alias(
            name=name, routingConfiguration=_routes(properties)
        ),
        lambda client, arn, properties: client.delete_state_machine_alias(stateMachineAliasArn=arn),
        id_in_answer="stateMachineAliasArn",
    ),
}


def _routes(properties: Properties) -> list[dict[str, Any]]:
    """Return the routes of an alias, all to the new version where a deployment has ended."""
    if preference := properties.get("DeploymentPreference"):
        return [{"stateMachineVersionArn": preference["StateMachineVersionArn"], "weight": 100}]
    return [
        {"stateMachineVersionArn": route["StateMachineVersionArn"], "weight": int(route["Weight"])}
        for route in properties["RoutingConfiguration"]
    ]


def install(client: Client) -> None:
    """Have moto's CloudFormation make the types that it lacks; ``client`` makes clients of services."""
    lacking = _TYPES.keys() - {
        model.cloudformation_type() for model in CloudFormationModel.__subclasses__()
    }
    for name in sorted(lacking):
        resources: dict[str, Properties] = {}
        # moto finds the classes that are below its own
        type(
            name,
            (_ApiResource, CloudFormationModel),
            {"TYPE": name, "ROW": _TYPES[name], "CLIENT": staticmethod(client), "RESOURCES": resources},
        )
    for cached in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        cached.cache_clear()


class _ApiResource:
    """A resource that calls of its service make; what moto's CloudFormation asks of one."""

    TYPE: ClassVar[str]
    ROW: ClassVar[_ApiType]
    CLIENT: ClassVar[Client]
    RESOURCES: ClassVar[dict[str, Properties]]

    def __init__(self, name: str) -> None:
        self.physical_resource_id = name

    @classmethod
    def cloudformation_type(cls) -> str:
        return cls.TYPE

    @classmethod
    def cloudformation_name_type(cls) -> str:
        return cls.ROW.name_property

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Arn" and cls.ROW.arn is not None

    def get_cfn_attribute(self, attribute: str) -> Any:
        assert attribute == "Arn"
        assert self.ROW.arn is not None
        return self.ROW.arn(self._client(), self.physical_resource_id)

    def is_created(self) -> bool:
        return True

    @classmethod
    def create_from_cloudformation_json(
        cls, name: str, described: Properties, account: str, region: str, **rest: Any
    ) -> Any:
        properties = described["Properties"]
        own = properties.get(cls.TYPE.rpartition(":")[2] + "Input", {}).get("Name")
        name = own or (name if cls.ROW.name_property else name.lower())
        answer = cls.ROW.create(cls._client(), name, properties)
        name = answer[cls.ROW.id_in_answer] if cls.ROW.id_in_answer else name
        cls.RESOURCES[name] = properties
        return cls(name)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Properties,
        account_id: str,
        region_name: str,
    ) -> Any:
        old = original_resource.physical_resource_id
        if cloudformation_json.get("UpdateReplacePolicy") != "Retain":
            cls.delete_from_cloudformation_json(old, cloudformation_json, account_id, region_name)
        named = cloudformation_json["Properties"].get(cls.ROW.name_property)
        name = named or (old.rpartition(":")[2] if cls.ROW.name_property else new_resource_name)
        return cls.create_from_cloudformation_json(name, cloudformation_json, account_id, region_name)

    @classmethod
    def delete_from_cloudformation_json(
        cls, name: str, described: Properties, account: str, region: str
    ) -> None:
        if name in cls.RESOURCES:
            cls.ROW.delete(cls._client(), name, cls.RESOURCES.pop(name))

    @classmethod
    def _client(cls) -> Any:
        return cls.CLIENT(cls.ROW.service, parameter_validation=False)
