"""YAML text → the blocks of a programme, with the file, line and field of everything that is wrong, all at once.

Walking the nodes along the shape of the blocks. Nothing is guessed and nothing is dropped: an unknown field is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from services.registration.programme.format.kinds import SLUG, UNKNOWN, Choice, Flag, Kind, Number, Unfit, nearest
from services.registration.programme.format.nodes import ProgrammeError, compose, place
from services.registration.programme.format.shape import FieldShape, shape
from shared.errors import FieldError

MAX_ITEMS = 500
"""Entries of one list: sessions of a day, people of a programme."""

STUB = "?"

NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True)
class Reading:
    """What reading found out beside the values: the line of every field and every error. One per file."""

    name: str
    lines: dict[str, int] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def refuse(self, path: str, code: str, line: int | None = None, **params: Any) -> None:
        self.refused.add(path)
        self.errors.append(FieldError(place(self.name, line or self.line(path), path), code, params))

    def refuse_once(self, path: str, code: str, **params: Any) -> None:
        """The same, unless the value itself could not be read: what follows from that is no second error."""
        if not self.is_refused(path):
            self.refuse(path, code, **params)

    def is_refused(self, path: str) -> bool:
        """Whether the field, or a block around it, is wrong already."""
        while path:
            if path in self.refused:
                return True
            path = path.rpartition(".")[0]
        return False

    def line(self, path: str) -> int:
        """The line of a field, or of the nearest block around it that the file has."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path.rpartition(".")[0]
        return 1

    def check(self) -> None:
        """Raises ProgrammeError with every error so far, if there is one."""
        if self.errors:
            raise ProgrammeError(self.errors)


def read_block(block: type, text: str, reading: Reading, *, partial: frozenset[str] | None = None) -> Any:
    """An instance of `block` out of `text`. When something was wrong, `reading.errors` says what and stubs stand in its place, so that
    the rest can still be judged. Raises ProgrammeError when the YAML itself is broken. With `partial`, a dict of only those fields, none
    of them required (a completion)."""
    return _block(block, compose(text, reading.name), "", reading, partial)


def read_node(block: type, node: yaml.Node, path: str, reading: Reading, partial: frozenset[str] | None = None) -> Any:
    """The same for a node already at hand."""
    if not isinstance(node, yaml.MappingNode):
        return reading.refuse(path, "programme.not_block", _line(node))
    return _block(block, node, path, reading, partial)


def entries(node: yaml.MappingNode, path: str, reading: Reading) -> Iterator[tuple[str, yaml.Node, int]]:
    """The fields of a mapping in print order: name, value, line. A name given twice is refused and its second value skipped."""
    seen: dict[str, int] = {}
    for key, value in node.value:
        line = _line(key)
        if not isinstance(key, yaml.ScalarNode):
            reading.refuse(path, "programme.not_name", line)
            continue
        inner = f"{path}.{key.value}" if path else key.value
        if key.value in seen:
            reading.refuse(inner, "programme.duplicate_field", line, name=key.value[:60], first=seen[key.value])
            continue
        seen[key.value] = line
        reading.lines[inner] = line
        yield key.value, value, line


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _block(block: type, node: yaml.MappingNode, path: str, reading: Reading, partial: frozenset[str] | None = None, key: str = "") -> Any:
    fields = {one.name: one for one in shape(block) if not one.from_key and (partial is None or one.attribute in partial)}
    values: dict[str, Any] = {one.attribute: key for one in shape(block) if one.from_key}
    present: set[str] = set()
    for name, value, line in entries(node, path, reading):
        inner = f"{path}.{name}" if path else name
        if name not in fields:
            like = nearest(name, list(fields))
            reading.refuse(inner, "programme.unknown_field_near" if like else "programme.unknown_field", line, name=name[:60], nearest=like)
            continue
        present.add(name)
        read = _value(fields[name], value, inner, reading)
        if read is not None:
            values[fields[name].attribute] = read
    if partial is not None:
        return values
    for one in fields.values():
        if not one.required or one.attribute in values:
            continue
        if one.name not in present:
            reading.refuse(f"{path}.{one.name}" if path else one.name, "programme.missing_field", _line(node), name=one.name)
        values[one.attribute] = _stub(one)
    return block(**values)


def _stub(one: FieldShape) -> Any:
    """Something that stands for a value that could not be read, until every error is found."""
    if one.many != "one":
        return {} if one.many == "map" else ()
    return _stub_block(one.block) if one.block is not None else _stub_scalar(one.kind)


def _stub_block(block: Any) -> Any:
    return block(**{one.attribute: STUB if one.from_key else _stub(one) for one in shape(block) if one.required or one.from_key})


def _stub_scalar(kind: Kind | None) -> Any:
    if isinstance(kind, Choice):
        return kind.words[0]
    return kind.low if isinstance(kind, Number) else False if isinstance(kind, Flag) else STUB


def _value(one: FieldShape, node: yaml.Node, path: str, reading: Reading) -> Any:
    if _says_nothing(one, node):
        return None
    if one.many == "one":
        return _single(one, node, path, reading)
    if one.many == "list":
        if not isinstance(node, yaml.SequenceNode):
            return reading.refuse(path, "programme.not_list")
        if len(node.value) > MAX_ITEMS:
            return reading.refuse(path, "programme.too_many_items", max=MAX_ITEMS)
        found = []
        for index, item in enumerate(node.value):
            reading.lines[f"{path}.{index}"] = _line(item)
            read = _single(one, item, f"{path}.{index}", reading)
            found.append(read if read is not None else _stub_block(one.block) if one.block is not None else _stub_scalar(one.kind))
        return tuple(found)
    if not isinstance(node, yaml.MappingNode):
        return reading.refuse(path, "programme.not_block")
    if len(node.value) > MAX_ITEMS:
        return reading.refuse(path, "programme.too_many_items", max=MAX_ITEMS)
    blocks = {name: _keyed(one, name, value, f"{path}.{name}", reading) for name, value, _ in entries(node, path, reading)}
    return {name: block for name, block in blocks.items() if block is not None}


def _keyed(one: FieldShape, name: str, node: yaml.Node, path: str, reading: Reading) -> Any:
    try:
        SLUG.read(name)
    except Unfit as refused:
        return reading.refuse(path, refused.code, **refused.params)
    if one.block is None:
        return _single(one, node, path, reading)
    if not isinstance(node, yaml.MappingNode):
        return reading.refuse(path, "programme.not_block")
    return _block(one.block, node, path, reading, key=name)


def _single(one: FieldShape, node: yaml.Node, path: str, reading: Reading) -> Any:
    if one.block is not None:
        if not isinstance(node, yaml.MappingNode):
            return reading.refuse(path, "programme.not_block")
        return _block(one.block, node, path, reading)
    if not isinstance(node, yaml.ScalarNode) or one.kind is None:
        return reading.refuse(path, "programme.not_scalar")
    if node.style is None and node.value in NULLS:
        return reading.refuse(path, "programme.blank")
    try:
        return one.kind.read(node.value)
    except Unfit as refused:
        return reading.refuse(path, refused.code, **refused.params)


def _says_nothing(one: FieldShape, node: yaml.Node) -> bool:
    """An optional field left blank, or `unknown` where a field may be unknown. Quoted words are always meant as words."""
    if not isinstance(node, yaml.ScalarNode) or node.style is not None or one.required:
        return False
    return node.value in NULLS or (one.unknowable and node.value == UNKNOWN)
