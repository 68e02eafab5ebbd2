"""Ways in: what a personal link refers to, what a browser holds after it, and in which state a link is. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Literal

from services.registration.people.domain import Person, State

SESSION_LIFETIME: Final = timedelta(hours=24)
PROVEN_LIFETIME: Final = timedelta(hours=8)
"""Of a browser whose operator signed in with their passkey or a code."""
UNPROVEN_LIFETIME: Final = timedelta(minutes=30)
"""Of one whose operator still has to."""
LOGIN_CHARACTERS: Final = 32
LINK_LIFETIME: Final = timedelta(days=90)
"""A personal link counts until this long after the end of the event, or after it was made where that is later (replays)."""

HALL_SIGNS: Final = "CDFGHJKMNPQRTVWX34679"
"""Of a hall code: none that another one looks like, and no vowels, so that it is never a word."""
HALL_CHARACTERS: Final = 6

Purpose = Literal["mail", "rehearsal", "duty", "staff"]


@dataclass(frozen=True, slots=True)
class Credential:
    """A way in. `hash` is the SHA-256 of the token; the token itself is kept nowhere. `draft`: see Person."""

    hash: str
    purpose: Purpose
    person: str
    event: str
    sessions: tuple[str, ...]
    not_before: datetime
    expires_at: datetime
    draft: str | None = None
    revoked_at: datetime | None = None
    uses: int = 0
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A browser that entered by the link of `credential`. `proven`: its operator signed in besides."""

    hash: str
    person: str
    credential: str
    sessions: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    proven: bool = False

    @property
    def login(self) -> str:
        """What passes name it by: nothing that its cookie could be guessed from."""
        return self.hash[:LOGIN_CHARACTERS]


class LinkState(Enum):
    """`revoked`: this link was replaced, another one can be had. `withdrawn`: no link of this person opens any more."""

    OK = "ok"
    EARLY = "early"
    EXPIRED = "expired"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


def hash_of(token: str) -> str:
    """What is stored in place of a token. Tokens hold 160 random bits, so a plain SHA-256 cannot be searched."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_state(credential: Credential | None, person: Person | None, now: datetime) -> LinkState:
    if credential is None or person is None:
        return LinkState.UNKNOWN
    if person.state is State.REVOKED:
        return LinkState.WITHDRAWN
    if credential.revoked_at is not None or person.has_lost(credential.draft):
        return LinkState.REVOKED
    if now < credential.not_before:
        return LinkState.EARLY
    return LinkState.EXPIRED if credential.expires_at <= now else LinkState.OK


def open_session(token_hash: str, credential: Credential, now: datetime, lifetime: timedelta = SESSION_LIFETIME) -> BrowserSession:
    """At most as long as the link itself."""
    return BrowserSession(
        hash=token_hash,
        person=credential.person,
        credential=credential.hash,
        sessions=credential.sessions,
        created_at=now,
        expires_at=min(now + lifetime, credential.expires_at),
    )


def proven_session(token_hash: str, session: BrowserSession, now: datetime) -> BrowserSession:
    """In the place of `session`, under another token: what was known before the proof opens nothing."""
    return replace(session, hash=token_hash, created_at=now, expires_at=now + PROVEN_LIFETIME, proven=True)


def hall_code(token: str) -> str:
    """What is typed in a hall, from an unguessable token of its session: 86 million of them."""
    number, signs = int(hash_of(token), 16), []
    for _ in range(HALL_CHARACTERS):
        number, place = divmod(number, len(HALL_SIGNS))
        signs.append(HALL_SIGNS[place])
    return "".join(signs)


def typed_code(text: str) -> str:
    """As people type it: in small letters, with blanks and hyphens. Empty for what is no hall code at all."""
    code = "".join(sign for sign in text.upper() if sign not in " -\u00a0\u202f")
    return code if len(code) == HALL_CHARACTERS and set(code) <= set(HALL_SIGNS) else ""


def hall_credential(session: str, generation: int) -> str:
    """In the place of a credential's hash: by which code a browser entered."""
    return f"hall:{session}:{generation}"


def link_expiry(ends_at: datetime | None, now: datetime) -> datetime:
    return max(ends_at or now, now) + LINK_LIFETIME
