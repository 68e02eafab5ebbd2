"""Use cases of signing in: setting up what an operator proves with, proving, changing it.

Whoever entered by an operator's link and has proven nothing is nobody to every other use case.
"""

from __future__ import annotations

import logging
import secrets as chance
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from services.registration.people import credentials
from services.registration.people.app import Caller, Registration
from services.registration.people.form import check_staff_name
from services.registration.people.saving import Saving, again
from services.registration.people.store import PeopleStore
from services.registration.staff import codes, domain
from services.registration.staff.domain import MOST_LABEL, Login, Passkey
from services.registration.staff.passkeys import Passkeys
from services.registration.staff.store import LoginStore
from shared.errors import Denied, Unauthenticated
from shared.ids import new_token
from shared.service.ports import Ports
from shared.text import Unmendable, tidy

CHALLENGE_BYTES: Final = 32
log = logging.getLogger("tablee.registration")


@dataclass(frozen=True, slots=True)
class SignInView:
    """What the page of signing in shows. `options`: what the browser is asked to do with a passkey, None where there can be none; `secret`
    and `address`: of the app that could be set up now."""

    caller: Caller
    login: Login
    proven: bool
    options: dict[str, Any] | None
    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token`: for the cookie; `spare`: new codes for paper, shown this once."""

    token: str
    spare: tuple[str, ...] = ()


class SignIn:
    def __init__(self, ports: Ports, people: PeopleStore, store: LoginStore, registration: Registration, passkeys: Passkeys) -> None:
        self._ports, self._people, self._store, self._registration = ports, people, store, registration
        self._passkeys = passkeys
        self._saving = Saving(ports, people)

    # --- looking ------------------------------------------------------------------------------------------------------------
    async def look(self, token: str | None, issuer: str) -> SignInView:
        """Raises Unauthenticated("registration.no_session"), Denied("registration.login_not_yours")."""
        caller = await self._caller(token)
        login, options = await self._store.login(caller.person.id), None
        if self._passkeys.possible:
            login, options = await again(partial(self._challenge, caller))
        secret = codes.app_secret(self._ports.secrets, caller.person.id, login.next_app)
        return SignInView(
            caller, login, caller.session.proven, options, secret, codes.app_address(secret, caller.person.name or issuer, issuer)
        )

    async def _challenge(self, caller: Caller) -> tuple[Login, dict[str, Any]]:
        text, person = chance.token_urlsafe(CHALLENGE_BYTES), caller.person
        login = domain.challenged(await self._store.login(person.id), text, self._ports.clock())
        await self._store.save(login)
        if login.set_up and not caller.session.proven:
            return login, self._passkeys.asked_to_show(text, login.passkeys)
        return login, self._passkeys.asked_to_make(text, person.id, person.name or person.duty, login.passkeys)

    # --- setting up ---------------------------------------------------------------------------------------------------------
    async def add_passkey(self, token: str | None, answer: str, label: str, name: str | None = None) -> SignedIn:
        """The first one signs in as well. `name`: of whoever has none yet. Raises as `look`, and
        Unauthenticated("registration.login_wrong"), Conflict with a code `registration.login_…`, Invalid("registration.form")."""
        challenge, made = self._passkeys.made(answer)

        def step(login: Login) -> Login:
            now = self._ports.clock()
            passkey = Passkey(made.id, made.data, _label(label), now, now, made.count)
            return domain.add_passkey(domain.answered(login, challenge, now), passkey)

        return await again(partial(self._set_up, token, step, name))

    async def add_app(self, token: str | None, typed: str, name: str | None = None) -> SignedIn:
        """As `add_passkey`: the code that the app shows."""
        return await again(partial(self._set_up, token, partial(self._with_app, typed), name))

    def _with_app(self, typed: str, login: Login) -> Login:
        secret = codes.app_secret(self._ports.secrets, login.person, login.next_app)
        step = codes.step_of(secret, typed, self._ports.clock())
        if step is None:
            raise Unauthenticated("registration.login_wrong")
        return domain.set_up_app(login, step)

    async def _set_up(self, token: str | None, step: Callable[[Login], Login], name: str | None) -> SignedIn:
        caller = await self._caller(token)
        before = await self._store.login(caller.person.id)
        domain.require_allowed(before, proven=caller.session.proven)
        named = check_staff_name(name) if name is not None and not caller.person.name else None
        after = step(before)
        spare: tuple[str, ...] = ()
        if not before.set_up:
            after, spare = self._with_spare(after)
        if named is not None:
            await self._saving.save(replace(caller.person, name=named), [], self._ports.clock())
        await self._store.save(after)
        log.info("an operator set up a way to sign in", extra={"person": caller.person.id})
        return SignedIn(token or "" if caller.session.proven else await self._prove(caller), spare)

    def _with_spare(self, login: Login) -> tuple[Login, tuple[str, ...]]:
        made = tuple(codes.new_spare_codes())
        return replace(login, spare=codes.spare_proofs(self._ports.secrets, login.person, made)), made

    # --- proving ------------------------------------------------------------------------------------------------------------
    async def prove_by_passkey(self, token: str | None, answer: str) -> SignedIn:
        """Raises as `look`, and Unauthenticated("registration.login_wrong"), Conflict("registration.login_stale")."""
        return await again(partial(self._by_passkey, token, answer))

    async def _by_passkey(self, token: str | None, answer: str) -> SignedIn:
        caller, now = await self._caller(token), self._ports.clock()
        login = await self._store.login(caller.person.id)
        challenge, shown = self._passkeys.shown(answer, login.passkeys)
        await self._store.save(domain.passkey_used(domain.answered(login, challenge, now), shown.id, shown.count, now))
        return SignedIn(await self._prove(caller))

    async def prove_by_code(self, token: str | None, typed: str) -> SignedIn:
        """A code of the app, or one on paper. Raises as `look`, and Unauthenticated("registration.login_wrong"),
        Denied("registration.login_wait")."""
        return await again(partial(self._by_code, token, typed))

    async def _by_code(self, token: str | None, typed: str) -> SignedIn:
        caller, now = await self._caller(token), self._ports.clock()
        login = await self._store.login(caller.person.id)
        domain.require_patience(login, now)
        try:
            after = self._code_taken(login, typed)
        except Unauthenticated:
            await self._store.save(domain.failed(login, now))
            log.warning("a wrong code at an operator's link", extra={"person": caller.person.id})
            raise
        await self._store.save(after)
        return SignedIn(await self._prove(caller))

    def _code_taken(self, login: Login, typed: str) -> Login:
        if codes.is_spare(typed):
            (proof,) = codes.spare_proofs(self._ports.secrets, login.person, [typed])
            return domain.spare_used(login, proof)
        step = codes.step_of(codes.app_secret(self._ports.secrets, login.person, login.app), typed, self._ports.clock())
        return domain.code_used(login, -1 if step is None else step)

    async def _prove(self, caller: Caller) -> str:
        """Another session in the place of the one that the link opened."""
        secret = new_token("ses")
        await self._people.add_session(credentials.proven_session(credentials.hash_of(secret), caller.session, self._ports.clock()))
        await self._people.end_session(caller.session.hash)
        log.info("an operator signed in", extra={"person": caller.person.id})
        return secret

    # --- changing -----------------------------------------------------------------------------------------------------------
    async def remove_passkey(self, token: str | None, id: str) -> None:
        """Raises as `look`, Denied("registration.login_needed"), Conflict("registration.login_last")."""
        await again(partial(self._change, token, lambda login: domain.without_passkey(login, id)))

    async def remove_app(self, token: str | None) -> None:
        await again(partial(self._change, token, domain.without_app))

    async def renew_spare(self, token: str | None) -> tuple[str, ...]:
        made: list[str] = []

        def step(login: Login) -> Login:
            after, fresh = self._with_spare(login)
            made[:] = fresh
            return after

        await again(partial(self._change, token, step))
        return tuple(made)

    async def _change(self, token: str | None, step: Callable[[Login], Login]) -> None:
        caller = await self._caller(token)
        login = await self._store.login(caller.person.id)
        domain.require_allowed(login, proven=caller.session.proven)
        await self._store.save(step(login))

    async def _caller(self, token: str | None) -> Caller:
        caller = await self._registration.who_entered(token)
        if not self._registration.rules.must_prove(caller.person):
            raise Denied("registration.login_not_yours")
        return caller


def _label(text: str) -> str:
    try:
        return tidy(text)[:MOST_LABEL]
    except Unmendable:
        return ""
