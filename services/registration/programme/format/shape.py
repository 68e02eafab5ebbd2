"""What a block looks like, worked out once from the annotations of its class: the reader and the writer both follow it."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from services.registration.programme.format.fields import FromKey, Unknowable
from services.registration.programme.format.kinds import Kind

FREE = frozenset({"assumed", "rehearsal"})
"""Fields of the root that are found out, never written in a file."""


@dataclass(frozen=True, slots=True)
class FieldShape:
    """`kind` for a scalar, `block` for a nested block; `many` is "one", "list" or "map"."""

    attribute: str
    name: str
    kind: Kind | None
    block: Any
    many: str
    required: bool
    default: Any
    unknowable: bool
    from_key: bool


def shape(block: Any) -> tuple[FieldShape, ...]:
    """The fields of a block (a class of `model`) in the order they are written."""
    return _shape(block)


@cache
def _shape(block: Any) -> tuple[FieldShape, ...]:
    hints = get_type_hints(block, include_extras=True)
    return tuple(_field(one, hints[one.name]) for one in dataclasses.fields(block) if one.name not in FREE)


def _field(one: dataclasses.Field[Any], hint: Any) -> FieldShape:
    marks: list[Any] = []
    many = "one"
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            marks += hint.__metadata__
            hint = hint.__origin__
        elif origin in (Union, types.UnionType) and type(None) in get_args(hint):
            hint = next(part for part in get_args(hint) if part is not type(None))
        elif origin is tuple:
            many, hint = "list", get_args(hint)[0]
        elif origin is Mapping:
            many, hint = "map", get_args(hint)[1]
        else:
            break
    default = one.default
    if one.default_factory is not dataclasses.MISSING:
        default = one.default_factory()
    return FieldShape(
        attribute=one.name, name=one.name.rstrip("_"),
        kind=next((mark for mark in marks if hasattr(mark, "read")), None),
        block=hint if dataclasses.is_dataclass(hint) and not any(hasattr(mark, "read") for mark in marks) else None,
        many=many, required=default is dataclasses.MISSING, default=default,
        unknowable=any(isinstance(mark, Unknowable) for mark in marks),
        from_key=any(isinstance(mark, FromKey) for mark in marks),
    )  # fmt: skip
