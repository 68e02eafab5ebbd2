"""The life of questions in one session, driven at random against a plain model: whatever is tried, in whatever order."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from services.qa import domain
from services.qa.facts import Contents
from services.qa.feed.aspects import new_aspects
from services.qa.feed.hub import Hub, Out
from services.qa.feed.projection import VIEWS, View, mine, shown
from services.qa.history import for_author
from services.qa.life import STEPS, VISIBLE, VOTABLE, StepName
from services.qa.question import Actor, Change, Command, Question
from services.qa.undo import MOST_PAST, UNDO_SECONDS
from shared.errors import DomainError
from shared.events.vocabulary import STANDARD_REASONS
from tests.support.feed_reducer import texts

SESSION = "table-ronde-1"
PEOPLE = [Actor(f"person-{name}", name, "remote") for name in ("anne", "basile")]
MODERATORS = [Actor(f"person-{name}", name, "staff") for name in ("claire", "david")]
EVERYONE = PEOPLE + MODERATORS
WORDED = ("edit", "amend", "rephrase", "write")
VERSION_SLIP = st.sampled_from([0, 0, 0, -1, 1])


LISTENERS: list[tuple[View, str]] = [
    ("public", "stranger"), ("public", PEOPLE[0].person), ("display", "screen"), ("moderator", "desk"),
]  # fmt: skip


class QuestionLife(RuleBasedStateMachine):
    """`questions` plays the store: it holds the newest version of each and refuses a second one on stage, as its unique index does."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.questions: dict[str, Question] = {}
        self.histories: dict[str, list[Question]] = {}
        self.originals: dict[str, set[str]] = {}
        self.votes: dict[str, set[str]] = {}
        self.undoable: dict[str, list[Question]] = {}
        """What each step of a moderator began with, since the author touched the question."""
        self.told: dict[str, tuple[Question, datetime]] = {}
        """What the author knows, and until when."""
        self.appealed: dict[str, str] = {}
        """Whose refusal was appealed against."""
        self.drafts: dict[tuple[str, str], str] = {}
        """(question, draft) → who wrote it."""
        self.now = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
        self.hub: Hub[str] = Hub("e", new_aspects())
        self.said: dict[str, list[Any]] = {}
        self.seqs: dict[str, int] = {}

    @initialize()
    def open(self) -> None:
        self.hub.load(Contents(sessions={SESSION: None}))
        for view, person in LISTENERS:
            key = f"{view}:{person}"
            _, frames = self.hub.connect(key, session=SESSION, view=view, person=person, entrance="remote", epoch=None, seq=None)
            self.said[key] = [json.loads(frame) for frame in frames]

    # --- what people do --------------------------------------------------------------------------------------------------------------
    @rule(target=ids, author=st.sampled_from(EVERYONE), anonymous=st.booleans())
    def ask(self, author: Actor, anonymous: bool) -> str:
        id = f"q{len(self.questions)}"
        text = f"words-{id}-1."
        self.take(domain.ask(id=id, session=SESSION, text=text, language="fr", anonymous=anonymous, by=author, now=self.tick()), news=False)
        self.undoable[id] = []
        self.originals[id] = {text}
        self.votes[id] = set()
        return id

    @rule(
        id=ids, step=st.sampled_from(sorted(STEPS)), by=st.sampled_from(EVERYONE), slip=VERSION_SLIP, rephrase=st.booleans(),
        reason=st.sampled_from([*STANDARD_REASONS, "because"]),
    )  # fmt: skip
    def take_a_step(self, id: str, step: StepName, by: Actor, slip: int, rephrase: bool, reason: str) -> None:
        """Whether it was done; refused for exactly the reasons that the model knows. Whose duty it is the use case asks, not the domain."""
        held = self.questions[id]
        words = f"{step}-{id}-{held.version + 1}."
        text = words if step in WORDED or (step == "publish" and rephrase) else None
        now = self.tick()
        known = self.known_to_author(id) if STEPS[step].by == "author" else held
        possible = known.status in STEPS[step].starts and slip == 0
        possible &= STEPS[step].by == "moderator" or held.author == by.person
        possible &= STEPS[step].by == "moderator" or step == "withdraw" or known is held
        possible &= step != "decline" or reason != "because"
        possible &= step != "appeal" or id not in self.appealed
        possible &= step not in ("publish", "decline", "merge") or self.appealed.get(id) != by.person or held.status != "queued"
        possible &= step != "release" or self.drafts.get((id, held.draft)) not in (None, by.person)
        more: Any = {"into": "other", "place": f"p{held.version}", "speaker": "Anne", "theme": None, "owner": "Mairie", "due": "2021-07-01"}
        change = self.outcome(held, Command(step, known.version + slip, by, now, text=text, reason=reason, note="un mot", **more))
        assert (change is not None) == possible
        if change is None or (change.question.status == "on_stage" and any(each.status == "on_stage" for each in self.questions.values())):
            return  # the unique index refuses a second one
        if step == "appeal":
            self.appealed[id] = held.judged_by
        if step == "write":
            self.drafts[id, change.question.draft] = by.person
        self.undoable[id] = [] if STEPS[step].by == "author" else [*self.undoable[id], held][-MOST_PAST:]
        self.take(change, news=STEPS[step].by == "moderator")
        if step in ("edit", "amend"):
            self.originals[id].add(words)

    @rule(id=ids, by=st.sampled_from(MODERATORS), slip=VERSION_SLIP)
    def take_back(self, id: str, by: Actor, slip: int) -> None:
        held, before = self.questions[id], self.undoable[id]
        possible = bool(before) and slip == 0
        try:
            change = domain.take_back(held, expected_version=held.version + slip, by=by, now=self.tick())
        except DomainError:
            assert not possible
            return
        assert possible
        names = ("status", "text", "original", "reason", "note", "staged_at", "answered_at", "author")
        assert [getattr(change.question, name) for name in names] == [getattr(before[-1], name) for name in names]
        if change.question.status == "on_stage" and any(each.status == "on_stage" for each in self.questions.values()):
            return  # the unique index refuses a second one
        before.pop()
        self.take(change, news=True)

    @rule()
    def time_passes(self) -> None:
        self.now += timedelta(seconds=UNDO_SECONDS - 3)
        self.tick()

    @rule(id=ids, voter=st.sampled_from(EVERYONE))
    def vote(self, id: str, voter: Actor) -> None:
        held = self.questions[id]
        allowed = held.author != voter.person and held.status in VOTABLE
        try:
            domain.require_votable(held, voter.person)
        except DomainError:
            assert not allowed
        else:
            assert allowed
            self.votes[id].add(voter.person)

    @rule(id=consumes(ids))
    def forget(self, id: str) -> None:
        """Fewer questions are touched, so that some lives become long."""

    # --- the world around the domain -------------------------------------------------------------------------------------------------
    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        self.note(self.hub.tick(self.now))
        return self.now

    def known_to_author(self, id: str) -> Question:
        known, until = self.told[id]
        return known if self.now < until else self.questions[id]

    @staticmethod
    def outcome(held: Question, command: Command) -> Change | None:
        try:
            return domain.carry_out(held, command)
        except DomainError:
            return None

    def take(self, change: Change, *, news: bool) -> None:
        question = change.question
        self.tell_author(question, bad=news and question.status in ("declined", "hidden", "merged"))
        self.questions[question.id] = question
        self.histories.setdefault(question.id, []).append(question)
        self.note(self.hub.on_event(change.event, seq=question.version, correlation=""))

    def tell_author(self, question: Question, *, bad: bool) -> None:
        before = self.questions.get(question.id)
        if bad and before is not None and before.status != question.status:
            self.told[question.id] = (self.known_to_author(question.id), self.now + timedelta(seconds=UNDO_SECONDS))
        else:
            self.told[question.id] = (question, self.now)

    def note(self, outs: list[Out[str]]) -> None:
        for out in outs:
            for key in out.to:
                self.said[key].append(json.loads(out.frame))

    # --- what always holds -----------------------------------------------------------------------------------------------------------
    @invariant()
    def at_most_one_is_on_stage(self) -> None:
        assert sum(question.status == "on_stage" for question in self.questions.values()) <= 1

    @invariant()
    def versions_rise_by_one_and_final_states_stay(self) -> None:
        for history in self.histories.values():
            assert [question.version for question in history] == list(range(1, len(history) + 1))
            assert not any(question.status in ("withdrawn", "erased") for question in history[:-1])

    @invariant()
    def a_declined_question_has_a_reason_of_the_list_and_no_other_has(self) -> None:
        for question in self.questions.values():
            assert (question.status == "declined") == (question.reason in STANDARD_REASONS)

    @invariant()
    def the_words_of_the_author_are_only_ever_their_own(self) -> None:
        for id, question in self.questions.items():
            assert question.original in self.originals[id] or question.status == "erased"
            for before, after in pairwise(self.histories[id]):
                assert (
                    before.original == after.original
                    or (before.status in ("queued", "published") and after.status == "queued")
                    or after.status == "erased"
                )

    @invariant()
    def times_fit_the_state(self) -> None:
        for question in self.questions.values():
            assert (question.staged_at is not None) == (question.status in ("on_stage", "answered"))
            assert (question.answered_at is not None) == (question.status == "answered")
            assert question.cued_at is None or question.status == "published"
            assert (question.status == "merged") == bool(question.merged_into)
            assert (question.status == "deferred") <= bool(question.owner and question.due)

    @invariant()
    def each_audience_sees_what_it_may(self) -> None:
        ever_public = {q.text for history in self.histories.values() for q in history if q.status in VISIBLE}
        for key, said in self.said.items():
            view, _, person = key.partition(":")
            text = json.dumps(said)
            for history in self.histories.values():
                for question in history:
                    if question.status == "erased":
                        continue
                    own = question.author == person and view == "public"
                    if view == "moderator":
                        assert question.text in text
                    elif own:
                        assert question.original in text
                    else:
                        assert question.text in ever_public or question.text not in text
                        assert question.original in ever_public or question.original not in text

    @invariant()
    def whoever_comes_back_is_sent_no_text_that_a_fresh_snapshot_would_not_hold(self) -> None:
        """From wherever they say they stand: a late joiner, somebody who was away, a screen."""
        for view, person in LISTENERS:
            fresh = texts(self.hub.state(SESSION, view, person))
            for seq in (0, self.seqs.get(f"{view}:{person}", 0)):
                _, frames = self.hub.connect("back", session=SESSION, view=view, person=person, entrance="remote", epoch="e", seq=seq)
                self.hub.disconnect("back")
                assert texts([json.loads(frame) for frame in frames]) <= fresh
                if frames:
                    self.seqs[f"{view}:{person}"] = json.loads(frames[-1])["seq"]

    @invariant()
    def the_history_has_a_line_for_every_version_and_the_author_s_no_name(self) -> None:
        for id, question in self.questions.items():
            steps = self.histories[id]
            assert [(line.version, line.after) for line in question.log] == [(each.version, each.status) for each in steps[1:]]
            told = json.dumps(for_author(question, self.now))
            assert not any(moderator.name in told or moderator.person in told for moderator in MODERATORS)

    @rule(id=consumes(ids), by=st.sampled_from(EVERYONE), officer=st.booleans())
    def erase(self, id: str, by: Actor, officer: bool) -> None:
        held, now = self.questions[id], self.tick()
        known = held if officer else self.known_to_author(id)
        try:
            change = domain.erase(held, expected_version=known.version, by=by, officer=officer, now=now)
        except DomainError:
            assert held.status == "erased" or not (officer or held.author == by.person)
            return
        left = json.dumps(asdict(change.question), default=str)
        words = {held.text, held.original, held.note, held.draft, held.answer} - {""}
        assert not any(each in left for each in words)
        assert change.question.author == change.question.author_name == ""
        self.undoable[id] = []
        self.take(change, news=False)

    @invariant()
    def an_author_reads_what_they_may_know_by_now(self) -> None:
        for person in {author.person for author in EVERYONE}:
            own = [question for question in self.questions.values() if question.author == person]
            known = {question.id: mine(self.known_to_author(question.id).state(), self.now) for question in own}
            assert self.hub.state(SESSION, "public", person)["mine"] == known

    @invariant()
    def a_fresh_snapshot_is_the_projection_of_the_newest_versions(self) -> None:
        for view in VIEWS:
            seen = {id: shown(question.state(), view) for id, question in self.questions.items()}
            assert self.hub.state(SESSION, view, "stranger")["items"] == {id: item for id, item in seen.items() if item is not None}


QuestionLife.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestQuestionLife = QuestionLife.TestCase
