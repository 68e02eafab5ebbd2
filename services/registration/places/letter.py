"""The mails about places: one waits, one is offered a place, one has it. Their words are in web/locales (`letter.place.*`).

Pure: facts in, message out. What must not be here: sending, tokens, the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

from services.registration.people.mail import Letter, MailFacts, one_line, written
from services.registration.people.mail_html import Button
from shared.events.vocabulary import Door, PlaceStanding
from shared.messages.catalogue import Catalogue

MOST_SUBJECT_NAME: Final = 120
"""Characters of the event's name in the subject."""


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """`days` in words, empty where the event has one; `rank`: the place in line of somebody who waits on one day, else None; `until`: a day
    and an hour in words, empty where nothing ends."""

    standing: PlaceStanding
    door: Door
    days: str = ""
    rank: int | None = None
    until: str = ""


def compose_place(facts: MailFacts, place: PlaceFacts, catalogue: Catalogue) -> EmailMessage:
    """Raises ValueError."""
    letter = _Place(facts, place, catalogue)
    message = written(facts, letter.subject(), letter.plain(), letter.html())
    message["Content-Language"] = facts.language
    return message


class _Place(Letter):
    """Its button is the personal link; opening it changes nothing, so that no mail scanner takes or declines an offer."""

    def __init__(self, facts: MailFacts, place: PlaceFacts, catalogue: Catalogue) -> None:
        super().__init__(facts, catalogue)
        self._place = place

    def subject(self) -> str:
        return self.text(f"place.{self._place.standing}.subject", event=one_line(self._facts.event)[:MOST_SUBJECT_NAME])

    def _button(self) -> Button:
        return Button(self._facts.link, self.text(f"place.{self._place.standing}.button"), *self._facts.colours)

    def _opening(self) -> list[str]:
        facts, place = self._facts, self._place
        found = [self.text("hello", name=facts.name), self.text(f"place.{place.standing}.{place.door}", event=facts.event)]
        if place.days:
            found.append(self.text("place.days", days=place.days))
        if place.rank is not None:
            found.append(self.text("place.rank", rank=str(place.rank)))
        if place.until:
            found.append(self.text("place.until", until=place.until))
        return found

    def _facts_told(self) -> list[str]:
        facts, place = self._facts, self._place
        known = (("when", facts.when), ("where", facts.where if place.door == "in_room" else ""))
        return [self.text(key, **{key: value}) for key, value in known if value] if place.standing != "waiting" else []

    def _small(self) -> list[str]:
        return [self.text(f"place.{self._place.standing}.small"), self.text("keep")]
