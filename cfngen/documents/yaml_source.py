"""YAML as data with positions: no tags but CloudFormation's, no recursion, no expansion without bound."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any, Final, NoReturn

import yaml

from cfngen.cfn.functions import CONDITION, GET_ATT, PREFIX, REF, TAGGED
from cfngen.core.limits import MAX_DEPTH
from cfngen.documents._yaml_scalars import CORE, Scalars, foreign_tag
from cfngen.documents.nodes import MAX_VALUES, TOO_DEEP, TOO_MANY, ReadError, SourceNode, TooDeepError

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FUNCTIONS: Final = frozenset(TAGGED)
_PLAIN: Final = frozenset([REF, CONDITION])
_BREAK: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


class _OpenNode:
    """A mapping or list that is being read."""

    __slots__ = (
        *("anchor", "data", "height", "key", "key_offset"),
        *("merged", "node", "own", "size", "tag"),
    )

    def __init__(self, data: Any, node: SourceNode, tag: str | None, anchor: str | None) -> None:
        self.data, self.node, self.tag, self.anchor = data, node, tag, anchor
        self.key: str | None = None
        self.key_offset = 0
        self.size = 1
        self.height = 1
        self.own: set[str] = set()  # keys that a merge may not set any more
        self.merged = False  # whether the value that comes is that of '<<'


class _Value:
    """A value that is read: what it is, where it stands, how much it is with its aliases followed."""

    __slots__ = ("data", "height", "node", "size")

    def __init__(self, data: Any, node: SourceNode, size: int = 1, height: int = 0) -> None:
        self.data, self.node, self.size, self.height = data, node, size, height


def read_yaml(text: str, name: str) -> tuple[Any, SourceNode]:
    """Return the data of the one document in a text, and where it stands. Raises ``ReadError``."""
    return _Yaml(text, name).read()


class _Yaml:
    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        # a mark of libyaml counts lines and columns alone, and more breaks than other tools do
        self.lines: list[int] = [0, *(line_break.end() for line_break in _BREAK.finditer(text))]
        self.scalars = Scalars()
        self.open: list[_OpenNode] = []
        self.anchors: dict[str, _Value | None] = {}
        self.top: _Value | None = None

    def read(self) -> tuple[Any, SourceNode]:
        try:
            self._events()
        except yaml.MarkedYAMLError as error:
            place = error.problem_mark or error.context_mark
            position = (place.line + 1, place.column + 1) if place else ()
            if place and self._is_deep_at(place):
                raise TooDeepError(TOO_DEEP, self.name, *position) from None
            message = f"this is not YAML: {error.problem or error.context}"
            raise ReadError(message, self.name, *position) from None
        except yaml.reader.ReaderError as error:
            character = error.character if isinstance(error.character, int) else ord(error.character)
            at = next((i for i, sign in enumerate(self.text) if ord(sign) == character), 0)
            raise ReadError(
                f"YAML does not allow the character U+{character:04X}", self.name, *self._line(at)
            ) from None
        except (yaml.YAMLError, RecursionError) as error:
            raise ReadError(f"this is not YAML: {error}", self.name) from None
        if self.top is None:
            raise ReadError("there is no document in the text", self.name)
        return self.top.data, self.top.node

    def _is_deep_at(self, place: Any) -> bool:
        """Tell whether what opens at the place of an error is nested too deep.

        libyaml has the same bound since 0.2.6, and reads brackets ahead of the events that it gives.
        """
        offset = self._offset(place)
        if self.text[offset : offset + 1] in ("]", "}"):
            return False
        before = self.text[:offset]
        brackets = sum(before.count(sign) for sign in "[{") - sum(before.count(sign) for sign in "]}")
        return max(len(self.open), brackets) >= MAX_DEPTH - 1

    def _events(self) -> None:
        for event in yaml.parse(self.text, Loader=_LOADER):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._begin(event, kind is yaml.MappingStartEvent)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._end()
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent and self.top is not None:
                self._refuse("a second document begins here, but only one is read", event)

    # --- events ----------------------------------------------------------------------------------

    def _scalar(self, event: Any) -> None:
        holder = self.open[-1] if self.open else None
        if holder is not None and type(holder.data) is dict and holder.key is None and not holder.merged:
            self._key(holder, event)
            return
        function = self._function(event)
        if function:
            data: Any = event.value
            if function == GET_ATT and "." in data:
                data = data.split(".", 1)
            data = {function: data}
        else:
            try:
                data = self.scalars.resolve(event)
            except ValueError as error:
                self._refuse(str(error), event)
        node = self._node(event)
        node.block = event.style == "|"
        if function:
            inner = SourceNode(node.start, block=node.block)
            node.children = {function: inner}
        self._place(_Value(data, node), event.anchor, event)

    def _key(self, holder: _OpenNode, event: Any) -> None:
        if event.tag not in (None, "!", f"{CORE}str"):
            self._refuse("a key cannot have a tag", event)
        key = event.value
        if key == "<<" and event.implicit[0] and not event.style:
            holder.merged = True
            return
        if event.anchor:
            self.anchors[event.anchor] = _Value(key, self._node(event))
        if key in holder.own:
            shown = repr(key) if len(key) <= 56 else f"{key[:53]!r}..."
            self._refuse(f"the key {shown} is already defined in this mapping", event)
        holder.own.add(key)
        holder.key, holder.key_offset = key, self._offset(event.start_mark)

    def _begin(self, event: Any, mapping: bool) -> None:
        if self.open and type(self.open[-1].data) is dict:
            holder = self.open[-1]
            if holder.key is None and not holder.merged:
                self._refuse("a key must be text", event)
        if len(self.open) >= MAX_DEPTH:
            self._refuse(TOO_DEEP, event, TooDeepError)
        function = self._function(event)
        if not function and event.tag not in (None, "!", f"{CORE}{'map' if mapping else 'seq'}"):
            self._refuse(foreign_tag(event.tag), event)
        node = self._node(event)
        node.children = {} if mapping else []
        if event.anchor:
            self.anchors[event.anchor] = None  # which is not whole yet
        self.open.append(_OpenNode({} if mapping else [], node, function, event.anchor))

    def _end(self) -> None:
        done = self.open.pop()
        data, node = done.data, done.node
        if done.tag:
            data = {done.tag: data}
            outer = SourceNode(node.start)
            outer.children = {done.tag: node}
            node = outer
        self._place(_Value(data, node, done.size, done.height), done.anchor, None)

    def _alias(self, event: Any) -> None:
        value = self.anchors.get(event.anchor)
        if value is None:
            is_open = event.anchor in self.anchors
            self._refuse(
                f"the alias *{event.anchor} is inside the value that it refers to"
                if is_open
                else f"there is no anchor &{event.anchor} before this",
                event,
            )
        holder = self.open[-1] if self.open else None
        if holder is not None and type(holder.data) is dict and holder.key is None and not holder.merged:
            if not isinstance(value.data, str):
                self._refuse("a key must be text", event)
            event = yaml.ScalarEvent(
                None, None, (False, True), value.data, event.start_mark, event.end_mark, style="'"
            )
            self._key(holder, event)
            return
        if len(self.open) + value.height > MAX_DEPTH:
            self._refuse(TOO_DEEP, event, TooDeepError)
        self._place(_Value(value.data, value.node, value.size, value.height), None, event)

    # --- values ----------------------------------------------------------------------------------

    def _place(self, value: _Value, anchor: str | None, event: Any) -> None:
        if anchor:
            self.anchors[anchor] = value
        if not self.open:
            self.top = value
            return
        holder = self.open[-1]
        holder.size += value.size
        holder.height = max(holder.height, value.height + 1)
        if holder.size > MAX_VALUES:
            place = event.start_mark if event is not None else None
            line, column = (place.line + 1, place.column + 1) if place else self._line(holder.node.start)
            raise ReadError(
                f"{TOO_MANY} when its aliases are resolved",
                self.name,
                line,
                column,
            )
        if type(holder.data) is list:
            holder.data.append(value.data)
            holder.node.children.append(value.node)  # type: ignore[union-attr]
        elif holder.merged:
            holder.merged = False
            self._merge(holder, value)
        else:
            key = holder.key
            holder.key = None
            node = SourceNode(value.node.start, holder.key_offset, block=value.node.block)
            node.children = value.node.children
            holder.data[key] = value.data
            holder.node.children[key] = node  # type: ignore[index, call-overload]

    def _merge(self, holder: _OpenNode, value: _Value) -> None:
        """YAML 1.1: keys of the mapping itself win, then those of the first mapping that is merged."""
        several = isinstance(value.data, list)
        parts = value.data if several else [value.data]
        for number, part in enumerate(parts):
            node = value.node.children[number] if several else value.node  # type: ignore[index]
            if not isinstance(part, dict) or not isinstance(node.children, dict):
                line, column = self._line(node.start)
                raise ReadError("'<<' takes a mapping or a list of mappings", self.name, line, column)
            for key, item in part.items():
                if key not in holder.data:
                    holder.data[key] = item
                    holder.node.children[key] = node.children[key]  # type: ignore[index]

    def _function(self, event: Any) -> str:
        tag = event.tag
        if tag is None or tag == "!" or not tag.startswith("!"):
            return ""
        word = str(tag[1:])
        if word in _PLAIN:
            return word
        if (function := PREFIX + word) not in _FUNCTIONS:
            self._refuse(foreign_tag(tag), event)
        return function

    # --- positions -------------------------------------------------------------------------------

    def _offset(self, place: Any) -> int:
        """Return the offset of a mark of libyaml, which has a line and a column."""
        start: int = self.lines[min(place.line, len(self.lines) - 1)]
        column: int = place.column
        return start + column

    def _node(self, event: Any) -> SourceNode:
        return SourceNode(self._offset(event.start_mark))

    def _line(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1

    def _refuse(self, message: str, event: Any, kind: type[ReadError] = ReadError) -> NoReturn:
        place = event.start_mark
        raise kind(message, self.name, place.line + 1, place.column + 1)
