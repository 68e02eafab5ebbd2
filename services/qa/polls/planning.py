"""The use case of polls that the programme prepares: what is held is compared with the programme in force, whole, so that nothing depends
on the order in which things came. What must not be here: HTTP, a broker, rules.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from services.qa.moving import Announcer
from services.qa.polls import domain
from services.qa.polls.domain import Poll, PollChange
from services.qa.store import QaStore
from shared.errors import Invalid
from shared.events.programme import PollRef
from shared.storage.race import decided_anew

log = logging.getLogger("tablee.qa.polls")

BUSY = "store.unavailable"


class PlannedPolls:
    def __init__(self, store: QaStore, announcer: Announcer, *, flagged: Sequence[str] = ()) -> None:
        """`flagged`: words that clouds show to moderators only."""
        self._told, self._store, self._flagged = store.day, store.polls, tuple(flagged)
        self._announcer, self._clock = announcer, announcer.clock

    async def reconcile(self) -> None:
        """Drafts on the desk as the programme has them: add, change, take away, bring back. Raises Unavailable."""
        await decided_anew(self._mend, busy=BUSY)

    async def _mend(self) -> None:
        """Raises StaleVersion, Duplicate when somebody was faster."""
        told = await self._told.programme()
        if told is None:
            return
        wanted = {
            planned_id(session.id, ref.id): (session.id, place, ref)
            for session in told.event.sessions
            for place, ref in enumerate(session.polls)
        }
        held = {poll.id: poll for poll in await self._store.of_origin("programme")}
        for id, poll in held.items():
            if id not in wanted:
                await self._save(domain.unplanned(poll, self._clock()))
        for id, (session, place, ref) in wanted.items():
            await self._lead(held.get(id), ref, id=id, session=session, place=place)

    async def _lead(self, poll: Poll | None, ref: PollRef, *, id: str, session: str, place: int) -> None:
        try:
            while change := domain.planned(
                poll, ref, id=id, session=session, position=place, now=self._clock(), flagged=self._flagged
            ):  # fmt: skip
                await self._save(change)
                poll = change.poll
        except Invalid as error:  # a programme's check refuses it: told by a registration that is older than this rule
            log.warning("a poll of the programme cannot be prepared", extra={"poll": id, "code": error.code})

    async def _save(self, change: PollChange | None) -> None:
        if change is None:
            return
        poll = change.poll
        event = self._announcer.envelope(change.event, poll.id, poll.version)
        if poll.version == 1:
            await self._store.insert(poll, event)
        else:
            await self._store.save(poll, event)
        self._announcer.wake()


def planned_id(session: str, poll: str) -> str:
    """The id of a poll that the programme prepares; neither part holds a full stop."""
    return f"{session}.{poll}"
