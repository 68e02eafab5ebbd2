"""The mails to many: an organiser's own words, a reminder, what moved. Their words are in web/locales (`letter.many.*`).

Pure: facts in, message out. What must not be here: sending, tokens, the store.
"""

from __future__ import annotations

from email.message import EmailMessage

from services.registration.mailings.domain import MailingKind, MailingWords
from services.registration.people.mail import MOST_SUBJECT_NAME, Letter, MailFacts, attach_calendar, one_line, written
from services.registration.people.mail_html import Button
from shared.mail.port import LINK_HEADER
from shared.messages.catalogue import Catalogue

PARAGRAPH = "\n\n"


def compose_many(facts: MailFacts, kind: MailingKind, words: MailingWords | None, organiser: str, catalogue: Catalogue) -> EmailMessage:
    """What moved brings the days anew, so that a calendar follows (RFC 5546: SEQUENCE, CANCEL). Raises ValueError."""
    letter = _Many(facts, kind, words, organiser, catalogue)
    message = written(facts, letter.subject(), letter.plain(), letter.html())
    message[LINK_HEADER] = facts.link
    if kind == "change" and facts.calendar:
        attach_calendar(message, facts.calendar, letter.text("file"))
    message["Content-Language"] = facts.language
    return message


def plain_text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


class _Many(Letter):
    def __init__(self, facts: MailFacts, kind: MailingKind, words: MailingWords | None, organiser: str, catalogue: Catalogue) -> None:
        super().__init__(facts, catalogue)
        self._kind, self._words, self._organiser = kind, words, organiser

    def subject(self) -> str:
        if self._words is not None:
            return self._words.subject
        if self._kind == "change" and self._facts.standing in ("cancelled", "postponed"):
            return super().subject()
        return self.text(f"many.{self._kind}.subject", event=one_line(self._facts.event)[:MOST_SUBJECT_NAME])

    def _button(self) -> Button:
        return Button(self._facts.link, self.text("many.button"), *self._facts.colours)

    def _opening(self) -> list[str]:
        hello = self.text("hello", name=self._facts.name)
        if self._words is not None:
            return [hello, *(part.strip() for part in self._words.text.split(PARAGRAPH) if part.strip())]
        return [hello, self.text(f"many.{self._kind}.why", event=self._facts.event)]

    def _facts_told(self) -> list[str]:
        if self._words is not None:
            return []
        found = super()._facts_told()
        return [*found, self.text("many.change.calendar")] if self._kind == "change" and self._facts.calendar else found

    def _small(self) -> list[str]:
        return [self.text("many.from", organiser=self._organiser, event=self._facts.event), self.text("keep")]
