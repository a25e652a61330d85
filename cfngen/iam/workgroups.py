"""Where a query of Athena puts its result, as far as its workgroup stands in the template.

https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cfngen.cfn.functions import plain, ref_name
from cfngen.core.values import mapping


def with_workgroup(arguments: Mapping[str, Any], resources: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the arguments of a query with the place where its workgroup puts results, if it has one.

    The workgroup's own place goes before that of the call, unless the workgroup says that it does not
    enforce its settings: what is created without saying so enforces them.
    """
    configuration = mapping(
        _workgroup_properties(arguments.get("WorkGroup"), resources).get("WorkGroupConfiguration")
    )
    location = mapping(configuration.get("ResultConfiguration")).get("OutputLocation")
    called = mapping(arguments.get("ResultConfiguration"))
    is_open = str(configuration.get("EnforceWorkGroupConfiguration", True)).lower() == "false"
    if location is None or (is_open and "OutputLocation" in called):
        return arguments
    return {**arguments, "ResultConfiguration": {**called, "OutputLocation": location}}


def _workgroup_properties(workgroup: Any, resources: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the properties of the workgroup of the template that an argument names."""
    logical_id = ref_name(plain(workgroup))
    for name, resource in resources.items():
        if mapping(resource).get("Type") != "AWS::Athena::WorkGroup":
            continue
        properties = mapping(mapping(resource).get("Properties"))
        if name == logical_id or (workgroup is not None and properties.get("Name") == plain(workgroup)):
            return properties
    return {}
