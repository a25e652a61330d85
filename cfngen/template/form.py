"""What CloudFormation refuses by the form of a template, whatever it makes.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cfngen.cfn.functions import IF, SUB
from cfngen.cfn.template import TemplateIndex
from cfngen.core.problems import Problem
from cfngen.core.values import mapping

__all__ = ["form_problems"]

NO_RESOURCES: Final = "NO_RESOURCES"
SHARED_NAME: Final = "SHARED_NAME"
DUPLICATE_EXPORT: Final = "DUPLICATE_EXPORT"
CIRCULAR_DEPENDENCY: Final = "CIRCULAR_DEPENDENCY"


def form_problems(template: Mapping[str, Any]) -> list[Problem]:
    """Return what CloudFormation refuses of a template to which nothing is added by a macro or a loop."""
    index = TemplateIndex(template)
    if index.is_generated_in_part:
        return []
    return [*_no_resources(index), *_shared_names(index), *_circles(index), *_exports(index)]


def _no_resources(index: TemplateIndex) -> Iterator[Problem]:
    """CloudFormation says "At least one Resources member must be defined."."""
    if not index.resources:
        yield Problem(NO_RESOURCES, "/Resources", "a template makes at least one resource")


def _shared_names(index: TemplateIndex) -> Iterator[Problem]:
    """A name is that of a resource or of a parameter: ``Ref`` takes both.

    https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md (E3007)
    """
    for name in index.resources:
        if name in index.parameters:
            message = f"a parameter has the name {name!r} too, and 'Ref' could mean either"
            yield Problem(SHARED_NAME, f"/Resources/{name}", message, "give one of the two another name")


def _exports(index: TemplateIndex) -> Iterator[Problem]:
    """The names of exports are unique in an account and a region.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
    """
    first: dict[str, str] = {}
    for name, output in index.outputs.items():
        export = mapping(mapping(output).get("Export")).get("Name")
        if export is None or "Condition" in mapping(output):
            continue
        if (other := first.setdefault(repr(export), name)) != name:
            message = f"the output {other!r} is exported by the same name"
            yield Problem(DUPLICATE_EXPORT, f"/Outputs/{name}/Export/Name", message)


def _circles(index: TemplateIndex) -> Iterator[Problem]:
    """CloudFormation says "Circular dependency between resources: [...]".

    A resource under a condition, and what a function chooses by one, may not be there.
    """
    uses = {name: _certain_uses(index, name) for name in index.resources}
    done: set[str] = set()
    for start in uses:
        path: dict[str, None] = {}  # in its order
        steps = [iter([start])]
        while steps:
            name = next(steps[-1], None)
            if name is None:
                steps.pop()
                if path:
                    done.add(path.popitem()[0])
            elif name in path:
                names = list(path)
                circle = names[names.index(name) :]
                shown = " -> ".join([*circle, name])
                yield Problem(
                    CIRCULAR_DEPENDENCY,
                    f"/Resources/{name}",
                    f"resources depend on each other in a circle: {shown}",
                    f"let one of them name the other by text, as in {SUB!r} with its name",
                )
                done.update(circle)
            elif name not in done:
                path[name] = None
                steps.append(iter(uses[name]))


def _certain_uses(index: TemplateIndex, name: str) -> list[str]:
    if "Condition" in mapping(index.resources[name]):
        return []
    used = (
        use.name for use in index.uses_of(name) if not use.is_condition and f"/{IF}/" not in use.pointer
    )
    return [each for each in dict.fromkeys(used) if each in index.resources]
