"""A question as a document: every field goes there and comes back."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime

from services.qa.documents import document_of, question_of
from services.qa.question import HeldBack, Logged, Past, Question

AT = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
QUESTION = Question(
    "q", "s", 3, "declined", "Text", "Original", "fr", "ada", "Ada", "remote", AT, AT, "claire",
    past=(Past("publish", {"status": "queued", "staged_at": None}),), held_back=HeldBack(AT, 2, "queued", "Text", "", "", None, AT),
    log=(Logged(2, AT, "publish", "queued", "published", "claire", "Claire", "moderator", note="n"),),
)  # fmt: skip


def test_a_document_has_every_field_as_a_deep_copy_would_have_it() -> None:
    expected = asdict(QUESTION)
    expected["_id"] = expected.pop("id")
    document = document_of(QUESTION)
    assert {**document, "past": tuple(document["past"]), "log": tuple(document["log"])} == expected


def test_a_question_comes_back_as_it_went() -> None:
    for question in (QUESTION, replace(QUESTION, held_back=None, past=(), log=())):
        assert question_of(document_of(question)) == question
