"""The registration form as a browser without script sends it: reading, and telling people from machines without a puzzle.

Two signs, neither of which a person notices: a field nobody sees must stay empty, and a form cannot come back before somebody could
have read it (it then waits) nor without the stamp of the page it came from. What must not be here: HTML, what is done with the answers.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from aiohttp import web

from services.registration.people.form import Form
from shared.auth.keys import Secrets
from shared.errors import Invalid

MOST_BYTES: Final = 8_192
MOST_FIELDS: Final = 20
BAIT: Final = "website"
STAMP: Final = "stamp"
FASTEST_SECONDS: Final = 1.5
"""Nobody fills in the form faster; what comes sooner is kept waiting for the rest, once."""
SLOWEST_SECONDS: Final = 24 * 3600.0


def stamp(secrets: Secrets, now: datetime) -> str:
    """`<milliseconds>.<proof>`: when the page was made."""
    at = str(int(now.timestamp() * 1000))
    return f"{at}.{_proof(secrets, at)}"


def age_of(secrets: Secrets, given: str, now: datetime) -> float | None:
    """Seconds since the page was made; None when the stamp is not ours or too old."""
    at, _, proof = given.partition(".")
    if not (at.isascii() and at.isdigit() and len(at) <= 15 and hmac.compare_digest(proof.encode(), _proof(secrets, at).encode())):
        return None
    age = now.timestamp() - int(at) / 1000
    return age if 0 <= age <= SLOWEST_SECONDS else None


def _proof(secrets: Secrets, at: str) -> str:
    return secrets.link(f"form:{at}").removeprefix("lnk_")


async def read(request: web.Request) -> Mapping[str, str]:
    """The fields of a small urlencoded form. Raises Invalid with request.unsupported_media_type, request.too_large or request.refused."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise Invalid("request.unsupported_media_type")
    if (request.content_length or 0) > MOST_BYTES:
        raise Invalid("request.too_large", params={"most_bytes": MOST_BYTES})
    try:
        got = await request.post()
    except (ValueError, LookupError):  # not UTF-8, or an encoding nobody knows
        raise Invalid("request.refused") from None
    fields = {name: value for name, value in got.items() if isinstance(value, str)}
    if len(fields) > MOST_FIELDS or sum(len(value) for value in fields.values()) > MOST_BYTES:
        raise Invalid("request.too_large", params={"most_bytes": MOST_BYTES})
    return fields


def to_form(fields: Mapping[str, str], lang: str) -> Form:
    return Form(
        name=fields.get("name", ""),
        email=fields.get("email", ""),
        door=fields.get("door", ""),
        language=fields.get("language", lang),
        image_rights=fields.get("image_rights", ""),
    )
