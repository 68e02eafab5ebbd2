"""People: what may happen to them, and when.

Pure: `now`, ids and tokens come as values. What must not be here: storage, mail, cookies, passes, the programme.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Literal

from services.registration.people.draft import Draft, FormAnswer, ImageChoice
from services.registration.places.domain import Held, has_place
from shared.auth.capabilities import NONE, Attendance, Duty
from shared.clock import to_text
from shared.errors import Conflict, Denied, FieldError, Invalid, NotFound
from shared.events.access import AccessRevoked
from shared.events.hall import HallDeclared
from shared.events.kind import Event
from shared.events.person import PersonConfirmed, PersonErased, PersonRegistered
from shared.events.ticket import TicketIssued
from shared.events.vocabulary import DOORS

MOST_REASON: Final = 500
MOST_MAILS: Final = 5
MAIL_WINDOW: Final = timedelta(hours=1)
"""At most MOST_MAILS links per MAIL_WINDOW leave for one address, however often and by whomever they are asked for."""
MOST_DRAFTS: Final = 5
"""Unconfirmed fillings of the form kept per address; the newest stay."""
MOST_CHOICES: Final = 50
"""Entries of the consent log per person; the first and the newest stay."""

MOST_HEADCOUNT: Final = 2000
"""People together at one local hub, at most."""

STAFF: Final = "staff"
Kind = Literal["registrant", "rehearsal", "duty", "staff", "hall"]
"""Who counts as what: people who registered; people a rehearsal's example brings along, who are nobody; the holders of a duty link
that is shared; those of the team whom an operator gave a link of their own;
people in a hall who typed its code, of whom nothing is known."""
IMAGE_CHOICES: Final = ("granted", "refused")


class State(Enum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Person:
    """`email` is the folded address, the key of a person within an event; None for those who never registered.

    Whoever fills in the form may know somebody else's address. So what they wrote waits as a draft, and takes effect only when the link
    from that very mail is entered, and only while nothing is confirmed yet: a stranger never changes a confirmed person's data.
    """

    id: str
    event: str
    email: str | None
    name: str
    door: Attendance
    language: str
    state: State
    image_rights: tuple[ImageChoice, ...]
    registered_at: datetime
    version: int = 0
    kind: Kind = "registrant"
    duty: Duty = NONE
    hub_confirmed: bool = False
    """An operator knows this hub. Until then its host attends like anybody from afar."""
    drafts: tuple[Draft, ...] = ()
    mails: tuple[datetime, ...] = ()
    confirmed_at: datetime | None = None
    revoked_at: datetime | None = None
    erased_at: datetime | None = None
    days: tuple[str, ...] = ()
    """As in a draft. Whoever registered before days could be chosen comes every day."""
    headcount: int | None = None
    answers: tuple[FormAnswer, ...] = ()
    holdings: Held = ()
    """Their places, and where they wait for one (`places/app` sees to it)."""

    def shown(self, draft: str | None) -> Draft | Person:
        """Name, door, days and language as the holder of the link of `draft` is greeted."""
        if self.state is State.PENDING:
            return self.draft_of(draft)
        return self

    def draft_of(self, id: str | None) -> Draft:
        """The draft a link stands for while nothing is confirmed; a link that was only asked for stands for the newest."""
        return next((one for one in self.drafts if one.id == id), self.drafts[-1])

    def has_lost(self, draft: str | None) -> bool:
        """Whether the draft a link stood for was pushed out by newer ones."""
        return self.state is State.PENDING and draft is not None and all(one.id != draft for one in self.drafts)

    @property
    def attendance(self) -> Attendance:
        """The door that counts: hubs have rights of their own, so declaring oneself one is not enough. Whoever has no place yet comes
        from afar meanwhile."""
        unknown_hub = self.door == "hub" and not self.hub_confirmed
        waits = not has_place(self.holdings, self.door)
        return "remote" if unknown_hub or waits else self.door

    @property
    def admitted(self) -> bool:
        """Whether they may follow now: places from afar may run out, too."""
        return self.attendance != "remote" or has_place(self.holdings, "remote")

    @property
    def people(self) -> int:
        """For how many they count hands: those of a hub that an operator knows, 0 for everybody else."""
        return (self.headcount or 0) if self.attendance == "hub" else 0

    @property
    def has_ticket(self) -> bool:
        """Whether a ticket lets them into the room: their registration is confirmed, and for the room, where they have a place."""
        return self.kind == "registrant" and self.state is State.CONFIRMED and self.door == self.attendance == "in_room"

    @property
    def image_choice(self) -> str | None:
        return self.image_rights[-1].choice if self.image_rights else None


def register(id: str, event: str, email: str, draft: Draft) -> tuple[Person, list[Event]]:
    person = Person(
        id=id, event=event, email=email, name=draft.name, door=draft.door, language=draft.language, state=State.PENDING, image_rights=(),
        registered_at=draft.image.at, days=draft.days, headcount=draft.headcount, answers=draft.answers, drafts=(draft,),
        mails=(draft.image.at,),
    )  # fmt: skip
    return person, [PersonRegistered(event_id=event, person_id=id, door=draft.door, language=draft.language)]


def register_again(person: Person, draft: Draft, now: datetime) -> tuple[Person, list[Event]]:
    """The form was filled in for an address that is already there. A confirmed person only gets a fresh link."""
    if person.state is State.PENDING:
        newest = (*person.drafts, draft)[-MOST_DRAFTS:]
        person = replace(
            person, name=draft.name, door=draft.door, days=draft.days, headcount=draft.headcount, answers=draft.answers, drafts=newest
        )
    return request_link(person, now, language=draft.language if person.state is State.PENDING else person.language)


def request_link(person: Person, now: datetime, *, language: str | None = None, to: str = "") -> tuple[Person, list[Event]]:
    """`to`: the page it is to lead to, empty for the one of their door. No event, and so no mail, when this address had its share of mails.
    A revoked person gets a mail too: only the owner of the mailbox learns that no link will come."""
    recent = tuple(at for at in person.mails if at + MAIL_WINDOW > now)
    if len(recent) >= MOST_MAILS:
        return person, []
    asked = PersonRegistered(person.event, person.id, person.door, language or person.language, again=True, to=to)
    return replace(person, mails=(*recent, now)), [asked]


def confirm(person: Person, draft: str | None, now: datetime) -> tuple[Person, list[Event]]:
    """The holder of the mailbox entered: what that mail's form said takes effect. Later entries change nothing."""
    if person.state is not State.PENDING:
        return person, []
    chosen = person.draft_of(draft)
    confirmed = replace(
        person, state=State.CONFIRMED, name=chosen.name, door=chosen.door, days=chosen.days, headcount=chosen.headcount,
        answers=chosen.answers, language=chosen.language, image_rights=(chosen.image,), drafts=(), confirmed_at=now,
    )  # fmt: skip
    return confirmed, [PersonConfirmed(event_id=person.event, person_id=person.id, door=chosen.door), *ticketed(person, confirmed)]


def ticketed(before: Person, after: Person) -> list[Event]:
    """What is told of somebody who from now on comes by the room."""
    return [TicketIssued(after.event, after.id)] if after.has_ticket and not before.has_ticket else []


def walk_in(id: str, event: str, name: str, language: str, image: ImageChoice) -> tuple[Person, list[Event]]:
    """Somebody who never registered is let into the room. They have no address, so nothing is ever sent to them."""
    person = Person(
        id=id, event=event, email=None, name=name, door="in_room", language=language, state=State.CONFIRMED, image_rights=(image,),
        registered_at=image.at, confirmed_at=image.at,
    )  # fmt: skip
    return person, [PersonConfirmed(event_id=event, person_id=id, door="in_room")]


def staff(id: str, event: str, name: str, duty: Duty, language: str, now: datetime) -> Person:
    """One of the team, who has a link of their own."""
    return Person(
        id=id, event=event, email=None, name=name, door=STAFF, language=language, state=State.CONFIRMED, image_rights=(), registered_at=now,
        confirmed_at=now, kind="staff", duty=duty,
    )  # fmt: skip


def change_place(
    person: Person,
    *,
    door: str | None,
    language: str | None,
    image: ImageChoice | None,
    languages: Collection[str],
    days: tuple[str, ...] | None = None,
    headcount: int | None = None,
    answers: tuple[FormAnswer, ...] | None = None,
) -> Person:
    """What a person who registered changes themselves, among the `languages` of the installation; `days` and `answers` are checked. None:
    as it was, but for the `headcount`, which is what it says.

    Raises Invalid("registration.form"), Denied("registration.place_fixed").
    """
    if person.kind != "registrant":
        # Their links are shared: whoever opens one must change nothing for the others.
        raise Denied("registration.place_fixed")
    chosen = door_of(door)
    found = []
    if door is not None and chosen is None:
        found.append(FieldError("door", "registration.door_required"))
    if language is not None and language not in languages:
        found.append(FieldError("language", "registration.language_required"))
    if image is not None and image.choice not in IMAGE_CHOICES:
        found.append(FieldError("image_rights", "registration.image_rights_required"))
    if found:
        raise Invalid("registration.form", fields=found)
    if chosen is not None:
        person = replace(person, door=chosen, hub_confirmed=person.hub_confirmed and chosen == person.door)
    log = person.image_rights
    if image is not None and image.choice != person.image_choice:
        log = (*log, image) if len(log) < MOST_CHOICES else (log[0], *log[-MOST_CHOICES + 2 :], image)
    if language is not None:
        person = replace(person, language=language)
    days, answers = person.days if days is None else days, person.answers if answers is None else answers
    return replace(person, image_rights=log, days=days, headcount=headcount, answers=answers)


def door_of(text: str | None) -> Attendance | None:
    """The door that an untrusted text names."""
    return next((door for door in DOORS if door == text), None)


def confirm_hub(person: Person) -> Person:
    """An operator knows the hub. Raises Conflict("registration.no_hub") when the person comes by another door."""
    if person.kind != "registrant" or person.door != "hub" or person.state is not State.CONFIRMED:
        raise Conflict("registration.no_hub")
    return replace(person, hub_confirmed=True)


def declared(before: Person, after: Person, now: datetime) -> list[Event]:
    """What others are told of a hub that became larger, smaller, or one at all."""
    if before.people == after.people:
        return []
    return [HallDeclared(event_id=after.event, person_id=after.id, people=after.people, declared_at=to_text(now))]


def revoke(person: Person, reason: str, now: datetime) -> tuple[Person, list[Event]]:
    """Once and for good; a second time changes nothing."""
    if person.state is State.REVOKED:
        return person, []
    gone = replace(person, state=State.REVOKED, revoked_at=now, drafts=())
    return gone, [AccessRevoked(event_id=person.event, person_id=person.id, revoked_at=to_text(now), reason=reason)]


def leave(person: Person, login: str, now: datetime) -> list[Event]:
    """One browser of the person left: the passes it was given end with it."""
    return [AccessRevoked(event_id=person.event, person_id=person.id, revoked_at=to_text(now), reason="left", login=login)]


def erase(person: Person, now: datetime) -> tuple[Person, list[Event]]:
    """The person withdrew: their name and address go, and nothing of theirs opens any more. A second time changes nothing.

    Raises Denied("registration.place_fixed") for the holders of shared links.
    """
    if person.kind != "registrant":
        raise Denied("registration.place_fixed")
    if person.erased_at is not None:
        return person, []
    at = to_text(now)
    gone = replace(
        person, state=State.REVOKED, email=None, name="", drafts=(), mails=(), image_rights=(), days=(), headcount=None, answers=(),
        revoked_at=person.revoked_at or now, erased_at=now,
    )  # fmt: skip
    return gone, [
        AccessRevoked(event_id=person.event, person_id=person.id, revoked_at=at, reason="withdrawn by the person"),
        PersonErased(event_id=person.event, person_id=person.id, erased_at=at),
    ]


def require_found(person: Person | None) -> Person:
    """Raises NotFound("registration.person_unknown")."""
    if person is None:
        raise NotFound("registration.person_unknown")
    return person
