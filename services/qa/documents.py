"""A question as a document of the store, and back. A field that came later than the document has its default."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from services.qa.question import HeldBack, Logged, Past, Question
from shared.storage.port import Document

_FIELDS: Final = tuple(field.name for field in fields(Question) if field.name != "id")
_HELD: Final = tuple(field.name for field in fields(HeldBack))
_LOGGED: Final = tuple(field.name for field in fields(Logged))


def document_of(question: Question) -> Document:
    """Field by field: `dataclasses.asdict` copies every value deeply, and 200 questions in one group held everybody else up meanwhile."""
    document: dict[str, Any] = {name: getattr(question, name) for name in _FIELDS}
    document["_id"] = question.id
    document["past"] = [{"step": past.step, "was": dict(past.was)} for past in question.past]
    document["held_back"] = None if question.held_back is None else _flat(question.held_back, _HELD)
    document["log"] = [_flat(entry, _LOGGED) for entry in question.log]
    return document


def _flat(value: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def question_of(document: Document) -> Question:
    values: dict[str, Any] = {name: document[name] for name in _FIELDS if name in document}
    values["past"] = tuple(Past(**past) for past in document.get("past", ()))
    held = document.get("held_back")
    values["held_back"] = None if held is None else HeldBack(**held)
    values["log"] = tuple(Logged(**entry) for entry in document.get("log", ()))
    return Question(id=document["_id"], **values)
