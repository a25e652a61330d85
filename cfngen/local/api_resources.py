"""Resources made by calls of their API: moto's CloudFormation lacks them, or leaves much of them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, NamedTuple

from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel

from cfngen.local.spelling import called, operation_of, to_request

Properties = Mapping[str, Any]


class _ApiType(NamedTuple):
    """A type of resource: its service, the calls that create and delete it, the property that is its name.

    Its physical id is its name, or what ``create`` returns under the name ``id``. ``arguments`` turns
    properties into arguments of ``create``, which have the same names in any case.
    """

    service: str
    create: str
    delete: str
    name: str = ""
    id: str = ""
    arguments: Callable[[Properties], Properties] = dict
    arn: Callable[[Any, str], Any] | None = None


def _routes(properties: Properties) -> Properties:
    """Return the arguments of an alias, whose routes all lead to the new version of an ended deployment."""
    if preference := properties.get("DeploymentPreference"):
        routes = [{"StateMachineVersionArn": preference["StateMachineVersionArn"], "Weight": 100}]
    else:
        routes = [{**route, "Weight": int(route["Weight"])} for route in properties["RoutingConfiguration"]]
    return {**properties, "RoutingConfiguration": routes}


_TYPES: Final[Mapping[str, _ApiType]] = {
    "AWS::Athena::WorkGroup": _ApiType(
        "athena",
        "createWorkGroup",
        "deleteWorkGroup",
        "Name",
        arguments=lambda it: {**it, "Configuration": it.get("WorkGroupConfiguration", {})},
    ),
    "AWS::Batch::ComputeEnvironment": _ApiType(
        "batch",
        "createComputeEnvironment",
        "deleteComputeEnvironment",
        "ComputeEnvironmentName",
        "ComputeEnvironmentArn",
    ),
    "AWS::Batch::JobDefinition": _ApiType(
        "batch",
        "registerJobDefinition",
        "deregisterJobDefinition",
        "JobDefinitionName",
        "JobDefinitionArn",
    ),
    "AWS::Batch::JobQueue": _ApiType(
        "batch",
        "createJobQueue",
        "deleteJobQueue",
        "JobQueueName",
        "JobQueueArn",
        lambda it: {"State": "ENABLED", **it},
    ),
    "AWS::CloudWatch::Alarm": _ApiType(
        "cloudwatch",
        "putMetricAlarm",
        "deleteAlarms",
        "AlarmName",
        arn=lambda client, name: client.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"],
    ),
    "AWS::Glue::Database": _ApiType("glue", "createDatabase", "deleteDatabase", "DatabaseInput.Name"),
    "AWS::Glue::Table": _ApiType("glue", "createTable", "deleteTable", "TableInput.Name"),
    "AWS::Scheduler::Schedule": _ApiType(
        "scheduler",
        "createSchedule",
        "deleteSchedule",
        "Name",
        arn=lambda client, name: client.get_schedule(Name=name)["Arn"],
    ),
    "AWS::SNS::Subscription": _ApiType(
        "sns",
        "subscribe",
        "unsubscribe",
        id="SubscriptionArn",
        arguments=lambda it: {**it, "ReturnSubscriptionArn": True},
    ),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachineversion.html
    # Ref is the ARN; a stack is complete when the deployment of its alias has ended
    "AWS::StepFunctions::StateMachineVersion": _ApiType(
        "stepfunctions",
        "publishStateMachineVersion",
        "deleteStateMachineVersion",
        id="StateMachineVersionArn",
    ),
    "AWS::StepFunctions::StateMachineAlias": _ApiType(
        "stepfunctions",
        "createStateMachineAlias",
        "deleteStateMachineAlias",
        "Name",
        "StateMachineAliasArn",
        _routes,
    ),
}


def install(client: Callable[..., Any]) -> None:
    """Have moto's CloudFormation make these types; ``client`` returns a client of a service in a region."""
    for name, row in _TYPES.items():
        # moto finds the classes that are below its own; the last one of a type counts
        type(
            name,
            (_ApiResource, CloudFormationModel),
            {"TYPE": name, "ROW": row, "CLIENT": staticmethod(client)},
        )
    for cached in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        cached.cache_clear()


class _ApiResource:
    """A resource that calls of its service make; what moto's CloudFormation asks of one."""

    TYPE: ClassVar[str]
    ROW: ClassVar[_ApiType]
    CLIENT: ClassVar[Callable[..., Any]]

    def __init__(self, client: Any, name: str, properties: Properties) -> None:
        row, self._client = self.ROW, client
        arguments = {**row.arguments(properties)}
        structure, _, member = row.name.rpartition(".")
        if structure:  # in AWS Glue, where names are in lower case
            arguments[structure] = {member: name.lower(), **arguments[structure]}
            name = arguments[structure][member]
        elif member:
            arguments[member] = name
        operation = operation_of(client, row.create)
        self._arguments = _known(to_request(arguments, operation.input_shape), operation.input_shape)
        answer = called(client, operation, self._arguments)
        self.name = name
        self.physical_resource_id = answer[row.id] if row.id else name

    @classmethod
    def cloudformation_type(cls) -> str:
        return cls.TYPE

    @classmethod
    def cloudformation_name_type(cls) -> str:
        return cls.ROW.name

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Arn" and cls.ROW.arn is not None

    def get_cfn_attribute(self, attribute: str) -> Any:
        assert attribute == "Arn"
        assert self.ROW.arn is not None
        return self.ROW.arn(self._client, self.physical_resource_id)

    def is_created(self) -> bool:
        return True

    @classmethod
    def create_from_cloudformation_json(
        cls, name: str, described: Properties, account: str, region: str, **rest: Any
    ) -> _ApiResource:
        client = cls.CLIENT(cls.ROW.service, region, parameter_validation=False)
        return cls(client, name, described["Properties"])

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: _ApiResource,
        new_resource_name: str,
        cloudformation_json: Properties,
        account_id: str,
        region_name: str,
    ) -> _ApiResource:
        if cloudformation_json.get("UpdateReplacePolicy") != "Retain":
            original_resource.delete(account_id, region_name)
        name = cloudformation_json["Properties"].get(cls.ROW.name, original_resource.name)
        return cls.create_from_cloudformation_json(name, cloudformation_json, account_id, region_name)

    def delete(self, account: str, region: str) -> None:
        operation = operation_of(self._client, self.ROW.delete)
        arguments = {}
        for name in operation.input_shape.required_members:
            value = self._arguments.get(name, self.physical_resource_id)
            is_list = operation.input_shape.members[name].type_name == "list"
            arguments[name] = [value] if is_list else value
        called(self._client, operation, arguments)


def _known(value: Any, shape: Any) -> Any:
    """Return arguments without what the API does not have."""
    if shape.type_name == "structure" and isinstance(value, dict):
        return {name: _known(value[name], shape.members[name]) for name in value if name in shape.members}
    if shape.type_name == "list" and isinstance(value, list):
        return [_known(item, shape.member) for item in value]
    return value
