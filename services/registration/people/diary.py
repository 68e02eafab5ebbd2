"""What somebody's registration comes to as the event stands: the days on which they are expected, in words and for their calendar.

What must not be here: HTTP, sending, changing anything.
"""

from __future__ import annotations

from datetime import datetime

from services.registration.people.domain import Person
from services.registration.people.draft import Draft
from services.registration.programme.app import Publishing
from services.registration.programme.open_days import EventDay, coming, lost
from shared.messages import dates
from shared.messages.catalogue import Catalogue

BETWEEN = " · "
"""Between days: their names hold commas in some languages and not in others."""


def own_calendar(publishing: Publishing, messages: Catalogue, person: Person | Draft, now: datetime) -> str:
    """Their days as iCalendar; empty while no date is known or none of their days is left."""
    language, days = person.language, coming(person.days, person.door, publishing.open_days(now))
    subject = messages.text(language, "letter.subject", event=publishing.event_name)
    return publishing.personal_calendar(
        now,
        [day.date for day in days],
        door=person.door,
        hint=messages.text(language, "letter.calendar.hint", subject=subject),
        join=messages.text(language, "letter.calendar.join"),
    )


def begins_at(publishing: Publishing, person: Person | Draft, now: datetime) -> datetime | None:
    """When the next of their days begins; the first start of the event where none of theirs is to come."""
    mine = coming(person.days, person.door, publishing.open_days(now))
    return next((day.starts_at for day in mine if not day.off and day.starts_at), publishing.state(now).starts_at)


def days_in_words(publishing: Publishing, messages: Catalogue, person: Person | Draft, now: datetime) -> tuple[str, str]:
    """Their days, those that are cancelled marked, and the days they chose that are gone: each empty where there is nothing to say."""
    days, language = publishing.open_days(now), person.language
    mine = [_in_words(messages, language, day) for day in coming(person.days, person.door, days)] if len(days) > 1 else []
    gone = [dates.named_day(messages, language, id) for id in lost(person.days, days)]
    return BETWEEN.join(mine), BETWEEN.join(gone)


def _in_words(messages: Catalogue, language: str, day: EventDay) -> str:
    text = dates.day(messages, language, day.date)
    return messages.text(language, "days.cancelled", day=text) if day.off == "cancelled" else text
