"""The live state of one session and what has to be said about a change of it: no I/O.

Everything here is idempotent: whatever arrives twice or late changes nothing, the newest version of each thing wins. What must not be
here: clients, sockets, the bus.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any, Final

from services.qa.feed import state as views
from services.qa.feed.journal import EVERYONE, MOST_ENTRIES, Entry, Journal, of_person
from services.qa.feed.protocol import encode, snapshot
from shared.events.question import QuestionState
from shared.events.votes import Ballot, VoteCount

NOBODY: Final = {"in_room": 0, "remote": 0, "hub": 0}


class SessionFeed:
    def __init__(self, session: str, *, most_entries: int = MOST_ENTRIES) -> None:
        self.session = session
        self.stage: str | None = None
        self.questions: dict[str, QuestionState] = {}
        self.journal = Journal(most_entries)
        self._floor: dict[str, Any] = {"state": "closed", "version": 0}
        self._stream: dict[str, Any] | None = None
        self._presence = NOBODY
        self._ballots: dict[str, dict[str, tuple[int, bool]]] = {}
        self._encoded: dict[str, tuple[int, bytes]] = {}

    # --- changes: each returns what is to be said ----------------------------------------------------------------------------------
    def put(self, question: QuestionState, correlation: str = "") -> list[Entry]:
        held = self.questions.get(question.id)
        if held is not None and held.version >= question.version:
            return self.count({question.id: VoteCount(question.votes, question.votes_rev)}, (), correlation)
        if held is not None and held.votes_rev > question.votes_rev:
            question = replace(question, votes=held.votes, votes_rev=held.votes_rev)
        published = self._published()
        self.questions[question.id] = question
        said = [entry for view in views.VIEWS for entry in self._say(view, held, question, correlation)]
        said.append(self.journal.write(of_person(question.author), "mine", views.mine(question), correlation))
        if self._published() != published:
            said.append(self.journal.write(views.DISPLAY, "published", {"count": self._published()}, correlation))
        return said

    def _say(self, view: str, held: QuestionState | None, question: QuestionState, correlation: str) -> list[Entry]:
        now = views.shown(question, view)
        if now is not None:
            return [self.journal.write(view, "item", now, correlation)]
        if held is not None and views.shown(held, view) is not None:
            return [self.journal.write(view, "gone", {"id": question.id}, correlation)]
        return []

    def count(self, counts: Mapping[str, VoteCount], ballots: tuple[Ballot, ...], correlation: str = "") -> list[Entry]:
        """Absolute counts; those of unknown questions wait for the question itself, which carries its own."""
        newer: dict[str, int] = {}
        for id, count in counts.items():
            held = self.questions.get(id)
            if held is not None and count.rev > held.votes_rev:
                self.questions[id] = replace(held, votes=count.votes, votes_rev=count.rev)
                newer[id] = count.votes
        said = [self.journal.write_votes(newer, correlation)] if newer else []
        return said + [entry for ballot in ballots for entry in self._vote(ballot)]

    def _vote(self, ballot: Ballot) -> list[Entry]:
        of_voter = self._ballots.setdefault(ballot.person, {})
        rev, on = of_voter.get(ballot.question, (0, False))
        if ballot.rev <= rev:
            return []
        of_voter[ballot.question] = (ballot.rev, ballot.on)
        if on == ballot.on:
            return []
        return [self.journal.write(of_person(ballot.person), "voted", {"id": ballot.question, "on": ballot.on})]

    def set_floor(self, state: str, version: int, correlation: str = "") -> list[Entry]:
        if version <= self._floor["version"]:
            return []
        self._floor = {"state": state, "version": version}
        return [self.journal.write(EVERYONE, "floor", self._floor, correlation)]

    def set_stream(self, stream: dict[str, Any]) -> list[Entry]:
        if stream == self._stream:
            return []
        self._stream = stream
        return [self.journal.write_newest(EVERYONE, "stream", stream)]

    def set_presence(self, presence: dict[str, int]) -> list[Entry]:
        if presence == self._presence:
            return []
        self._presence = presence
        return [self.journal.write_newest(EVERYONE, "presence", presence)]

    # --- what a client that comes in gets ----------------------------------------------------------------------------------------
    def missed(self, seq: int, addresses: Set[str]) -> list[bytes] | None:
        return self.journal.since(seq, addresses, lambda id: self.questions[id].votes)

    def snapshot(self, epoch: str, view: str, person: str) -> bytes:
        at, shared = self._encoded.get(view, (-1, b""))
        if at != self.journal.seq:
            shared = encode(self._shared(view))
            self._encoded[view] = (self.journal.seq, shared)
        return snapshot(epoch, self.journal.seq, shared, self._personal(view, person))

    def state(self, view: str, person: str) -> dict[str, Any]:
        """STATE of services.qa.feed.state."""
        return {**self._shared(view), **self._personal(view, person)}

    @property
    def presence(self) -> dict[str, int]:
        return self._presence

    def _shared(self, view: str) -> dict[str, Any]:
        seen = ((id, views.shown(question, view)) for id, question in self.questions.items())
        state: dict[str, Any] = {
            "session": self.session,
            "floor": self._floor,
            "items": {id: item for id, item in seen if item is not None},
            "presence": self._presence,
            "stream": self._stream,
        }
        if view == views.DISPLAY:
            state["published"] = self._published()
        return state

    def _personal(self, view: str, person: str) -> dict[str, Any]:
        if view == views.DISPLAY:
            return {}
        own = {id: views.mine(question) for id, question in self.questions.items() if question.author == person}
        votes = sorted(id for id, (_, on) in self._ballots.get(person, {}).items() if on)
        return {"mine": own, "my_votes": votes}

    def _published(self) -> int:
        return sum(question.status == "published" for question in self.questions.values())
