"""The use case of reacting: a sign without a word, counted and forgotten. Nothing of the person is kept, stored or told."""

from __future__ import annotations

from services.qa.feed.aspects.guard import GuardAspect
from services.qa.feed.aspects.reactions import ReactionAspect
from services.qa.feed.aspects.session import SessionAspect
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.clock import Clock
from shared.errors import Conflict, Denied, NotFound
from shared.events.vocabulary import ReactionKind


class Reacting:
    def __init__(self, reactions: ReactionAspect, sessions: SessionAspect, guards: GuardAspect, clock: Clock) -> None:
        self._reactions, self._sessions, self._guards, self._clock = reactions, sessions, guards, clock

    def react(self, by: Pass, session: str, kind: ReactionKind) -> None:
        """Judged by what this process was told, without the store. Raises NotFound, Denied, Conflict when the session is
        removed."""
        capabilities.require(by.duty, "reaction.show")
        if not self._sessions.knows(session):
            raise NotFound("qa.unknown_session")
        if not by.covers(session):
            raise Denied("access.session_not_yours")
        if self._sessions.removed(session):
            raise Conflict("qa.session_removed")
        if self._guards.mutes(session, by.person):
            raise Denied("qa.muted")
        self._reactions.show(session, kind, self._clock())
