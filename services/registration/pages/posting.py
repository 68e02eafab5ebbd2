"""A public form as a browser without script sends it: reading, and telling people from machines without a puzzle.

Two signs, neither of which a person notices: a field nobody sees must stay empty, and a form cannot come back before somebody could have
read it (it then waits) nor without the stamp of the page it came from.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from shared.auth.keys import Secrets
from shared.errors import Invalid
from shared.http.security import require_same_origin

MOST_BYTES: Final = 8_192
MOST_FIELDS: Final = 20
SEVERAL: Final = frozenset({"days"})
"""Fields that may come several times, once for each box that is ticked: their values stand in one text, a blank between them."""
HONEYPOT: Final = "website"
STAMP: Final = "stamp"
FASTEST_SECONDS: Final = 1.5
"""Nobody fills in the form faster; what comes sooner is kept waiting for the rest, once."""
SLOWEST_SECONDS: Final = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Posted:
    """`machine`: the honeypot was filled in. A machine gets the answer a person gets, and nothing is done."""

    fields: Mapping[str, str]
    machine: bool
    age: float | None
    """Seconds since the page of the form was made; None when no page of ours was."""

    async def wait_until_read(self) -> None:
        """Raises Invalid("registration.too_quick") when the form did not come from a page of ours."""
        if self.age is None:
            raise Invalid("registration.too_quick")
        if self.age < FASTEST_SECONDS:
            await asyncio.sleep(FASTEST_SECONDS - self.age)


async def receive(request: web.Request, secrets: Secrets, origin: str, now: datetime) -> Posted:
    """Raises Denied("request.cross_origin"), and what `read` raises."""
    fields = await read(request, origin)
    return Posted(fields, bool(fields.get(HONEYPOT)), age_of(secrets, fields.get(STAMP, ""), now))


async def read(request: web.Request, origin: str) -> Mapping[str, str]:
    """The fields of a small urlencoded form of our own pages. Raises Denied("request.cross_origin"), and Invalid with
    request.unsupported_media_type, request.too_large or request.refused."""
    require_same_origin(request, origin)
    if request.content_type != "application/x-www-form-urlencoded":
        raise Invalid("request.unsupported_media_type")
    if (request.content_length or 0) > MOST_BYTES:
        raise Invalid("request.too_large", params={"most_bytes": MOST_BYTES})
    try:
        got = await request.post()
    except (ValueError, LookupError):  # not UTF-8, or an encoding nobody knows
        raise Invalid("request.refused") from None
    fields = {name: value for name, value in got.items() if isinstance(value, str)}
    for name in SEVERAL & fields.keys():
        fields[name] = " ".join(str(value) for value in got.getall(name))
    if len(fields) > MOST_FIELDS or sum(len(value) for value in fields.values()) > MOST_BYTES:
        raise Invalid("request.too_large", params={"most_bytes": MOST_BYTES})
    return fields


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
    return secrets.proof(f"form:{at}")
