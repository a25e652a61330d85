"""A Lambda function whose code stands in the template."""

from __future__ import annotations

from dataclasses import field
from typing import Final

from troposphere import GetAtt, Ref, Sub, Template

from cfngen.core.declared import frozen
from cfngen.iam.trust import trust
from cfngen.stacks.additions import add_resources
from cfngen.stacks.options import LOGICAL_ID, integer, option, option_metadata, part_of, text
from cfngen.stacks.parts.logs import LogGroup, LogOptions
from cfngen.stacks.properties import tag_list, without_none
from cfngen.stacks.roles import RoleOptions, role

CODE: Final = text("a Python module that has a function 'handler'", r"(?s).*\bdef handler\b.*")
RUNTIME: Final = "python3.13"


@frozen(kw_only=True)
class LambdaFunction(LogOptions, RoleOptions):
    """A Python function with its role and its log group; ``code`` has ``def handler(event, context)``.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
    """

    logical_id: str = option(LOGICAL_ID, "Function", help="the logical id of the function")
    code: str = field(metadata=option_metadata(CODE, "what it runs"))
    function_timeout: int = option(integer(1, 900), 30, help="seconds that a call may take")

    def add_to(self, template: Template) -> Ref:
        """Add the function; return a reference to its name."""
        from troposphere.awslambda import Code, Function, LoggingConfig

        name = self.logical_id
        policy = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        function = Function(
            name,
            Runtime=RUNTIME,
            Handler="index.handler",
            Role=GetAtt(f"{name}Role", "Arn"),
            Code=Code(ZipFile=self.code),
            Timeout=self.function_timeout,
            LoggingConfig=LoggingConfig(LogGroup=Ref(f"{name}LogGroup")),
            **without_none(Tags=tag_list(self.tags)),
        )
        add_resources(self, template, function)
        trusted = trust("lambda.amazonaws.com")
        add_resources(self, template, role(f"{name}Role", self, trust=trusted, managed=[Sub(policy)]))
        part_of(LogGroup, self, logical_id=f"{name}LogGroup").add_to(template)
        return function.ref()
