"""What stays of a question for everybody, and a ledger that points at nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from services.qa import domain
from services.qa.life import StepName
from services.qa.question import Actor, Command, Question
from services.qa.record import FEW, ledger, record, recorded
from services.qa.undo import UNDO_SECONDS
from shared.events.answer import AnswerRecorded
from shared.events.ledger import LedgerLine
from shared.events.vocabulary import Attendance

NOW: Final = datetime(2021, 6, 3, 12, tzinfo=UTC)
CLAIRE: Final = Actor("claire", "Claire", "staff", "moderator")
DORA: Final = Actor("dora", "Dora", "staff", "moderator")


def asked(door: Attendance = "remote", *, at: datetime = NOW, anonymous: bool = False, id: str = "q") -> Question:
    by = Actor("anne", "Anne", door)
    return domain.ask(id=id, session="s", text="Quand ?", language="fr", anonymous=anonymous, by=by, now=at).question


def moved(question: Question, step: StepName, *, by: Actor = CLAIRE, after: float = 60, **details: Any) -> Question:
    now = question.changed_at + timedelta(seconds=after)
    return domain.carry_out(question, Command(step, question.version, by, now, **details)).question


def answered(question: Question) -> Question:
    return moved(moved(moved(question, "publish"), "stage"), "answer")


def test_nothing_is_recorded_of_what_is_neither_answered_nor_promised() -> None:
    question = moved(asked(), "publish")
    assert record(question) == AnswerRecorded("q", "s", "gone")
    assert recorded(asked(), question) is None


@pytest.mark.parametrize("anonymous", [True, False])
def test_an_answered_question_keeps_its_moments_and_the_name_that_was_allowed(anonymous: bool) -> None:
    before = moved(moved(asked(anonymous=anonymous), "publish"), "stage")
    kept = recorded(before, moved(before, "answer"))
    assert kept is not None
    assert (kept.standing, kept.name, kept.author) == ("answered", "" if anonymous else "Anne", "anne")
    assert (kept.asked_at, kept.staged_at, kept.answered_at) == (
        "2021-06-03T12:00:00.000Z", "2021-06-03T12:02:00.000Z", "2021-06-03T12:03:00.000Z",
    )  # fmt: skip


def test_a_promise_is_kept_until_its_answer_and_a_draft_is_not_told() -> None:
    promised = moved(moved(asked(), "publish"), "defer", owner="La Région", due="2021-06-30")
    assert (record(promised).standing, record(promised).owner, record(promised).due) == ("deferred", "La Région", "2021-06-30")
    drafted = moved(promised, "write", text="En 2022.")
    assert recorded(promised, drafted) is None
    assert record(moved(drafted, "release", by=DORA)).answer == "En 2022."


def test_what_is_hidden_erased_or_undone_is_gone_and_a_leaver_loses_their_name() -> None:
    question = answered(asked())
    back = domain.take_back(question, expected_version=question.version, by=CLAIRE, now=NOW).question
    gone = recorded(question, back)
    assert gone is not None
    assert gone.standing == "gone"
    assert gone.text == ""
    left = record(domain.forget_author(question, NOW).question)
    assert (left.standing, left.author, left.name) == ("answered", "", "")
    erased = domain.erase(question, expected_version=question.version, by=CLAIRE, officer=True, now=NOW).question
    assert record(erased).standing == "gone"


def room(*doors: Attendance) -> list[Question]:
    return [asked(door, id=f"{place}") for place, door in enumerate(doors)]


def test_a_ledger_counts_states_reasons_and_the_median_wait() -> None:
    questions = [
        answered(asked()), moved(asked(), "publish", after=30), moved(asked(), "decline", after=300, reason="off_topic"),
        moved(moved(asked(), "publish"), "merge", into="x"), asked(),
    ]  # fmt: skip
    counted = ledger("s", questions, NOW + timedelta(hours=1))
    assert counted.whole == LedgerLine(asked=5, published=3, answered=1)
    assert (counted.waiting, counted.declined, counted.merged, counted.reasons) == (1, 1, 1, {"off_topic": 1})
    assert counted.wait_seconds == 60
    assert ledger("s", [asked()], NOW).wait_seconds is None


def test_a_slip_that_its_author_was_not_told_of_is_not_counted() -> None:
    question = moved(asked(), "decline", reason="off_topic")
    soon, later = (question.changed_at + timedelta(seconds=UNDO_SECONDS + more) for more in (-1, 1))
    assert (ledger("s", [question], soon).declined, ledger("s", [question], soon).waiting) == (0, 1)
    assert ledger("s", [question], soon).wait_seconds is None
    assert ledger("s", [question], later).declined == 1


@pytest.mark.parametrize(
    ("doors", "told"),
    [
        (["remote"] * FEW + ["in_room"] * FEW, {"in_room": FEW, "remote": FEW}),
        (["remote"] * 9 + ["in_room"] * 7 + ["hub"], {"in_room": None, "remote": 9, "hub": None}),
        (["remote"] * 9 + ["hub"], {"remote": None, "hub": None}),
        (["remote"] * 2, {"remote": None}),
    ],
)
def test_few_questions_by_a_door_are_not_counted_nor_told_by_subtraction(doors: Sequence[Attendance], told: dict[str, int | None]) -> None:
    counted = ledger("s", room(*doors), NOW)
    assert {door: line.asked for door, line in counted.doors.items()} == told
    assert counted.whole.asked == len(doors)


def test_no_text_no_name_and_no_person_is_in_a_ledger() -> None:
    named = [replace(asked(), author_name="Anne Zola"), moved(asked(), "decline", reason="off_topic", note="Chère Anne")]
    words = repr(ledger("s", named, NOW + timedelta(hours=1)))
    assert not [secret for secret in ("Anne", "anne", "Quand", "Claire", "claire") if secret in words]
