"""The life of questions in one session, driven at random against a plain model: whatever is tried, in whatever order."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from services.qa import domain
from services.qa.domain import Actor, Change, Question
from services.qa.feed import state as views
from services.qa.feed.hub import Contents, Hub
from shared.errors import DomainError

SESSION = "table-ronde-1"
PEOPLE = [Actor(f"person-{name}", name, "remote") for name in ("anne", "basile")]
MODERATORS = [Actor(f"person-{name}", name, "staff") for name in ("claire", "david")]
EVERYONE = PEOPLE + MODERATORS
VERSION_SLIP = st.sampled_from([0, 0, 0, -1, 1])


class QuestionLife(RuleBasedStateMachine):
    """`questions` plays the store: it holds the newest version of each and refuses a second one on stage, as its unique index does."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.questions: dict[str, Question] = {}
        self.histories: dict[str, list[Question]] = {}
        self.originals: dict[str, set[str]] = {}
        self.votes: dict[str, set[str]] = {}
        self.now = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
        self.hub: Hub[str] = Hub("e")
        self.said: dict[str, list[Any]] = {}

    @initialize()
    def open(self) -> None:
        self.hub.load(Contents(sessions={SESSION: None}))
        for view, person in (("public", "stranger"), ("public", PEOPLE[0].person), ("display", "screen"), ("moderator", "desk")):
            key = f"{view}:{person}"
            frames = self.hub.connect(key, session=SESSION, view=view, person=person, door="remote", epoch=None, seq=None)
            self.said[key] = [json.loads(frame) for frame in frames]

    # --- what people do --------------------------------------------------------------------------------------------------------------
    @rule(target=ids, author=st.sampled_from(EVERYONE), anonymous=st.booleans())
    def ask(self, author: Actor, anonymous: bool) -> str:
        id = f"q{len(self.questions)}"
        text = f"words-{id}-1."
        self.take(domain.ask(id=id, session=SESSION, text=text, language="fr", anonymous=anonymous, by=author, now=self.tick()))
        self.originals[id] = {text}
        self.votes[id] = set()
        return id

    @rule(id=ids, by=st.sampled_from(EVERYONE), slip=VERSION_SLIP)
    def edit(self, id: str, by: Actor, slip: int) -> None:
        held = self.questions[id]
        text = f"words-{id}-{held.version + 1}."
        if self.attempt(id, "edit", slip, by, lambda v: domain.edit(held, expected_version=v, text=text, by=by, now=self.tick())):
            self.originals[id].add(text)

    @rule(id=ids, by=st.sampled_from(EVERYONE), slip=VERSION_SLIP)
    def withdraw(self, id: str, by: Actor, slip: int) -> None:
        held = self.questions[id]
        self.attempt(id, "withdraw", slip, by, lambda v: domain.withdraw(held, expected_version=v, by=by, now=self.tick()))

    @rule(id=ids, by=st.sampled_from(MODERATORS), slip=VERSION_SLIP, rephrase=st.booleans())
    def publish(self, id: str, by: Actor, slip: int, rephrase: bool) -> None:
        held = self.questions[id]
        text = f"rephrased-{id}-{held.version + 1}." if rephrase else None
        self.attempt(id, "publish", slip, by, lambda v: domain.publish(held, expected_version=v, by=by, now=self.tick(), text=text))

    @rule(id=ids, by=st.sampled_from(MODERATORS), slip=VERSION_SLIP, reason=st.sampled_from([*domain.REASONS, "because"]))
    def decline(self, id: str, by: Actor, slip: int, reason: str) -> None:
        held = self.questions[id]
        self.attempt(
            id, "decline", slip, by,
            lambda v: domain.decline(held, expected_version=v, reason=reason, note="un mot", by=by, now=self.tick()),
        )  # fmt: skip

    @rule(
        id=ids, by=st.sampled_from(MODERATORS), slip=VERSION_SLIP,
        command=st.sampled_from([("stage", domain.stage), ("return", domain.put_back), ("answer", domain.answer), ("hide", domain.hide)]),
    )  # fmt: skip
    def move(self, id: str, by: Actor, slip: int, command: Any) -> None:
        held, (name, step) = self.questions[id], command
        self.attempt(id, name, slip, by, lambda v: step(held, expected_version=v, by=by, now=self.tick()))

    @rule(id=ids, voter=st.sampled_from(EVERYONE))
    def vote(self, id: str, voter: Actor) -> None:
        held = self.questions[id]
        allowed = held.author != voter.person and held.status in {"published", "on_stage"}
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
        return self.now

    def attempt(self, id: str, command: str, slip: int, by: Actor, decide: Any) -> bool:
        """Whether it was done; refused for exactly the reasons that the model knows."""
        held = self.questions[id]
        possible = held.status in domain.STARTS[command] and slip == 0
        possible &= command not in ("edit", "withdraw") or held.author == by.person
        change, refusal = self.outcome(decide, held.version + slip)
        assert (change is not None) == (possible and refusal != "qa.reason_unknown")
        if change is None:
            return False
        if change.question.status == "on_stage" and any(each.status == "on_stage" for each in self.questions.values()):
            return False  # the unique index
        self.take(change)
        return True

    @staticmethod
    def outcome(decide: Any, version: int) -> tuple[Change | None, str]:
        try:
            return decide(version), ""
        except DomainError as error:
            return None, error.code

    def take(self, change: Change) -> None:
        question = change.question
        self.questions[question.id] = question
        self.histories.setdefault(question.id, []).append(question)
        for out in self.hub.on_event(change.event, seq=question.version, correlation=""):
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
            assert not any(question.status in domain.FINAL_STATUSES for question in history[:-1])

    @invariant()
    def a_declined_question_has_a_reason_of_the_list_and_no_other_has(self) -> None:
        for question in self.questions.values():
            assert (question.status == "declined") == (question.reason in domain.REASONS)

    @invariant()
    def the_words_of_the_author_are_only_ever_their_own(self) -> None:
        for id, question in self.questions.items():
            assert question.original in self.originals[id]
            for before, after in pairwise(self.histories[id]):
                assert before.original == after.original or (before.status, after.status) == ("queued", "queued")

    @invariant()
    def times_fit_the_state(self) -> None:
        for question in self.questions.values():
            assert (question.staged_at is not None) == (question.status in ("on_stage", "answered"))
            assert (question.answered_at is not None) == (question.status == "answered")

    @invariant()
    def each_audience_sees_what_it_may(self) -> None:
        ever_public = {q.text for history in self.histories.values() for q in history if q.status in views.VISIBLE}
        for key, said in self.said.items():
            view, _, person = key.partition(":")
            text = json.dumps(said)
            for history in self.histories.values():
                for question in history:
                    own = question.author == person and view == "public"
                    if view == "moderator":
                        assert question.text in text
                    elif own:
                        assert question.original in text
                    else:
                        assert question.text in ever_public or question.text not in text
                        assert question.original in ever_public or question.original not in text

    @invariant()
    def a_fresh_snapshot_is_the_projection_of_the_newest_versions(self) -> None:
        for view in views.VIEWS:
            shown = {id: views.shown(question.state(), view) for id, question in self.questions.items()}
            assert self.hub.state(SESSION, view, "stranger")["items"] == {id: item for id, item in shown.items() if item is not None}


QuestionLife.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestQuestionLife = QuestionLife.TestCase
