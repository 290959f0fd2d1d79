"""Safe, strict YAML for `reading.py`. Needs PyYAML, from the extra `train`."""

import re
from typing import Any

import yaml
from yaml import YAMLError

__all__ = ["YAMLError", "load"]

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def load(text: str, deepest: int) -> Any:
    """Parse the single document in a text; None if it is empty.

    Args:
        text: YAML text.
        deepest: largest nesting depth of lists and mappings.

    Raises:
        YAMLError: if it is not well-formed, has an alias, a tag or a duplicate key, or is too deep.
        ValueError, OverflowError: for an integer with thousands of digits, or an escape that is not a character.
    """
    loader = _Composer(text, deepest)
    try:
        node = loader.get_single_node()
        return None if node is None else _value(node)
    finally:
        loader.dispose()


class _Composer(yaml.BaseLoader):
    """Composes PyYAML nodes, rejecting aliases, tags and excessive depth before any value is built."""

    def __init__(self, text: str, deepest: int) -> None:
        super().__init__(text)
        self._levels_left = deepest + 1

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _refused("an alias; repeat the value instead", event)
        if getattr(event, "tag", None) is not None:
            raise _refused("a tag; write plain values", event)
        if self._levels_left < 0:
            raise _refused("too many lists and mappings within each other", event)
        self._levels_left -= 1
        node = super().compose_node(parent, index)
        self._levels_left += 1
        return node


def _value(node: Any) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node.value) if node.style is None else node.value
    content: dict[str, Any] = {}
    for key, item in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _refused("a key that is not text", key)
        if key.value in content:
            raise _refused(f"the key {key.value[:40]!r} twice", key)
        content[key.value] = _value(item)
    return content


def _scalar(text: str) -> str | int | float | bool | None:
    """A plain scalar under the core schema of YAML 1.2."""
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _refused(what: str, where: Any) -> YAMLError:
    return yaml.MarkedYAMLError(problem=f"it has {what}", problem_mark=where.start_mark)
