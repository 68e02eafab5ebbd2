"""How an operator proves who they are: passkeys, codes of an app, codes to keep for a bad day.

Pure: `now`, proofs and challenges come as values. What must not be here: cryptography, storage, cookies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from shared.errors import Conflict, Denied, Unauthenticated

MOST_PASSKEYS: Final = 10
MOST_CHALLENGES: Final = 5
CHALLENGE_LIFETIME: Final = timedelta(minutes=10)
MOST_FAILURES: Final = 5
FAILURE_WINDOW: Final = timedelta(minutes=15)
"""At most MOST_FAILURES wrong codes in such a time: whoever has the link and guesses has one chance in 60,000 in it."""
MOST_LABEL: Final = 60


@dataclass(frozen=True, slots=True)
class Passkey:
    """`data`: what was attested of it, in base 64: its number, the public key. `count`: what it said of its uses last, 0 where it says
    nothing."""

    id: str
    data: str
    label: str
    made_at: datetime
    used_at: datetime | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Challenge:
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Login:
    """`app`: the number of the secret that the app has, `app_step` the newest code that was taken, `app_on` whether codes of it count;
    `spare`: what proves the codes on paper that are left."""

    person: str
    passkeys: tuple[Passkey, ...] = ()
    app: int = 0
    app_on: bool = False
    app_step: int = 0
    spare: tuple[str, ...] = ()
    failures: tuple[datetime, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    version: int = 0

    @property
    def set_up(self) -> bool:
        return bool(self.passkeys) or self.app_on

    @property
    def next_app(self) -> int:
        """The number of the secret that an app would be given now."""
        return self.app + 1


def challenged(login: Login, text: str, now: datetime) -> Login:
    return replace(login, challenges=(*_fresh(login, now), Challenge(text, now))[-MOST_CHALLENGES:])


def answered(login: Login, text: str, now: datetime) -> Login:
    """A challenge counts once. Raises Conflict("registration.login_stale")."""
    if all(one.text != text for one in _fresh(login, now)):
        raise Conflict("registration.login_stale")
    return replace(login, challenges=tuple(one for one in login.challenges if one.text != text))


def _fresh(login: Login, now: datetime) -> tuple[Challenge, ...]:
    return tuple(one for one in login.challenges if one.at + CHALLENGE_LIFETIME > now)


def require_allowed(login: Login, *, proven: bool) -> None:
    """Whoever has the link alone sets up what is not there yet, and changes nothing else. Raises Denied("registration.login_needed")."""
    if login.set_up and not proven:
        raise Denied("registration.login_needed")


def add_passkey(login: Login, passkey: Passkey) -> Login:
    """Raises Conflict("registration.login_known"), Conflict("registration.login_many")."""
    if any(one.id == passkey.id for one in login.passkeys):
        raise Conflict("registration.login_known")
    if len(login.passkeys) >= MOST_PASSKEYS:
        raise Conflict("registration.login_many")
    return replace(login, passkeys=(*login.passkeys, passkey))


def passkey_used(login: Login, id: str, count: int, now: datetime) -> Login:
    """A passkey that counts must count up: one that does not was copied. Raises Unauthenticated("registration.login_wrong")."""
    known = next((one for one in login.passkeys if one.id == id), None)
    if known is None or ((count or known.count) and count <= known.count):
        raise Unauthenticated("registration.login_wrong")
    used = replace(known, used_at=now, count=count)
    return replace(login, passkeys=tuple(used if one.id == id else one for one in login.passkeys))


def set_up_app(login: Login, step: int) -> Login:
    """The app with the secret `next_app` showed the code of `step`."""
    return replace(login, app=login.next_app, app_on=True, app_step=step)


def code_used(login: Login, step: int) -> Login:
    """A code counts once. Raises Unauthenticated("registration.login_wrong")."""
    if not login.app_on or step <= login.app_step:
        raise Unauthenticated("registration.login_wrong")
    return replace(login, app_step=step, failures=())


def spare_used(login: Login, proof: str) -> Login:
    """Raises Unauthenticated("registration.login_wrong")."""
    if proof not in login.spare:
        raise Unauthenticated("registration.login_wrong")
    return replace(login, spare=tuple(one for one in login.spare if one != proof), failures=())


def without_passkey(login: Login, id: str) -> Login:
    return _still_set_up(login, replace(login, passkeys=tuple(one for one in login.passkeys if one.id != id)))


def without_app(login: Login) -> Login:
    return _still_set_up(login, replace(login, app_on=False))


def _still_set_up(before: Login, after: Login) -> Login:
    """Raises Conflict("registration.login_last")."""
    if before.set_up and not after.set_up:
        raise Conflict("registration.login_last")
    return after


def failed(login: Login, now: datetime) -> Login:
    return replace(login, failures=(*login.failures, now)[-MOST_FAILURES:])


def require_patience(login: Login, now: datetime) -> None:
    """Raises Denied("registration.login_wait") after too many wrong codes; passkeys do not wait."""
    recent = [at for at in login.failures if at + FAILURE_WINDOW > now]
    if len(recent) >= MOST_FAILURES:
        ends = recent[0] + FAILURE_WINDOW - now
        raise Denied("registration.login_wait", params={"minutes": int(ends.total_seconds() // 60) + 1})
