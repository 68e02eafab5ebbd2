"""Reading a small form as browsers send it without script (HTML, section 4.10.22.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

from shared.errors import Invalid

MOST_BYTES: Final = 8_192
MOST_FIELDS: Final = 20


async def read(request: web.Request, most_bytes: int = MOST_BYTES, most_fields: int = MOST_FIELDS) -> Mapping[str, Sequence[str]]:
    """Field → its values, at least one, in their order. Raises Invalid with request.unsupported_media_type, request.too_large or
    request.refused."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise Invalid("request.unsupported_media_type")
    if (request.content_length or 0) > most_bytes:
        raise Invalid("request.too_large", params={"most_bytes": most_bytes})
    try:
        got = await request.post()
    except (ValueError, LookupError):  # not UTF-8, or an encoding nobody knows
        raise Invalid("request.refused") from None
    fields = {name: [value for value in got.getall(name) if isinstance(value, str)] for name in got}
    found = {name: values for name, values in fields.items() if values}
    if len(found) > most_fields or sum(len(value) for values in found.values() for value in values) > most_bytes:
        raise Invalid("request.too_large", params={"most_bytes": most_bytes})
    return found
