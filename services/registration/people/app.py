"""Use cases about people: register, get a link, enter, ask for a pass, leave, be revoked.

Each loads, lets the domain decide, and saves the new state together with its events. What must not be here: HTTP, cookies' names, mail
texts, drivers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from services.registration.people import access, domain
from services.registration.people.domain import BrowserSession, Credential, Draft, ImageChoice, LinkState, Person, Purpose, State
from services.registration.people.form import CheckedForm, Form, check_email, check_form
from services.registration.people.store import Store
from services.registration.programme.format.rehearsal import RehearsalPerson
from shared import correlation
from shared.auth.capabilities import Duty
from shared.auth.passes import ALL_SESSIONS, LIFETIME
from shared.errors import NotFound, Unauthenticated, Unavailable
from shared.events.envelope import Envelope
from shared.events.kind import Event
from shared.ids import is_uuid, new_token
from shared.service.ports import Ports
from shared.storage.port import Duplicate, StaleVersion

T = TypeVar("T")

MOST_TRIES: Final = 5
"""Attempts at a save that others keep overtaking."""
MOST_TOKEN: Final = 100
"""Characters of a token worth looking up."""


@dataclass(frozen=True, slots=True)
class ImageText:
    """The text on image rights that stands beside the choice."""

    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """What a link opens: `name`, `language` and `door` as its holder is greeted; empty unless the link is good."""

    state: LinkState
    name: str = ""
    language: str = ""
    door: str = ""
    duty: Duty = "none"


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind a browser session, as they are now."""

    person: Person
    session: BrowserSession


@dataclass(frozen=True, slots=True)
class SignedPass:
    """`media` opens the streams and nothing else: it lies in a cookie that travels with every segment."""

    text: str
    media: str
    expires_at: datetime


class Registration:
    """`image_text` tells which text on image rights is shown now; `ends_at` when the event ends, None while unknown."""

    def __init__(
        self,
        ports: Ports,
        store: Store,
        *,
        image_text: Callable[[], ImageText],
        ends_at: Callable[[], datetime | None],
        make_token: Callable[[str], str] = new_token,
    ) -> None:
        self._ports = ports
        self._store = store
        self._image_text = image_text
        self._ends_at = ends_at
        self._make_token = make_token

    # --- registering ------------------------------------------------------------------------------------------------------
    async def register(self, form: Form) -> None:
        """Tells nothing of whether the address is known. Raises Invalid("registration.form")."""
        await self._again(partial(self._register, check_form(form, self._ports.messages.languages)))

    async def _register(self, form: CheckedForm) -> None:
        now, event = self._ports.clock(), self._ports.event_id
        draft = Draft(
            id=self._ports.new_id(),
            name=form.name,
            door=form.door,
            language=form.language,
            image=self._choice(form.image_rights, now, "form"),
        )
        known = await self._store.person_by_email(event, form.email)
        if known is None:
            person, events = domain.register(self._ports.new_id(), event, form.email, draft)
            await self._store.add_person(person, self._seal(person, 1, events, now, first_id=draft.id))
            self._ports.relay_wake()
            return
        changed, events = domain.register_again(known, draft, now)
        if events:
            await self._save(changed, events, now, first_id=draft.id)

    async def request_link(self, email: str) -> None:
        """Tells nothing of whether the address is known. Raises Invalid("registration.form")."""
        await self._again(partial(self._request_link, check_email(email)))

    async def _request_link(self, email: str) -> None:
        now = self._ports.clock()
        person = await self._store.person_by_email(self._ports.event_id, email)
        if person is None:
            return
        changed, events = domain.request_link(person, now)
        if events:
            await self._save(changed, events, now)

    # --- coming in --------------------------------------------------------------------------------------------------------
    async def look(self, token: str) -> Attendance:
        """What a link would open. Changes nothing: mail scanners open links."""
        credential, person, state = await self._find(token)
        if state is not LinkState.OK or credential is None or person is None:
            return Attendance(state)
        shown = person.shown(credential.draft)
        return Attendance(state, name=shown.name, language=shown.language, door=shown.door, duty=person.duty)

    async def enter(self, token: str) -> tuple[str, Caller]:
        """Opens a session: (its token for the cookie, who it is). Raises NotFound or Unauthenticated with a registration.link_… code."""
        return await self._again(lambda: self._enter(token))

    async def _enter(self, token: str) -> tuple[str, Caller]:
        credential, person, state = await self._find(token)
        if credential is None or person is None or state is LinkState.UNKNOWN:
            raise NotFound("registration.link_unknown")
        if state is not LinkState.OK:
            raise Unauthenticated(f"registration.link_{state.value}")
        now = self._ports.clock()
        confirmed, events = domain.confirm(person, credential.draft, now)
        if events:
            await self._save(confirmed, events, now)
        secret = self._make_token("ses")
        session = domain.open_session(domain.hash_of(secret), credential, now)
        await self._store.add_session(session)
        return secret, Caller(person=confirmed, session=session)

    async def _find(self, token: str) -> tuple[Credential | None, Person | None, LinkState]:
        credential = await self._store.credential(domain.hash_of(token)) if 0 < len(token) <= MOST_TOKEN else None
        if credential is not None and credential.event != self._ports.event_id:
            credential = None
        person = await self._store.person(credential.person) if credential is not None else None
        return credential, person, domain.link_state(credential, person, self._ports.clock())

    # --- being in ---------------------------------------------------------------------------------------------------------
    async def who_is(self, session_token: str | None) -> Caller:
        """Raises Unauthenticated("registration.no_session")."""
        if not session_token or len(session_token) > MOST_TOKEN:
            raise Unauthenticated("registration.no_session")
        session = await self._store.session(domain.hash_of(session_token), self._ports.clock())
        person = await self._store.person(session.person) if session is not None else None
        if session is None or person is None or person.state is State.REVOKED:
            raise Unauthenticated("registration.no_session")
        return Caller(person=person, session=session)

    async def issue_pass(self, session_token: str | None) -> tuple[SignedPass, Caller]:
        """Ten minutes for the other services. Raises Unauthenticated("registration.no_session")."""
        caller = await self.who_is(session_token)
        signer = self._ports.signer
        if signer is None:
            raise RuntimeError("registration runs without a signer")
        now, person = self._ports.clock(), caller.person
        sign = partial(
            signer.sign,
            person=person.id,
            duty=person.duty,
            event=person.event,
            sessions=caller.session.sessions,
            door=person.attendance,
            language=person.language,
            login=caller.session.login,
            now=now,
        )
        text = sign(id=self._ports.new_id(), name=person.name)
        media = sign(id=self._ports.new_id(), name="", purpose="media")
        return SignedPass(text, media, now.replace(microsecond=0) + LIFETIME), caller

    async def leave(self, session_token: str | None) -> None:
        if session_token and len(session_token) <= MOST_TOKEN:
            await self._store.end_session(domain.hash_of(session_token))

    async def change_place(self, session_token: str | None, *, door: str | None, language: str | None, image_rights: str | None) -> Caller:
        """Raises Unauthenticated, Invalid("registration.form")."""
        return await self._again(lambda: self._change_place(session_token, door, language, image_rights))

    async def _change_place(self, token: str | None, door: str | None, language: str | None, image_rights: str | None) -> Caller:
        caller, now = await self.who_is(token), self._ports.clock()
        if caller.person.kind != "registrant" and door is None and image_rights is None:
            return caller  # their language is the browser's own, in its cookie
        image = None if image_rights is None else self._choice(image_rights, now, "place")
        changed = domain.change_place(caller.person, door=door, language=language, image=image, languages=self._ports.messages.languages)
        if changed != caller.person:
            await self._save(changed, [], now)
        return Caller(person=changed, session=caller.session)

    # --- what operators do ------------------------------------------------------------------------------------------------
    async def revoke(self, person_id: str, reason: str) -> None:
        """Raises NotFound("registration.person_unknown")."""
        await self._again(lambda: self._revoke(person_id, reason))

    async def _revoke(self, person_id: str, reason: str) -> None:
        person = domain.require_found(await self._store.person(person_id) if is_uuid(person_id) else None)
        now = self._ports.clock()
        gone, events = domain.revoke(person, reason, now)
        if events:
            # From this save on no link, session or new pass of the person counts: each of them looks at the person.
            await self._save(gone, events, now)
        await self._store.end_sessions_of(person.id)

    async def ensure_holders(self, rehearsal: Sequence[RehearsalPerson]) -> None:
        """Whoever holds a link without having registered, at every start the same; one that was revoked stays revoked."""
        event, secrets = self._ports.event_id, self._ports.secrets
        for purpose, person in access.holders(secrets, event, rehearsal, self._ports.clock()).items():
            with suppress(Duplicate):  # there since an earlier start
                await self._store.add_person(person, [])
            kind: Purpose = "duty" if person.kind == "duty" else "rehearsal"
            await self.mint(access.token(secrets, event, purpose), person, purpose=kind, draft=None)

    # --- for the mails ----------------------------------------------------------------------------------------------------
    async def person(self, person_id: str) -> Person | None:
        return await self._store.person(person_id)

    async def mint(self, token: str, person: Person, *, purpose: Purpose, draft: str | None) -> None:
        """Make `token` a way in for `person`. Harmless to repeat."""
        now = self._ports.clock()
        await self._store.put_credential(
            Credential(
                hash=domain.hash_of(token),
                purpose=purpose,
                person=person.id,
                event=person.event,
                sessions=(ALL_SESSIONS,),
                not_before=now,
                expires_at=domain.link_expiry(self._ends_at(), now),
                draft=draft,
            )
        )

    # --- shared steps -----------------------------------------------------------------------------------------------------
    def _choice(self, choice: str, now: datetime, channel: str) -> ImageChoice:
        text = self._image_text()
        return ImageChoice(choice=choice, text_version=text.version, text_sha256=text.sha256, at=now, channel=channel)

    async def _save(self, person: Person, events: Sequence[Event], now: datetime, *, first_id: str | None = None) -> None:
        await self._store.save_person(person, self._seal(person, person.version + 1, events, now, first_id=first_id))
        if events:
            self._ports.relay_wake()

    def _seal(self, person: Person, seq: int, events: Sequence[Event], now: datetime, *, first_id: str | None) -> list[Envelope]:
        ids = [first_id or self._ports.new_id(), *(self._ports.new_id() for _ in events[1:])]
        return [
            event.to_envelope(id=id, subject=person.id, seq=seq, time=now, correlationid=correlation.current())
            for id, event in zip(ids, events, strict=False)
        ]

    @staticmethod
    async def _again(step: Callable[[], Awaitable[T]]) -> T:
        """A lost race is decided anew on the state that won. Raises Unavailable("registration.busy")."""
        for _ in range(MOST_TRIES):
            try:
                return await step()
            except (StaleVersion, Duplicate):
                continue
        raise Unavailable("registration.busy")
