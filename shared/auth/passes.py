"""Passes: short-lived Ed25519-signed tokens that registration signs and the other services only verify.

A pass is a JWT (RFC 7519) signed with EdDSA (RFC 8037), ten minutes long. It says who, by which door, with which duty, for which event and
sessions; it is never stored. One for `api` opens the HTTP interfaces and the live feed; one for `media` lies in the cookie that travels
with every segment of a stream, opens nothing else, and names nobody; one for `lite` lies in the cookie of the pages without script, and
opens those alone.
"""

from __future__ import annotations

import base64
import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.auth.capabilities import Attendance, Duty, is_attendance, is_duty
from shared.errors import Unauthenticated

LIFETIME: Final = timedelta(minutes=10)
LEEWAY: Final = timedelta(seconds=5)
ISSUER: Final = "tablee/registration"
ALL_SESSIONS: Final = "*"
MOST_CHARACTERS: Final = 2048
MOST_REMEMBERED: Final = 20_000
"""Passes whose signature one verifier remembers: a large hall, each person with two pages."""
Purpose = Literal["api", "media", "lite"]
"""What a pass is for (the `aud` claim, RFC 7519, section 4.1.3)."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Who is calling. `sessions` are ids of the programme's sessions, or ("*",) for all of the event."""

    id: str
    person: str
    duty: Duty
    event: str
    sessions: tuple[str, ...]
    door: Attendance
    name: str
    language: str
    issued_at: datetime
    expires_at: datetime
    login: str = ""
    """Which of the person's browser sessions it was issued to; ends with it."""
    people: int = 0
    """How many there are in the local hub of which the person is the host; 0 for whoever is none, or declared nobody."""
    no_picture: bool = False
    """They refused that pictures of them are published."""

    def covers(self, session: str) -> bool:
        return ALL_SESSIONS in self.sessions or session in self.sessions

    @property
    def hand(self) -> str:
        """Whose hand it is: the person, wherever they are logged in; but a link without a name opens for several, and each of their browser
        sessions is a hand of its own."""
        return self.person if self.name or not self.login else f"{self.person}/{self.login}"


class Signer:
    """Holds the private key. Only registration builds one."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def sign(
        self,
        *,
        id: str,
        person: str,
        duty: Duty,
        event: str,
        sessions: Sequence[str],
        door: Attendance,
        name: str,
        language: str,
        now: datetime,
        login: str = "",
        people: int = 0,
        no_picture: bool = False,
        purpose: Purpose = "api",
        lifetime: timedelta = LIFETIME,
    ) -> str:
        claims = {
            "iss": ISSUER,
            "aud": purpose,
            "jti": id,
            "sub": person,
            "sid": login,
            "duty": duty,
            "event": event,
            "sessions": list(sessions),
            "door": door,
            "name": name,
            "people": people,
            "no_picture": no_picture,
            "lang": language,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA")


class VerifiedPasses:
    """Passes whose signature was found good, by the digest of the whole token, so that a person who votes ten times is checked once. Says
    nothing about time or revocation: these are judged at each use. Ended passes leave first, then the oldest."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._found: OrderedDict[bytes, Pass] = OrderedDict()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, digest: bytes) -> Pass | None:
        return self._found.get(digest)

    def put(self, digest: bytes, holder: Pass, now: datetime) -> None:
        """What is in front came first and ends first: all passes last equally long."""
        self._found[digest] = holder
        while len(self._found) > self._most or next(iter(self._found.values())).expires_at + LEEWAY <= now:
            self._found.popitem(last=False)

    def drop(self, digest: bytes) -> None:
        self._found.pop(digest, None)


class Verifier:
    """Checks passes for one event with one or more public keys (more than one while keys are exchanged). Whose signature it found good it
    remembers; other keys are another verifier, which remembers nothing."""

    def __init__(self, keys: Sequence[Ed25519PublicKey], *, event: str) -> None:
        if not keys:
            raise ValueError("a verifier needs a public key")
        self._keys = tuple(keys)
        self._event = event
        self.remembered = VerifiedPasses()

    def verify(self, token: str, *, now: datetime, purpose: Purpose = "api") -> Pass:
        """Raises Unauthenticated with code access.pass_missing, access.pass_invalid, access.pass_expired or access.pass_other_event."""
        if not token:
            raise Unauthenticated("access.pass_missing")
        if len(token) > MOST_CHARACTERS or not token.isascii():
            raise Unauthenticated("access.pass_invalid")
        digest = hashlib.sha256(f"{purpose} {token}".encode()).digest()
        known = self.remembered.get(digest)
        got = known or self._read(self._claims(token, purpose))
        try:
            self._require_counts(got, now)
        except Unauthenticated:
            self.remembered.drop(digest)
            raise
        if known is None:
            self.remembered.put(digest, got, now)
        return got

    def _require_counts(self, got: Pass, now: datetime) -> None:
        if got.event != self._event:
            raise Unauthenticated("access.pass_other_event")
        if got.expires_at + LEEWAY <= now:
            raise Unauthenticated("access.pass_expired")
        if got.issued_at - LEEWAY > now:
            raise Unauthenticated("access.pass_invalid")

    def _claims(self, token: str, purpose: Purpose) -> Mapping[str, Any]:
        # Time is judged against the caller's `now`, not the library's own clock.
        for key in self._keys:
            try:
                claims: Mapping[str, Any] = jwt.decode(
                    token,
                    key,
                    algorithms=["EdDSA"],
                    issuer=ISSUER,
                    audience=purpose,
                    options={"verify_exp": False, "verify_iat": False, "require": ["iss", "aud", "sub", "jti", "iat", "exp"]},
                )
                return claims
            except jwt.InvalidSignatureError:
                continue
            except jwt.PyJWTError:
                break
        raise Unauthenticated("access.pass_invalid")

    @staticmethod
    def _read(claims: Mapping[str, Any]) -> Pass:
        try:
            sessions = claims["sessions"]
            duty, door, people = claims["duty"], claims["door"], claims.get("people", 0)
            no_picture = claims.get("no_picture", False)
            texts = [claims[name] for name in ("jti", "sub", "sid", "event", "name", "lang")]
            all_texts = all(isinstance(text, str) for text in [*texts, *sessions])
            if not (all_texts and is_duty(duty) and is_attendance(door) and _is_number(people) and isinstance(no_picture, bool)):
                raise Unauthenticated("access.pass_invalid")
            return Pass(
                id=claims["jti"],
                person=claims["sub"],
                duty=duty,
                event=claims["event"],
                sessions=tuple(sessions),
                door=door,
                name=claims["name"],
                language=claims["lang"],
                issued_at=datetime.fromtimestamp(claims["iat"], UTC),
                expires_at=datetime.fromtimestamp(claims["exp"], UTC),
                login=claims["sid"],
                people=people,
                no_picture=no_picture,
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            raise Unauthenticated("access.pass_invalid") from None


def _is_number(claim: object) -> bool:
    return isinstance(claim, int) and not isinstance(claim, bool) and claim >= 0


def new_private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def private_to_text(key: Ed25519PrivateKey) -> str:
    """The 32-byte seed in unpadded URL-safe base64 (43 characters)."""
    raw = key.private_bytes(serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def private_from_text(text: str) -> Ed25519PrivateKey:
    """Raises ValueError."""
    return Ed25519PrivateKey.from_private_bytes(_unpadded(text))


def public_to_text(key: Ed25519PublicKey) -> str:
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def public_from_text(text: str) -> Ed25519PublicKey:
    """Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(_unpadded(text))


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
