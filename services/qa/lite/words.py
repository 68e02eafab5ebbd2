"""What the pages say of a session, of a question and of a poll, in the reader's language. What must not be here: HTML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.clock import from_text
from shared.errors import DomainError
from shared.messages import dates
from shared.messages.catalogue import Catalogue
from shared.messages.typesetting import typeset

Json = dict[str, Any]
"""ITEM, MINE (services/qa/feed/projection.py), POLL (services/qa/feed/polls.py) or a session's facts (feed/aspects/session.py)."""

_LOOKED_AT_AGAIN: Final[Mapping[str, str]] = {"published": "mine.appeal.granted", "declined": "mine.appeal.refused"}


class Words:
    def __init__(self, messages: Catalogue, lang: str, zone: str) -> None:
        self.lang, self.languages = lang, messages.languages
        self._messages, self._zone = messages, zone

    def t(self, key: str, **params: Any) -> str:
        return self._messages.text(self.lang, key, **params)

    def tn(self, key: str, n: int, **params: Any) -> str:
        return self._messages.counted(self.lang, key, n, **params)

    def first(self, *keys: str) -> str:
        """The first of these that there is a text for."""
        return self.t(next((key for key in keys if key in self._messages), keys[-1]))

    def named(self, lang: str) -> str:
        """The name of a language in itself."""
        return self._messages.text(lang, "language.name")

    def why(self, error: DomainError) -> str:
        """A refusal, in the words of the fields it is about where it names some."""
        return " ".join(self._messages.sentences(each.code, each.params or {})[self.lang] for each in error.fields or (error,))

    # --- a session -----------------------------------------------------------------------------------------------------------------------
    def standing(self, facts: Json) -> str:
        """Where a session stands; empty while nothing is known."""
        if facts["removed"]:
            return self.t("standing.removed")
        progress, begins, ends = facts["progress"], facts["starts_at"], facts["ends_at"]
        if progress == "on":
            return self.t("standing.on.until", time=self._hour(ends)) if ends else self.t("standing.on")
        if progress == "upcoming" and begins:
            return self.t("lite.moved" if facts["moved"] else "lite.begins", moment=self.moment(begins))
        return self.t(f"standing.{progress}") if progress in ("over", "cancelled") else ""

    def _hour(self, instant: str) -> str:
        return dates.hour(self._messages, self.lang, from_text(instant).astimezone(ZoneInfo(self._zone)).time())

    def moment(self, instant: str) -> str:
        return dates.moment(self._messages, self.lang, from_text(instant), self._zone)

    def now(self, now: datetime) -> str:
        local = now.astimezone(ZoneInfo(self._zone))
        return f"{dates.hour(self._messages, self.lang, local.time())} ({dates.zone(self._messages, self.lang, self._zone)})"

    # --- a question ----------------------------------------------------------------------------------------------------------------------
    def by(self, item: Json) -> str:
        """The shown name, or the words for none, and the door."""
        name = item["author"] or self.t("question.hall" if item["for_hall"] else "question.anonymous")
        return self.t("question.by", name=name, door=self.t(f"door.{item['door']}"))

    def short(self, item: Json) -> str:
        """Where one's own question stands, in a word."""
        if item["status"] == "published" and item["cued_at"]:
            return self.t("mine.short.next")
        if item["status"] == "queued" and item["appealed"]:
            return self.t("mine.short.appealed")
        return self.first(f"mine.short.{item['status']}", "mine.short.other")

    def sentence(self, item: Json) -> str:
        """The same in a sentence, after a second look in two."""
        again = _LOOKED_AT_AGAIN.get(item["status"]) if item["appealed"] else None
        return f"{self.t(again)} {self._sentence(item)}" if again else self._sentence(item)

    def _sentence(self, item: Json) -> str:
        status, reason = item["status"], item["reason"]
        if status == "published":
            return self.t("mine.next") if item["cued_at"] else self.tn("mine.published", item["votes"])
        if status == "queued" and item["appealed"]:
            return self.t("mine.appealed")
        if status == "deferred":
            day = dates.day(self._messages, self.lang, date.fromisoformat(item["due"]))
            return self.t("mine.deferred", who=item["owner"], day=day)
        if status == "answered" and item["answer"]:
            return self.t("mine.answered.written")
        if status == "declined" and item["why"]:
            code = self.lang if self.lang in item["why"] else next(iter(item["why"]))
            return self.t("mine.declined.why", why=typeset(item["why"][code], code))
        return self.first(*([f"mine.{status}.{reason}"] if reason else []), f"mine.{status}", "mine.other")

    # --- a poll --------------------------------------------------------------------------------------------------------------------------
    def how(self, poll: Json) -> str:
        """How it is answered."""
        if poll["kind"] == "several":
            exactly = poll["least"] == poll["most"]
            return (
                self.tn("poll.how.exactly", poll["most"]) if exactly else self.t("poll.how.several", least=poll["least"], most=poll["most"])
            )
        return self.tn("poll.how.words", poll["most"]) if poll["kind"] == "words" else self.t(f"poll.how.{poll['kind']}")

    def end_of_scale(self, poll: Json, key: str) -> str:
        """What an end of a scale means."""
        label = poll["low_label"] if key == str(poll["least"]) else poll["high_label"] if key == str(poll["most"]) else ""
        return f" · {typeset(label, poll['language'])}" if poll["kind"] == "scale" and label else ""

    @staticmethod
    def set(text: str, language: str) -> str:
        return typeset(text, language)


def choices_of(poll: Json) -> list[tuple[str, str]]:
    """(key, text) of what may be chosen, in the poll's order."""
    if poll["kind"] == "scale":
        return [(str(number), str(number)) for number in range(poll["least"], poll["most"] + 1)]
    return [(option["id"], option["text"]) for option in poll["options"]]
