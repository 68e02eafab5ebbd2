"""A question as a document of the store, and back. A field that came later than the document has its default."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any, Final

from services.qa.question import HeldBack, Logged, Past, Question
from shared.storage.port import Document

_FIELDS: Final = tuple(field.name for field in fields(Question) if field.name != "id")


def document_of(question: Question) -> Document:
    document = asdict(question)
    document["_id"] = document.pop("id")
    return document


def question_of(document: Document) -> Question:
    values: dict[str, Any] = {name: document[name] for name in _FIELDS if name in document}
    values["past"] = tuple(Past(**past) for past in document.get("past", ()))
    held = document.get("held_back")
    values["held_back"] = None if held is None else HeldBack(**held)
    values["log"] = tuple(Logged(**entry) for entry in document.get("log", ()))
    return Question(id=document["_id"], **values)
