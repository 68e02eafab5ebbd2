"""A message to many: to whom, what it says, how far it is. Pure.

What must not be here: people themselves, sending, the store, HTTP.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from services.registration.programme.open_days import EventDay
from shared.errors import Conflict, FieldError, Invalid
from shared.events.vocabulary import DOORS
from shared.text import Unmendable, tidy, tidy_lines

MailingKind = Literal["words", "reminder", "change"]
"""An organiser's own words; what begins soon; what is otherwise than it was told."""
MailingState = Literal["running", "paused", "stopped", "done"]
KINDS: Final[tuple[MailingKind, ...]] = get_args(MailingKind)
MOST_SUBJECT: Final = 150
MOST_WORDS: Final = 5_000
MOST_SEARCH: Final = 100
LEAVING: Final = timedelta(minutes=2)
"""A mail that has been on its way for longer than this was cut off by the end of its process: nobody knows whether it left."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Of those who are confirmed: the ones who come by `door`, on `day`, to `session`, whose name holds `search`; empty: all."""

    door: str = ""
    day: str = ""
    session: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class MailingWords:
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Mailing:
    """`words` by language, for the kind of that name alone; `total`: how many there were when it began."""

    id: str
    event: str
    kind: MailingKind
    audience: Audience
    state: MailingState
    made_at: datetime
    made_by: str
    total: int
    words: Mapping[str, MailingWords] = field(default_factory=dict)

    def said_in(self, language: str) -> MailingWords:
        """In a person's language where it was written, else in the first that was."""
        return self.words.get(language) or next(iter(self.words.values()))


@dataclass(frozen=True, slots=True)
class MailingProgress:
    """`unsure`: mails that were on their way when their process ended: they are not sent again by themselves."""

    sent: int = 0
    refused: int = 0
    unsure: int = 0


def check_audience(audience: Audience, days: Collection[str], sessions: Collection[str]) -> None:
    """Raises Invalid("registration.mailing")."""
    known = (("door", audience.door, DOORS), ("day", audience.day, days), ("session", audience.session, sessions))
    wrong = [FieldError(path, "registration.mailing_audience") for path, value, allowed in known if value and value not in allowed]
    if len(audience.search) > MOST_SEARCH:
        wrong.append(FieldError("search", "field.too_long", {"most": MOST_SEARCH}))
    if wrong:
        raise Invalid("registration.mailing", fields=wrong)


def check_words(given: Mapping[str, MailingWords], languages: Sequence[str]) -> dict[str, MailingWords]:
    """Tidy, those that were left empty taken out. Raises Invalid("registration.mailing")."""
    found: list[FieldError] = []
    kept: dict[str, MailingWords] = {}
    for language in languages:
        one = given.get(language, MailingWords("", ""))
        if not one.subject.strip() and not one.text.strip():
            continue
        subject, wrong = _tidied(f"subject_{language}", one.subject, MOST_SUBJECT, lines=False)
        text, also = _tidied(f"text_{language}", one.text, MOST_WORDS, lines=True)
        kept[language] = MailingWords(subject, text)
        found += [*wrong, *also]
    found += [FieldError("language", "registration.language_required") for language in given if language not in languages]
    if not kept and not found:
        found.append(FieldError(f"subject_{languages[0]}", "registration.mailing_empty"))
    if found:
        raise Invalid("registration.mailing", fields=found)
    return kept


def _tidied(path: str, text: str, most: int, *, lines: bool) -> tuple[str, list[FieldError]]:
    try:
        value = tidy_lines(text) if lines else tidy(text)
    except Unmendable:
        return "", [FieldError(path, "registration.answer_characters")]
    if not value or (not lines and "\n" in value):
        return "", [FieldError(path, "registration.mailing_empty")]
    return value, [FieldError(path, "field.too_long", {"most": most})] if len(value) > most else []


def pause(mailing: Mailing) -> Mailing:
    """Raises Conflict("registration.mailing_over")."""
    return replace(_going(mailing), state="paused")


def resume(mailing: Mailing) -> Mailing:
    """What had ended, too: whoever has it is not sent it again. Raises Conflict("registration.mailing_over") once it was stopped."""
    if mailing.state == "stopped":
        raise Conflict("registration.mailing_over")
    return replace(mailing, state="running")


def stop(mailing: Mailing) -> Mailing:
    """For good. Raises Conflict("registration.mailing_over")."""
    return replace(_going(mailing), state="stopped")


def _going(mailing: Mailing) -> Mailing:
    if mailing.state not in ("running", "paused"):
        raise Conflict("registration.mailing_over")
    return mailing


def reminders_due(days: Sequence[EventDay], minutes_before: Sequence[int], now: datetime) -> list[tuple[str, str, datetime]]:
    """(its id, the day, since when it is due): those whose moment has come and whose day has not begun."""
    found = []
    for day in days:
        for minutes in minutes_before:
            if day.off or day.starts_at is None:
                continue
            due = day.starts_at - timedelta(minutes=minutes)
            if due <= now < day.starts_at:
                found.append((f"reminder:{day.id}:{minutes}", day.id, due))
    return found


def moved(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Which facts are otherwise than they were told: their names, in the order of `after`, then those that are gone."""
    changed = [name for name, value in after.items() if before.get(name) != value]
    return (*changed, *(name for name in before if name not in after))
