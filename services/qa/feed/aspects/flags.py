"""The aspect of flags: what marks a question for moderators, and for nobody else. It follows from the words of the question, from those of
the others in its session and from the organiser's lists: nothing of it is kept.

snapshot  flags  question id → [{"kind", "words"}] of those that have any (moderators)
frames    flag {"id", "flags"}; an empty list: none any more
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData
from services.qa.feed.projection import MODERATOR, Json, View
from services.qa.flags import Entry, Flags, WordList, flags_of, folded
from shared.events.guard import EVERYWHERE, GuardChanged, GuardState
from shared.events.kind import Event
from shared.events.question import QuestionChanged, QuestionState

_GONE = frozenset({"withdrawn", "erased"})
"""What is asked no more: nobody repeats it, and nobody decides about it."""


@dataclass(slots=True)
class _Known:
    version: int
    asked: tuple[str, str]
    text: str
    words: Entry
    flags: Flags = ()


class _Session:
    def __init__(self) -> None:
        self.known: dict[str, _Known] = {}
        self.same: dict[Entry, dict[str, None]] = defaultdict(dict)
        """Words → the questions that have just these."""
        self.first: dict[Entry, str] = {}
        """Words → the one that was asked first."""

    def settle(self, words: Entry, id: str) -> set[str]:
        """That one came or went: who was first and is not any more, and who is now. Only where the first goes are all of them looked at."""
        before, alike = self.first.get(words, ""), self.same[words]
        if before in alike and (id not in alike or self.known[before].asked <= self.known[id].asked):
            return set()
        now = min(alike, key=lambda each: self.known[each].asked, default="")
        if now:
            self.first[words] = now
        else:
            del self.same[words]
            self.first.pop(words, None)
        return {before, now} - {""}


class FlagAspect(Aspect):
    def __init__(self) -> None:
        self._sessions: dict[str, _Session] = defaultdict(_Session)
        self._version = 0
        self._words: tuple[str, ...] = ()
        self._listed = WordList()

    def takes(self) -> Mapping[type[Event], Fold]:
        return {
            QuestionChanged: lambda event, seq: self._put(event.question),
            GuardChanged: lambda event, seq: self._lists(event.guard),
        }  # fmt: skip

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        for guard in contents.guards:
            yield from self._lists(guard)
        for question in contents.questions:
            yield from self._put(question)

    def forget(self, session: str) -> None:
        self._sessions.pop(session, None)

    # --- what happens --------------------------------------------------------------------------------------------------------------
    def _lists(self, guard: GuardState) -> Iterable[AspectChange]:
        if guard.session != EVERYWHERE or guard.version <= self._version:
            return
        self._version = guard.version
        words = tuple(word for each in guard.words.values() for word in each)
        if words == self._words:
            return
        self._words, self._listed = words, WordList(words)
        for session, held in self._sessions.items():
            yield from self._look(session, held.known)

    def _put(self, question: QuestionState) -> Iterable[AspectChange]:
        held = self._sessions[question.session]
        before = held.known.get(question.id)
        if before is not None and before.version >= question.version:
            return
        changed = {question.id}
        if before is not None:
            held.same[before.words].pop(question.id, None)
        asks = question.status not in _GONE
        words = folded(question.text) if asks else ()
        held.known[question.id] = _Known(
            question.version, (question.asked_at, question.id), question.text if asks else "", words, before.flags if before else ()
        )
        if words:
            held.same[words][question.id] = None
        for each in {words, before.words if before is not None else ()} - {()}:
            changed |= held.settle(each, question.id)
        yield from self._look(question.session, sorted(changed))

    def _look(self, session: str, ids: Iterable[str]) -> Iterable[AspectChange]:
        """Those of them whose flags are not what they were."""
        held = self._sessions[session]
        for id in ids:
            known = held.known[id]
            repeated = bool(known.words) and held.first.get(known.words, id) != id
            flags = flags_of(known.text, known.words, self._listed, repeated=repeated)
            if flags != known.flags:
                known.flags = flags
                yield AspectChange(session, (id,), MODERATOR)

    # --- what is shown -------------------------------------------------------------------------------------------------------------
    def shared(self, session: str, view: View) -> Json:
        if view != MODERATOR:
            return {}
        return {"flags": {id: _told(known.flags) for id, known in self._sessions[session].known.items() if known.flags}}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        for id in keys:
            yield FrameData("flag", {"id": id, "flags": _told(self._sessions[session].known[id].flags)})


def _told(flags: Flags) -> list[Json]:
    return [{"kind": kind, "words": list(words)} for kind, words in flags]
