"""A public form as a browser without script sends it: reading, and telling people from machines without a puzzle.

Two signs, neither of which a person notices: a field nobody sees must stay empty, and a form cannot come back before somebody could have
read it (it then waits) nor without the stamp of the page it came from.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from services.registration.people.form import MOST_FORM_BYTES
from services.registration.people.questions import FIELD
from shared.auth.keys import Secrets
from shared.errors import Invalid
from shared.http import forms
from shared.http.security import require_same_origin

SEVERAL: Final = frozenset({"days"})
"""Fields that may come several times, once for each box that is ticked: their values stand in one text, a blank between them."""
ANSWERS_BETWEEN: Final = "\x1f"
"""Between the answers to a question of the organiser: a control character, which no answer may hold."""
MOST_FIELDS: Final = 40
"""A form with as many questions as a programme may ask, each answered at length."""
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


async def read(request: web.Request, origin: str) -> Mapping[str, str]:
    """The fields of a form of our own pages. Raises Denied("request.cross_origin"), and what `forms.read` raises."""
    require_same_origin(request, origin)
    got = await forms.read(request, MOST_FORM_BYTES, MOST_FIELDS)
    return {name: _one(name, values) for name, values in got.items()}


def _one(name: str, values: Sequence[str]) -> str:
    if name.startswith(FIELD):
        return ANSWERS_BETWEEN.join(values)
    return " ".join(values) if name in SEVERAL else values[0]


async def receive(request: web.Request, secrets: Secrets, origin: str, now: datetime) -> Posted:
    """Raises Denied("request.cross_origin"), and what `read` raises."""
    fields = await read(request, origin)
    return Posted(fields, bool(fields.get(HONEYPOT)), age_of(secrets, fields.get(STAMP, ""), now))


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
