"""Resources made by calls of their API: moto's CloudFormation lacks them, or leaves much of them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, NamedTuple

from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel

from cfngen.local.spelling import called, operation_of, to_request

Properties = Mapping[str, Any]


class _Calls(NamedTuple):
    """How a type is created and deleted, where that differs from ``CreateTYPE`` and ``DeleteTYPE``.

    ``arguments`` turns properties into arguments, which have the same names in any case. ``Ref`` is an ARN
    in the response, or else the name, and the name for a type that has ``arn``: its attribute ``Arn``.
    """

    create: str = ""
    delete: str = ""
    arguments: Callable[[Properties], Properties] = lambda properties: properties
    arn: Callable[[Any, str], Any] | None = None


def _routes(properties: Properties) -> Properties:
    """Return the arguments of an alias, whose routes all lead to the new version of an ended deployment."""
    if preference := properties.get("DeploymentPreference"):
        routes = [{"StateMachineVersionArn": preference["StateMachineVersionArn"], "Weight": 100}]
    else:
        routes = [{**route, "Weight": int(route["Weight"])} for route in properties["RoutingConfiguration"]]
    return {**properties, "RoutingConfiguration": routes}


_TYPES: Final[Mapping[str, _Calls]] = {
    "AWS::Athena::WorkGroup": _Calls(
        arguments=lambda it: {**it, "Configuration": it.get("WorkGroupConfiguration", {})}
    ),
    "AWS::Batch::ComputeEnvironment": _Calls(),
    "AWS::Batch::JobDefinition": _Calls("RegisterJobDefinition", "DeregisterJobDefinition"),
    "AWS::Batch::JobQueue": _Calls(arguments=lambda it: {"State": "ENABLED", **it}),
    "AWS::CloudWatch::Alarm": _Calls(
        "PutMetricAlarm",
        "DeleteAlarms",
        arn=lambda client, name: client.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"],
    ),
    "AWS::Glue::Database": _Calls(),
    "AWS::Glue::Table": _Calls(),
    "AWS::Scheduler::Schedule": _Calls(arn=lambda client, name: client.get_schedule(Name=name)["Arn"]),
    "AWS::SNS::Subscription": _Calls(
        "Subscribe", "Unsubscribe", lambda it: {**it, "ReturnSubscriptionArn": True}
    ),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachineversion.html
    # a stack is complete when the deployment of its alias has ended
    "AWS::StepFunctions::StateMachineVersion": _Calls("PublishStateMachineVersion"),
    "AWS::StepFunctions::StateMachineAlias": _Calls(arguments=_routes),
}


def install(client: Callable[..., Any]) -> None:
    """Have moto's CloudFormation make these types; ``client`` returns a client of a service in a region."""
    for name in _TYPES:
        # moto finds the classes that are below its own; the last one of a type counts
        type(name, (_ApiResource, CloudFormationModel), {"TYPE": name, "CLIENT": staticmethod(client)})
    for cached in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        cached.cache_clear()


class _ApiResource:
    """A resource that calls of its service make; what moto's CloudFormation asks of one."""

    TYPE: ClassVar[str]
    CLIENT: ClassVar[Callable[..., Any]]

    def __init__(self, name: str, properties: Properties, region: str) -> None:
        _, service, kind = self.TYPE.split("::")
        self._calls = calls = _TYPES[self.TYPE]
        self._client = self.CLIENT(service.lower(), region, parameter_validation=False)
        create = operation_of(self._client, calls.create or f"Create{kind}")
        self._delete = operation_of(self._client, calls.delete or f"Delete{kind}")
        arguments = to_request({**calls.arguments(properties)}, create.input_shape)
        self.name = name
        named = [it for it in create.input_shape.members if it.lower() in ("name", f"{kind.lower()}name")]
        if f"{kind}Input" in arguments:  # AWS Glue, where names are in lower case
            self.name = arguments[f"{kind}Input"].setdefault("Name", name.lower())
        elif named:
            self.name = arguments.setdefault(named[0], name)
        self._arguments = _known(arguments, create.input_shape)
        response = called(self._client, create, self._arguments)
        is_arn = calls.arn is None and f"{kind}Arn" in response
        self.physical_resource_id = response[f"{kind}Arn"] if is_arn else self.name

    @classmethod
    def cloudformation_type(cls) -> str:
        return cls.TYPE

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Arn" and _TYPES[cls.TYPE].arn is not None

    def get_cfn_attribute(self, attribute: str) -> Any:
        assert self._calls.arn is not None  # has_cfn_attr tells of no other attribute
        return self._calls.arn(self._client, self.name)

    @classmethod
    def create_from_cloudformation_json(
        cls, name: str, described: Properties, account: str, region: str, **rest: Any
    ) -> _ApiResource:
        return cls(name, described["Properties"], region)

    @classmethod
    def update_from_cloudformation_json(
        cls, *, original_resource: _ApiResource, cloudformation_json: Properties, **rest: Any
    ) -> _ApiResource:
        if cloudformation_json.get("UpdateReplacePolicy") != "Retain":
            original_resource.delete(rest["account_id"], rest["region_name"])
        return cls(original_resource.name, cloudformation_json["Properties"], rest["region_name"])

    def delete(self, account: str, region: str) -> None:
        arguments = {}
        for name in self._delete.input_shape.required_members:
            value = self._arguments.get(name, self.physical_resource_id)
            is_list = self._delete.input_shape.members[name].type_name == "list"
            arguments[name] = [value] if is_list else value
        called(self._client, self._delete, arguments)


def _known(value: Any, shape: Any) -> Any:
    """Return arguments without what the API does not have."""
    if shape.type_name == "structure" and isinstance(value, dict):
        return {name: _known(value[name], shape.members[name]) for name in value if name in shape.members}
    if shape.type_name == "list" and isinstance(value, list):
        return [_known(item, shape.member) for item in value]
    return value
