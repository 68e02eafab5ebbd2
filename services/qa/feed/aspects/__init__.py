"""The aspects of a session's feed, one file each. `Aspects` is the tuple that names them all."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from services.qa.feed.aspects.claims import ClaimAspect
from services.qa.feed.aspects.colleagues import ColleagueAspect
from services.qa.feed.aspects.flags import FlagAspect
from services.qa.feed.aspects.floor import FloorAspect
from services.qa.feed.aspects.guard import GuardAspect
from services.qa.feed.aspects.hands import HandAspect
from services.qa.feed.aspects.notes import NoteAspect
from services.qa.feed.aspects.polls import PollAspect
from services.qa.feed.aspects.presence import PresenceAspect
from services.qa.feed.aspects.questions import QuestionAspect
from services.qa.feed.aspects.reactions import ReactionAspect
from services.qa.feed.aspects.reasons import ReasonAspect
from services.qa.feed.aspects.seats import SeatAspect
from services.qa.feed.aspects.session import SessionAspect
from services.qa.feed.aspects.stream import StreamAspect
from services.qa.feed.aspects.turn import TurnAspect
from services.qa.feed.aspects.votes import VoteAspect


class Aspects(NamedTuple):
    """In the order in which they take events: screens go blank first, votes are counted on questions that are known."""

    guard: GuardAspect
    questions: QuestionAspect
    votes: VoteAspect
    floor: FloorAspect
    presence: PresenceAspect
    stream: StreamAspect
    session: SessionAspect
    claims: ClaimAspect
    colleagues: ColleagueAspect
    polls: PollAspect
    hands: HandAspect
    reactions: ReactionAspect
    notes: NoteAspect
    turn: TurnAspect
    seats: SeatAspect
    flags: FlagAspect
    reasons: ReasonAspect


def new_aspects(process: str = "", lost: Callable[[], None] = lambda: None) -> Aspects:
    """`process`: the id under which this one tells the others of its people; `lost` is called when one of the others is gone."""
    questions, session = QuestionAspect(), SessionAspect()
    presence = PresenceAspect(process, lambda id: session.ended_at(id) is not None)
    votes, polls, hands, reactions, seats = VoteAspect(questions), PollAspect(), HandAspect(), ReactionAspect(process), SeatAspect()
    return Aspects(
        GuardAspect(session, (questions, votes, polls, hands, reactions, seats)), questions, votes, FloorAspect(), presence, StreamAspect(),
        session, ClaimAspect(questions), ColleagueAspect(process, lost), polls, hands, reactions, NoteAspect(),
        TurnAspect(questions, presence), seats, FlagAspect(),
        ReasonAspect(session),
    )  # fmt: skip
