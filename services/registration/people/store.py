"""Queries and indexes of people, the credentials they get in by, and the sessions of their browsers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from services.registration.people.credentials import BrowserSession, Credential
from services.registration.people.domain import Person, State
from services.registration.people.draft import Draft, FormAnswer, ImageChoice
from services.registration.people.reach import Attending, Reached, in_room_filter, reached_filter, registrants_filter, sort_name
from services.registration.places.domain import Holding, LineKey
from shared.events.envelope import Envelope
from shared.storage.port import Database, Document, Duplicate, Index, Transaction

PEOPLE: Final = "people"
CREDENTIALS: Final = "credentials"
SESSIONS: Final = "browser_sessions"
MAIL_TROUBLES: Final = "mail_troubles"
HALL_CODES: Final = "hall_codes"

MOST_REGISTRANTS: Final = 100_000
MOST_HOLDERS: Final = 500
REMEMBER_EXPIRED: Final = 90 * 86_400
"""Seconds during which an expired link is still called expired, and not unknown."""

INDEXES: Final[Mapping[str, Sequence[Index]]] = {
    PEOPLE: (
        Index("one_person_per_address", (("event", 1), ("email", 1)), unique=True, partial={"email": {"$type": "string"}}),
        Index("by_name", (("event", 1), ("kind", 1), ("sort_name", 1), ("_id", 1))),
        Index("in_line", (("in_line.$**", 1),)),
        Index("offers", (("event", 1), ("holdings.until", 1)), partial={"holdings.until": {"$type": "date"}}),
    ),
    # The hash of the token is the primary key of credentials and sessions: unique by itself.
    CREDENTIALS: (
        Index("of_person", (("person", 1),)),
        Index("forgotten", (("expires_at", 1),), expire_after=REMEMBER_EXPIRED),
    ),
    SESSIONS: (
        Index("of_person", (("person", 1),)),
        Index("forgotten", (("expires_at", 1),), expire_after=0),
    ),
}
OUTBOXES: Final = (PEOPLE,)


class PeopleStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._people = database.collection(PEOPLE)
        self._credentials = database.collection(CREDENTIALS)
        self._sessions = database.collection(SESSIONS)
        self._mail_troubles = database.collection(MAIL_TROUBLES)
        self._hall_codes = database.collection(HALL_CODES)

    async def prepare(self) -> None:
        await self._database.ensure_indexes(INDEXES)

    async def ping(self) -> None:
        await self._database.ping()

    # --- people -----------------------------------------------------------------------------------------------------------
    async def person(self, id: str) -> Person | None:
        found = await self._people.get(id)
        return None if found is None else to_person(found)

    async def person_by_email(self, event: str, email: str) -> Person | None:
        found = await self._people.find_one({"event": event, "email": email})
        return None if found is None else to_person(found)

    async def known_addresses(self, event: str, emails: Sequence[str]) -> set[str]:
        """Those of `emails`, folded, that somebody registered with."""
        wanted = {"event": event, "email": {"$in": list(emails)}}
        return {one["email"] for one in await self._people.find(wanted, fields=("email",), limit=len(emails) or 1)}

    async def add_person(self, person: Person, events: Sequence[Envelope]) -> None:
        """Raises Duplicate when the address or the id is there already."""
        await self._people.insert(from_person(person), events)

    async def save_person(self, person: Person, events: Sequence[Envelope], *, transaction: Transaction | None = None) -> None:
        """Raises StaleVersion."""
        document = from_person(person)
        document.pop("_id")
        saved = {"_id": person.id, **document}
        await self._people.save(saved, expected_version=person.version, events=events, transaction=transaction)

    async def registrants(self, event: str, search: str, *, after: str, limit: int, on: Attending | None = None) -> list[Person]:
        """Whoever registered, by name; those whose name holds `search`, who come on the day `on`, and only those behind the cursor `after`
        (see `cursor_of`)."""
        wanted = registrants_filter(event, on)
        if search:
            wanted["sort_name"] = {"$regex": re.escape(sort_name(search))}
        if after:
            name, _, id = after.rpartition("\t")
            wanted["$and"] = [{"$or": [{"sort_name": {"$gt": name}}, {"sort_name": name, "_id": {"$gt": id}}]}]
        found = await self._people.find(wanted, sort=[("sort_name", 1), ("_id", 1)], limit=limit)
        return [to_person(one) for one in found]

    async def audience(self, event: str, reached: Reached, *, after: str, limit: int) -> list[Person]:
        """Who is confirmed, has an address and is `reached`, by id, those behind `after`."""
        wanted = {**reached_filter(event, reached), "_id": {"$gt": after}}
        return [to_person(one) for one in await self._people.find(wanted, sort=[("_id", 1)], limit=limit)]

    async def count_audience(self, event: str, reached: Reached) -> int:
        return await self._people.count(reached_filter(event, reached))

    async def confirmed_choices(self, event: str) -> list[tuple[tuple[str, ...], str, int]]:
        """What those chose who confirmed their registration: (ids of days, none for every day; door; how many people)."""
        found = await self._people.groups({**registrants_filter(event, None), "state": State.CONFIRMED.value}, by=("days", "door"))
        return [(tuple(days or ()), door, people) for (days, door), people in found]

    async def registrant_ids(self, event: str) -> list[str]:
        """Of whoever registered, at most MOST_REGISTRANTS."""
        wanted = {"event": event, "kind": "registrant"}
        return [found["_id"] for found in await self._people.find(wanted, fields=("_id",), limit=MOST_REGISTRANTS)]

    async def ticket_holders(self, event: str) -> list[Person]:
        """Who `has_ticket`, at most MOST_REGISTRANTS."""
        return [to_person(found) for found in await self._people.find(in_room_filter(event), limit=MOST_REGISTRANTS)]

    async def ticket_choices(self, event: str) -> list[tuple[tuple[str, ...], int]]:
        """(days chosen, none for every day; how many) of those who registered for the room themselves."""
        found = await self._people.groups({**in_room_filter(event), "email": {"$type": "string"}}, by=("days",))
        return [(tuple(days or ()), number) for (days,), number in found]

    # --- ways in ----------------------------------------------------------------------------------------------------------
    async def credential(self, hash: str) -> Credential | None:
        found = await self._credentials.get(hash)
        return None if found is None else _to_credential(found)

    async def put_credential(self, credential: Credential) -> None:
        """Add it, or move its expiry when it is there: what was revoked stays revoked."""
        document = asdict(credential)
        expires_at, hash = document.pop("expires_at"), document.pop("hash")
        document["sessions"] = list(credential.sessions)
        await self._credentials.update({"_id": hash}, {"$setOnInsert": document, "$set": {"expires_at": expires_at}}, upsert=True)

    async def credential_used(self, hash: str, now: datetime) -> None:
        await self._credentials.update({"_id": hash}, {"$inc": {"uses": 1}, "$set": {"last_used_at": now}})

    async def credentials_of(self, person: str) -> list[Credential]:
        return [_to_credential(one) for one in await self._credentials.find({"person": person})]

    async def delete_credentials_of(self, person: str) -> int:
        return await self._credentials.delete({"person": person})

    async def renewed_holders(self, event: str, current: Sequence[str]) -> list[Person]:
        """Holders of duty links that are no longer given out and still open."""
        wanted = {"event": event, "kind": "duty", "state": State.CONFIRMED.value, "_id": {"$nin": list(current)}}
        return [to_person(one) for one in await self._people.find(wanted)]

    async def holders(self, event: str) -> list[Person]:
        """Whoever has a link without having registered, but for a rehearsal's people."""
        wanted = {"event": event, "kind": {"$in": ["staff", "duty"]}}
        return [to_person(one) for one in await self._people.find(wanted, sort=[("registered_at", 1), ("_id", 1)], limit=MOST_HOLDERS)]

    # --- hall codes ---------------------------------------------------------------------------------------------------------
    async def hall_generation(self, event: str, session: str) -> int:
        """How often the code of a session was replaced."""
        found = await self._hall_codes.get(f"{event}:{session}")
        return 0 if found is None else int(found["generation"])

    async def replace_hall_code(self, event: str, session: str) -> None:
        await self._hall_codes.update({"_id": f"{event}:{session}"}, {"$inc": {"generation": 1}}, upsert=True)

    # --- sessions of browsers ---------------------------------------------------------------------------------------------
    async def session(self, hash: str, now: datetime) -> BrowserSession | None:
        # The TTL index removes once a minute; the expiry itself decides.
        found = await self._sessions.find_one({"_id": hash, "expires_at": {"$gt": now}})
        if found is None:
            return None
        return BrowserSession(
            hash=found["_id"],
            person=found["person"],
            credential=found["credential"],
            sessions=tuple(found["sessions"]),
            created_at=found["created_at"],
            expires_at=found["expires_at"],
            proven=found.get("proven", False),
        )

    async def add_session(self, session: BrowserSession) -> None:
        document = asdict(session)
        document["_id"] = document.pop("hash")
        document["sessions"] = list(session.sessions)
        await self._sessions.insert(document)

    async def sessions_of(self, person: str) -> int:
        return await self._sessions.count({"person": person})

    async def end_session(self, hash: str) -> None:
        await self._sessions.delete({"_id": hash})

    async def end_sessions_of(self, person: str) -> int:
        return await self._sessions.delete({"person": person})

    # --- the mail server ----------------------------------------------------------------------------------------------------
    async def mail_troubled_since(self, event: str) -> datetime | None:
        """When mails of the event began not to leave, whichever process found out; None while they do."""
        found = await self._mail_troubles.get(event)
        return None if found is None else found["since"]

    async def mail_deferred(self, event: str, now: datetime) -> None:
        with suppress(Duplicate):  # it was so before
            await self._mail_troubles.insert({"_id": event, "since": now})

    async def mail_taken(self, event: str) -> None:
        await self._mail_troubles.delete({"_id": event})


def cursor_of(person: Person) -> str:
    """Where a list goes on after this person."""
    return f"{sort_name(person.name)}\t{person.id}"


def from_person(person: Person) -> Document:
    document = asdict(person)
    document["_id"] = document.pop("id")
    document.pop("version")
    document["state"] = person.state.value
    document["sort_name"] = sort_name(person.name)
    document["image_rights"] = [asdict(one) for one in person.image_rights]
    document["drafts"] = [{**asdict(one), "days": list(one.days), "answers": _plain_answers(one.answers)} for one in person.drafts]
    document["answers"] = _plain_answers(person.answers)
    document["mails"] = list(person.mails)
    document["days"] = list(person.days)
    document["holdings"] = [asdict(one) for one in person.holdings]
    document["in_line"] = {line_name(one.key): one.number for one in person.holdings if one.standing == "waiting"}
    return document


def _plain_answers(answers: Sequence[FormAnswer]) -> list[Document]:
    return [{"question": one.question, "asked": one.asked, "values": list(one.values)} for one in answers]


def _to_answers(found: Mapping[str, Any]) -> tuple[FormAnswer, ...]:
    """Documents from before there were questions have no such field."""
    return tuple(FormAnswer(one["question"], one["asked"], tuple(one["values"])) for one in found.get("answers", ()))


def line_name(key: LineKey) -> str:
    return f"{key.door}-{key.day}"


def to_person(found: Mapping[str, Any]) -> Person:
    names = (
        "event",
        "email",
        "name",
        "door",
        "language",
        "registered_at",
        "version",
        "confirmed_at",
        "revoked_at",
        "kind",
        "duty",
        "hub_confirmed",
        "erased_at",
    )
    return Person(
        id=found["_id"],
        state=State(found["state"]),
        image_rights=tuple(ImageChoice(**one) for one in found["image_rights"]),
        drafts=tuple(_to_draft(one) for one in found["drafts"]),
        mails=tuple(found["mails"]),
        days=tuple(found.get("days", ())),
        headcount=found.get("headcount"),
        answers=_to_answers(found),
        holdings=tuple(Holding(**one) for one in found.get("holdings", ())),
        **{name: found[name] for name in names},
    )


def _to_draft(found: Mapping[str, Any]) -> Draft:
    image, days = ImageChoice(**found["image"]), tuple(found.get("days", ()))
    return Draft(**{**found, "image": image, "days": days, "answers": _to_answers(found)})


def _to_credential(found: Mapping[str, Any]) -> Credential:
    names = ("purpose", "person", "event", "not_before", "expires_at", "draft", "revoked_at")
    uses = {"uses": found.get("uses", 0), "last_used_at": found.get("last_used_at")}
    return Credential(hash=found["_id"], sessions=tuple(found["sessions"]), **uses, **{name: found[name] for name in names})
