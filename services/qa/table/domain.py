"""The rules of seats. Every command takes values (`now`, ids, who) and returns the new state with its event, or raises a kind of
`shared.errors`. What must not be here: await, I/O, projections.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from services.qa.question import Actor
from services.qa.table.life import (
    BLINK_SECONDS,
    CHECKING_SECONDS,
    INVITATION_SECONDS,
    LOST_SECONDS,
    PLACES,
    SEAT_STEPS,
    SIGNERS,
)
from services.qa.table.seat import Consent, Guest, Seat, SeatChange, SeatCommand, SeatLine, SeatPast
from services.qa.texts import clean_label
from shared.errors import Conflict, Full, Invalid
from shared.events.table import SeatChanged, SeatEnded, SeatInvited, SeatMoved
from shared.events.vocabulary import SeatKind, SeatStanding

NOT_POSSIBLE: Final = "qa.seat_not_possible"
TABLE_FULL: Final = "qa.table_full"
MOST_PAST: Final = 20
MOST_LINES: Final = 500
"""Of the history of one seat, the last ones."""
NOBODY: Final = Actor("", "", "staff")
"""Who acts when it is the person of the seat itself, or time: no line of the history names them."""
INVITE: Final = "invite"
UNDOABLE: Final = frozenset({INVITE, "take", "off_air", "remove"})
_SIGNER_PLACES: Final = range(100, 100 + SIGNERS)
"""Beside those of the table."""


def places(kind: SeatKind) -> range:
    """Those that somebody of that kind can have."""
    return _SIGNER_PLACES if kind == "signer" else range(PLACES)


def free_place(kind: SeatKind, taken: Collection[int]) -> int | None:
    return next((place for place in places(kind) if place not in taken), None)


def invited(guest: Guest, *, id: str, session: str, by: Actor, now: datetime) -> SeatChange:
    line = SeatLine(1, now, INVITE, "", "invited", by.person, by.name, by.duty)
    seat = Seat(
        id, session, 1, "invited", guest.kind, guest.person, guest.name, "", guest.door, voice_only=False, no_picture=False, muted=False,
        hand=guest.hand, question=guest.question, invited_at=now, expires_at=now + timedelta(seconds=INVITATION_SECONDS), since=now,
        past=(SeatPast(INVITE, None),), log=(line,),
    )  # fmt: skip
    return SeatChange(seat, SeatInvited(seat.told()))


def carry_out(seat: Seat, command: SeatCommand) -> SeatChange:
    """Raises Conflict, Invalid, Full."""
    step = SEAT_STEPS[command.step]
    require_version(seat, command.expected_version)
    if seat.state not in step.starts or not seat.person or (step.name == "accept" and command.now >= seat.expires_at):
        raise Conflict(NOT_POSSIBLE)
    details = _details(seat, command)
    agreed = command.consent if step.name == "accept" else ""
    return _changed(seat, step.name, details.pop("state", step.ends or seat.state), command.by, command.now, agreed, **details)


def require_version(seat: Seat, expected: int) -> None:
    """Raises Conflict."""
    if seat.version != expected:
        raise Conflict("qa.stale")


def _details(seat: Seat, command: SeatCommand) -> dict[str, Any]:
    """What the step changes besides the state. Raises Invalid, Full."""
    match command.step:
        case "accept":
            return _accepted(seat, command)
        case "ready":
            return {"round_trip_ms": command.round_trip_ms, "picture": "" if seat.voice_only else command.picture}
        case "mute":
            return {"muted": command.muted}
        case "renew":
            return {"expires_at": command.now + timedelta(seconds=INVITATION_SECONDS)}
        case "lost":
            return {"lost_from": seat.state}
        case "back":
            return {"state": _returned(seat, command.now)}
    return {}


def _accepted(seat: Seat, command: SeatCommand) -> dict[str, Any]:
    """Who refused that pictures of them are published comes by voice."""
    name, title = clean_label(command.name, "name"), clean_label(command.title, "title")
    if not name:
        raise Invalid.about("name", "qa.seat_nameless")
    if command.place is None:
        raise Full(TABLE_FULL, params={"most": len(places(seat.kind))})
    return {
        "name": name, "title": title, "voice_only": command.voice_only or command.no_picture, "no_picture": command.no_picture,
        "place": command.place, "consent": Consent(command.consent, command.now),
    }  # fmt: skip


def _returned(seat: Seat, now: datetime) -> SeatStanding:
    """On air again only after the blink of an eye: else somebody in the room says when."""
    before = seat.lost_from or "ready"
    return "ready" if before == "on_air" and now - seat.since >= timedelta(seconds=BLINK_SECONDS) else before


def undoing(seat: Seat) -> str:
    """What somebody must be able to do (in the table of capabilities) who takes the last step back; empty when there is none."""
    last = seat.past[-1].step if seat.past else ""
    return {INVITE: "seat.invite", "remove": SEAT_STEPS["remove"].action}.get(last, SEAT_STEPS["take"].action) if last else ""


def sits_down_again(seat: Seat) -> bool:
    """Whether taking back the last step gives somebody a place who was seen off."""
    return bool(seat.past) and seat.past[-1].step == "remove" and seat.past[-1].was != "invited"


def take_back(seat: Seat, *, expected_version: int, by: Actor, now: datetime, place: int | None = None) -> SeatChange:
    """The last step of the desk, undone. `place`: a free one, for somebody who was seen off. Raises Conflict, Full."""
    require_version(seat, expected_version)
    if not seat.past or not seat.person:
        raise Conflict("qa.nothing_to_undo")
    last, rest = seat.past[-1], seat.past[:-1]
    if last.step != "remove":
        return _changed(seat, "undo", last.was or "removed", by, now, past=rest)
    if last.was == "invited":
        return _changed(seat, "undo", "invited", by, now, past=rest, expires_at=now + timedelta(seconds=INVITATION_SECONDS))
    if place is None:
        raise Full(TABLE_FULL, params={"most": len(places(seat.kind))})
    lost_from: SeatStanding = "checking" if _was_checking(seat, last) else "ready"
    return _changed(seat, "undo", "lost", by, now, past=(), lost_from=lost_from, place=place)


def _was_checking(seat: Seat, last: SeatPast) -> bool:
    return last.was == "checking" or (last.was == "lost" and seat.lost_from == "checking")


def timed_out(seat: Seat, now: datetime) -> SeatChange | None:
    """What time does to it; None while nothing is due."""
    waited = (now - seat.since).total_seconds()
    if seat.state == "invited" and now >= seat.expires_at:
        return _changed(seat, "expire", "expired", NOBODY, now)
    if (seat.state == "lost" and waited >= LOST_SECONDS) or (seat.state == "checking" and waited >= CHECKING_SECONDS):
        return _changed(seat, "give_up", "left", NOBODY, now)
    return None


def session_ended(seat: Seat, now: datetime) -> SeatChange | None:
    """Its session is over or in no programme any more; None when the seat has ended."""
    if not seat.standing:
        return None
    return _changed(seat, "end", "expired" if seat.state == "invited" else "left", NOBODY, now)


def studio_gone(seat: Seat, now: datetime) -> SeatChange | None:
    """Nobody sends them any more: they are not on air. None when they were not."""
    return _changed(seat, "studio_gone", "ready", NOBODY, now) if seat.state == "on_air" else None


def withdrawn(seat: Seat, now: datetime) -> SeatChange | None:
    """The access of its person ended; None when the seat has ended."""
    return _changed(seat, "withdraw", "removed", NOBODY, now) if seat.standing else None


def disowned(seat: Seat, now: datetime) -> SeatChange | None:
    """The person withdrew from the event: it is nobody's, and what they said of themselves and agreed to is known no more."""
    if not seat.person:
        return None
    state: SeatStanding = "removed" if seat.standing else seat.state
    log = tuple(replace(line, consent="") for line in seat.log)
    bare = replace(seat, person="", name="", title="", hand="", question="", consent=None, log=log)
    return _changed(bare, "withdraw", state, NOBODY, now)


def actor_forgotten(seat: Seat, person: str) -> SeatChange | None:
    """Without the name of somebody who acted; None when nothing names them."""
    log = tuple(replace(line, person="", name="") if line.person == person else line for line in seat.log)
    if log == seat.log:
        return None
    changed = replace(seat, version=seat.version + 1, log=log)
    return SeatChange(changed, _event(changed))


def _changed(
    seat: Seat, step: str, after: SeatStanding, by: Actor, now: datetime, agreed: str = "", **fields: Any
) -> SeatChange:  # fmt: skip
    line = SeatLine(seat.version + 1, now, step, seat.state, after, by.person, by.name, by.duty, agreed)
    given = {"past": _past(seat, step), **fields}
    changed = replace(
        seat, version=seat.version + 1, state=after, since=seat.since if after == seat.state else now, log=(*seat.log, line)[-MOST_LINES:],
        **given,
    )  # fmt: skip
    changed = changed if changed.connected else replace(changed, place=None)
    return SeatChange(changed, _event(changed))


def _event(seat: Seat) -> SeatChanged:
    kind = SeatInvited if seat.state == "invited" else SeatMoved if seat.standing else SeatEnded
    return kind(seat.told())


def _past(seat: Seat, step: str) -> tuple[SeatPast, ...]:
    """Muting leaves it as it is; whatever else is no undoable step begins it anew."""
    if step == "mute":
        return seat.past
    return (*seat.past, SeatPast(step, seat.state))[-MOST_PAST:] if step in UNDOABLE else ()
