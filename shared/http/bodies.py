"""Reading a JSON body: bounded, strict, closed; every refused field is named with a stable code."""

from __future__ import annotations

import json
from typing import Any, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from shared.errors import FieldError, Invalid

Model = TypeVar("Model", bound=BaseModel)
MOST_FIELDS: Final = 20
"""Refused fields reported at once."""

_CODES: Final = {
    "missing": "field.missing",
    "extra_forbidden": "field.unknown",
    "string_too_long": "field.too_long",
    "string_too_short": "field.too_short",
    "too_long": "field.too_long",
    "too_short": "field.too_short",
    "literal_error": "field.choice",
    "enum": "field.choice",
    "greater_than_equal": "field.too_small",
    "greater_than": "field.too_small",
    "less_than_equal": "field.too_great",
    "less_than": "field.too_great",
    "value_error": "field.value",
    "string_pattern_mismatch": "field.value",
}


async def read(request: web.Request, model: type[Model], most_bytes: int) -> Model:
    """Raises Invalid with request.unsupported_media_type, request.too_large, request.malformed_json,
    request.duplicate_field or request.invalid."""
    if request.content_type != "application/json":
        raise Invalid("request.unsupported_media_type")
    return validate(parse(await read_bytes(request, most_bytes)), model)


async def read_bytes(request: web.Request, most_bytes: int) -> bytes:
    """The body, whatever it is. Raises Invalid with request.too_large."""
    too_large = Invalid("request.too_large", params={"most_bytes": most_bytes})
    if (request.content_length or 0) > most_bytes:
        raise too_large
    got = bytearray()
    async for chunk in request.content.iter_any():
        got += chunk
        if len(got) > most_bytes:
            raise too_large
    return bytes(got)


def parse(raw: bytes) -> Any:
    """JSON as RFC 8259 has it: no NaN or Infinity, UTF-8 only, and no name twice in one object (section 4 leaves open which would count;
    for a consent that must not be open). Raises Invalid with request.malformed_json or request.duplicate_field."""
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise Invalid("request.malformed_json") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Invalid("request.duplicate_field")
    return found


def _refuse(name: str) -> None:
    raise ValueError(name)


def validate(value: Any, model: type[Model]) -> Model:
    """Raises Invalid("request.invalid") with the refused fields."""
    try:
        return model.model_validate(value)
    except ValidationError as refused:
        found = refused.errors(include_url=False, include_context=True, include_input=False)
        raise Invalid("request.invalid", fields=[_field(error) for error in found[:MOST_FIELDS]]) from None


def _field(error: Any) -> FieldError:
    context = error.get("ctx", {})
    params = {name: context[key] for name, key in (("most", "max_length"), ("least", "min_length")) if key in context}
    return FieldError(".".join(str(step) for step in error["loc"]), _CODES.get(error["type"], "field.type"), params or None)
