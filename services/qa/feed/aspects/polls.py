"""The aspect of polls: what is asked, how many answered, what came of it, and what one answered oneself.

snapshot  polls       poll id → POLL (public and screens), MOD_POLL (moderators)
          tallies     poll id → {"id", "rev", "answers" by door, "counts" key → by door, or null while hidden, "halls"}
          my_answers  poll id → {"poll", "choice", "hall", "people", "rev"} (not for screens)
frames    poll {…the poll…} · poll_gone {"id"} · poll_tally {…the tally…} · my_answer {…the answer…}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData
from services.qa.feed.polls import answer_for, poll_for, sees_poll, tally_for
from services.qa.feed.projection import VIEWS, Json, View
from shared.events.kind import Event
from shared.events.person import PersonErased
from shared.events.poll import PollAnswer, PollChanged, PollCounted, PollState, PollTally

_TALLY: Final = "tally:"
_ANSWER: Final = "answer:"
"""Begin the keys of tallies and of one's own answers; those of polls are their ids."""


class PollAspect(Aspect):
    def __init__(self) -> None:
        self._polls: dict[str, dict[str, PollState]] = defaultdict(dict)
        self._tallies: dict[str, PollTally] = {}
        self._answers: dict[str, dict[str, dict[str, PollAnswer]]] = defaultdict(dict)
        """Session → person → poll → the newest answer."""

    def takes(self) -> Mapping[type[Event], Fold]:
        return {
            PollChanged: lambda event, seq: self._put(event.poll),
            PollCounted: lambda event, seq: self._counted(event),
            PersonErased: lambda event, seq: self._forget(event.person_id),
        }

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        sessions = {poll.id: poll.session for poll in contents.polls}
        for poll in contents.polls:
            yield from self._put(poll)
        for tally in contents.tallies:
            yield from self._take_tally(sessions[tally.poll], tally)
        for session, answer in contents.poll_answers:
            yield from self._take_answer(session, answer)

    def holds(self, session: str) -> bool:
        return any(poll.opened_at is not None for poll in self._polls.get(session, {}).values())

    def forget(self, session: str) -> None:
        for id in self._polls.pop(session, {}):
            self._tallies.pop(id, None)
        self._answers.pop(session, None)

    # --- what happens --------------------------------------------------------------------------------------------------------------
    def _put(self, poll: PollState) -> Iterable[AspectChange]:
        before = self._polls[poll.session].get(poll.id)
        if before is not None and before.version >= poll.version:
            return
        self._polls[poll.session][poll.id] = poll
        skipped = poll.version > 1 + (0 if before is None else before.version)
        for view in VIEWS:
            if sees_poll(poll, view) or (before is not None and sees_poll(before, view)):
                yield AspectChange(poll.session, (poll.id, _TALLY + poll.id), view)
            elif skipped:  # another process may have heard of it, and shown it
                yield AspectChange(poll.session, (), view)

    def _counted(self, event: PollCounted) -> Iterable[AspectChange]:
        yield from self._take_tally(event.session, event.tally)
        for answer in event.answers:
            yield from self._take_answer(event.session, answer)

    def _take_tally(self, session: str, tally: PollTally) -> Iterable[AspectChange]:
        before = self._tallies.get(tally.poll)
        if before is not None and before.rev >= tally.rev:
            return
        self._tallies[tally.poll] = tally
        poll = self._polls[session].get(tally.poll)
        for view in VIEWS:
            if poll is not None and tally_for(poll, tally, view) is not None:
                yield AspectChange(session, (_TALLY + tally.poll,), view)

    def _take_answer(self, session: str, answer: PollAnswer) -> Iterable[AspectChange]:
        own = self._answers[session].setdefault(answer.person, {})
        if answer.poll in own and own[answer.poll].rev >= answer.rev:
            return
        own[answer.poll] = answer
        yield AspectChange(session, (_ANSWER + answer.poll,), person=answer.person)

    def _forget(self, person: str) -> Iterable[AspectChange]:
        """The person's connections end with their access; the counts stay."""
        for of_session in self._answers.values():
            of_session.pop(person, None)
        return ()

    # --- what is shown -------------------------------------------------------------------------------------------------------------
    def blank(self) -> Json:
        return {"polls": {}, "tallies": {}}

    def shared(self, session: str, view: View) -> Json:
        seen = {id: poll_for(poll, view) for id, poll in self._polls[session].items()}
        tallies = {id: self._tally(session, id, view) for id in seen}
        return {
            "polls": {id: poll for id, poll in seen.items() if poll is not None},
            "tallies": {id: tally for id, tally in tallies.items() if tally is not None},
        }

    def personal(self, session: str, person: str) -> Json:
        return {"my_answers": {id: answer_for(answer) for id, answer in self._answers[session].get(person, {}).items()}}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        for key in keys:
            if view is None:
                yield from self._own_frames(session, key, person)
            elif key.startswith(_TALLY):
                tally = self._tally(session, key.removeprefix(_TALLY), view)
                if tally is not None:
                    yield FrameData("poll_tally", tally)
            else:
                poll = poll_for(self._polls[session][key], view)
                yield FrameData("poll_gone", {"id": key}) if poll is None else FrameData("poll", poll)

    def _own_frames(self, session: str, key: str, person: str) -> Iterable[FrameData]:
        answer = self._answers[session].get(person, {}).get(key.removeprefix(_ANSWER))
        if answer is not None:
            yield FrameData("my_answer", answer_for(answer))

    def _tally(self, session: str, id: str, view: View) -> Json | None:
        poll, tally = self._polls[session].get(id), self._tallies.get(id)
        return None if poll is None or tally is None else tally_for(poll, tally, view)
