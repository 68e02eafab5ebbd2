"""Use cases of people who come by themselves: register, get a link, enter, ask for a pass, change their place, leave.

Each loads, lets the domain decide, and saves the new state together with its events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from services.registration.people import access, credentials, domain
from services.registration.people.credentials import SESSION_LIFETIME, UNPROVEN_LIFETIME, BrowserSession, Credential, LinkState
from services.registration.people.domain import Person, State
from services.registration.people.draft import Draft, ImageChoice
from services.registration.people.form import CheckedForm, Form, check_email, check_form
from services.registration.people.halls import HallDoors
from services.registration.people.saving import Saving, again
from services.registration.people.store import PeopleStore
from services.registration.people.wanted import Changes, Offered, coming_wanted
from shared.auth.capabilities import Duty
from shared.auth.passes import LIFETIME
from shared.auth.passes import Purpose as PassPurpose
from shared.errors import Denied, NotFound, Unauthenticated
from shared.events.kind import Event
from shared.ids import new_token
from shared.service.ports import Ports

MOST_TOKEN: Final = 100
"""Characters of a token worth looking up."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """What a link opens: `name` and `language` as its holder is greeted; empty unless the link is good. `language` is empty as well
    where nobody registered for the link: it is shared, and each browser has its own."""

    state: LinkState
    name: str = ""
    language: str = ""
    duty: Duty = "none"


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind a browser session, as they are now."""

    person: Person
    session: BrowserSession


@dataclass(frozen=True, slots=True)
class SignedPass:
    """`media` opens the streams and nothing else: it lies in a cookie that travels with every segment. Empty for who sits in the hall."""

    text: str
    media: str
    expires_at: datetime


class Placing(Protocol):
    async def save(self, person: Person, events: Sequence[Event], now: datetime) -> Person:
        """Save a person together with the places that follow from the change; as they are then. Raises StaleVersion."""


class Registration:
    def __init__(
        self, ports: Ports, store: PeopleStore, offered: Offered, placing: Placing, halls: HallDoors, rules: access.DutyRules
    ) -> None:
        self.rules = rules
        self._placing = placing
        self._ports = ports
        self._store = store
        self._saving = Saving(ports, store)
        self._offered = offered
        self._halls = halls

    # --- registering ------------------------------------------------------------------------------------------------------
    async def register(self, form: Form) -> None:
        """Tells nothing of whether the address is known. Raises Invalid("registration.form"), and NotFound or Conflict with a code
        `registration.event_…` while the event takes nobody."""
        now = self._ports.clock()
        self._offered.require_open(now)
        offered, languages = self._offered, self._ports.messages.languages
        checked = check_form(form, languages, offered.doors(now), offered.open_days(now), offered.questions())
        await self.take(checked, "form")

    async def take(self, form: CheckedForm, channel: str) -> None:
        """Register somebody whose answers are checked, and write to them. `channel`: by which they came in."""
        await again(partial(self._register, form, channel))

    async def _register(self, form: CheckedForm, channel: str) -> None:
        now, event = self._ports.clock(), self._ports.event_id
        draft = Draft(
            id=self._ports.new_id(),
            name=form.name,
            door=form.door,
            language=form.language,
            image=self._choice(form.image_rights, now, channel),
            days=form.days,
            headcount=form.headcount,
            answers=form.answers,
        )
        known = await self._store.person_by_email(event, form.email)
        if known is None:
            person, events = domain.register(self._ports.new_id(), event, form.email, draft)
            await self._store.add_person(person, self._saving.seal(person, 1, events, now, first_id=draft.id))
            self._ports.relay_wake()
            return
        changed, events = domain.register_again(known, draft, now)
        if events:
            await self._saving.save(changed, events, now, first_id=draft.id)

    async def request_link(self, email: str, to: str = "") -> None:
        """`to`: a page of ours that the link is to lead to (`access.way_back`). Tells nothing of whether the address is known. Raises
        Invalid("registration.form")."""
        await again(partial(self._request_link, check_email(email), access.way_back(to)))

    async def _request_link(self, email: str, to: str) -> None:
        now = self._ports.clock()
        person = await self._store.person_by_email(self._ports.event_id, email)
        if person is None:
            return
        changed, events = domain.request_link(person, now, to=to)
        if events:
            await self._saving.save(changed, events, now)

    # --- coming in --------------------------------------------------------------------------------------------------------
    async def look(self, token: str) -> Entrance:
        """What a link would open. Changes nothing: mail scanners open links."""
        credential, person, state = await self._find(token)
        if state is not LinkState.OK or credential is None or person is None:
            return Entrance(state)
        shown = person.shown(credential.draft)
        language = shown.language if person.kind == "registrant" else ""
        return Entrance(state, name=shown.name, language=language, duty=person.duty)

    async def enter(self, token: str) -> tuple[str, Caller]:
        """Opens a session: (its token for the cookie, who it is). Raises NotFound or Unauthenticated with a registration.link_… code."""
        return await again(partial(self._enter, token))

    async def _enter(self, token: str) -> tuple[str, Caller]:
        credential, person, state = await self._find(token)
        if credential is None or person is None or state is LinkState.UNKNOWN:
            raise NotFound("registration.link_unknown")
        if state is not LinkState.OK:
            raise Unauthenticated(f"registration.link_{state.value}")
        now = self._ports.clock()
        confirmed, events = domain.confirm(person, credential.draft, now)
        if events:
            confirmed = await self._placing.save(confirmed, events, now)
        secret = new_token("ses")
        lifetime = UNPROVEN_LIFETIME if self.rules.must_prove(confirmed) else SESSION_LIFETIME
        session = credentials.open_session(credentials.hash_of(secret), credential, now, lifetime)
        await self._store.add_session(session)
        await self._store.credential_used(credential.hash, now)
        return secret, Caller(person=confirmed, session=session)

    async def _find(self, token: str) -> tuple[Credential | None, Person | None, LinkState]:
        credential = await self._store.credential(credentials.hash_of(token)) if 0 < len(token) <= MOST_TOKEN else None
        if credential is not None and credential.event != self._ports.event_id:
            credential = None
        person = await self._store.person(credential.person) if credential is not None else None
        if person is not None and self.rules.shuts_out(person):
            person = None
        return credential, person, credentials.link_state(credential, person, self._ports.clock())

    # --- being in ---------------------------------------------------------------------------------------------------------
    async def who_is(self, session_token: str | None) -> Caller:
        """Raises Unauthenticated: registration.no_session, registration.hall_over for who came in by the code of a hall, or
        registration.login_needed for an operator who has not signed in yet."""
        caller = await self.who_entered(session_token)
        if self.rules.must_prove(caller.person) and not caller.session.proven:
            raise Unauthenticated("registration.login_needed")
        return caller

    async def who_entered(self, session_token: str | None) -> Caller:
        """As `who_is`, also of an operator who has not signed in yet: for their page of signing in, and nothing else."""
        if not session_token or len(session_token) > MOST_TOKEN:
            raise Unauthenticated("registration.no_session")
        session = await self._store.session(credentials.hash_of(session_token), self._ports.clock())
        person = await self._store.person(session.person) if session is not None else None
        if session is None or person is None or person.state is State.REVOKED or self.rules.shuts_out(person):
            raise Unauthenticated("registration.no_session")
        if person.kind == "hall":
            await self._halls.require_open(session)
        return Caller(person=person, session=session)

    async def enter_hall(self, typed: str, session_token: str | None, language: str) -> tuple[str, str]:
        """By the code on the screen of a hall: (token for the cookie, empty for who is in by their own link; id of the session). Raises
        Invalid("registration.code_unknown")."""
        known = await self._store.session(credentials.hash_of(session_token or ""), self._ports.clock())
        person = await self._store.person(known.person) if known is not None else None
        there = (person, known) if person is not None and known is not None and person.state is not State.REVOKED else None
        return await self._halls.enter(typed, there, language)

    async def issue_pass(self, session_token: str | None) -> tuple[SignedPass, Caller]:
        """Ten minutes for the other services. Raises Unauthenticated("registration.no_session"), Denied("registration.no_place")."""
        caller = await self.who_is(session_token)
        if not caller.person.admitted:
            raise Denied("registration.no_place")
        text, media = self._sign(caller, "api"), "" if caller.person.kind == "hall" else self._sign(caller, "media")
        return SignedPass(text, media, self._ports.clock().replace(microsecond=0) + LIFETIME), caller

    def lite_pass(self, caller: Caller) -> str:
        """Ten minutes for the pages without script."""
        return self._sign(caller, "lite")

    def _sign(self, caller: Caller, purpose: PassPurpose) -> str:
        """What travels with every segment names nobody."""
        signer, person = self._ports.signer, caller.person
        if signer is None:
            raise RuntimeError("registration runs without a signer")
        named = purpose != "media"
        return signer.sign(
            id=self._ports.new_id(),
            person=person.id,
            duty=person.duty,
            event=person.event,
            sessions=caller.session.sessions,
            door=person.attendance,
            name=person.name if named else "",
            language=person.language,
            now=self._ports.clock(),
            login=caller.session.login,
            people=person.people if named else 0,
            no_picture=named and person.image_choice == "refused",
            purpose=purpose,
        )

    async def leave(self, session_token: str | None) -> None:
        """Ends this browser's session and the passes it was given; other browsers of the person stay in."""
        try:
            caller = await self.who_entered(session_token)
        except Unauthenticated:
            return
        await self._store.end_session(caller.session.hash)
        await again(partial(self._announce_leaving, caller))

    async def _announce_leaving(self, caller: Caller) -> None:
        now, person = self._ports.clock(), await self._store.person(caller.person.id)
        if person is not None and person.state is not State.REVOKED:
            await self._saving.save(person, domain.leave(person, caller.session.login, now), now)

    async def change_place(self, session_token: str | None, wanted: Changes) -> Caller:
        """Raises Unauthenticated, Invalid("registration.form"), Denied("registration.place_fixed")."""
        return await again(partial(self._change_place, session_token, wanted))

    async def _change_place(self, token: str | None, wanted: Changes) -> Caller:
        caller, now = await self.who_is(token), self._ports.clock()
        person = caller.person
        if person.kind != "registrant" and wanted == Changes(language=wanted.language):
            return caller  # their language is the browser's own, in its cookie
        image = None if wanted.image_rights is None else self._choice(wanted.image_rights, now, "place")
        coming = coming_wanted(person, wanted, self._offered, now)
        changed = domain.change_place(
            person, door=wanted.door, language=wanted.language, image=image, languages=self._ports.messages.languages,
            days=coming.days, headcount=coming.headcount, answers=coming.answers,
        )  # fmt: skip
        if changed != person:
            told = [*domain.declared(person, changed, now), *domain.ticketed(person, changed)]
            changed = await self._placing.save(changed, told, now)
        return Caller(person=changed, session=caller.session)

    # --- shared steps -----------------------------------------------------------------------------------------------------
    def _choice(self, choice: str, now: datetime, channel: str) -> ImageChoice:
        version, sha256 = self._offered.image_text()
        return ImageChoice(choice=choice, text_version=version, text_sha256=sha256, at=now, channel=channel)
