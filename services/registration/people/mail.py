"""The mails of the platform, each as text that is whole by itself and as HTML with one button (`mail_html`); the one with the personal link
brings the days for the calendar. Their words are in web/locales (`letter.*`).

Pure: facts in, message out. What must not be here: sending, tokens, the store.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import format_datetime, parseaddr
from typing import Final

from services.registration.people.mail_html import Button, Sheet, page
from services.registration.programme.exports.wording import direction
from services.registration.programme.format.theme import DEFAULT_ACCENT
from shared.mail.port import LINK_HEADER
from shared.messages.catalogue import Catalogue

MOST_SUBJECT_NAME: Final = 120
"""Characters of the event's name in the subject."""


@dataclass(frozen=True, slots=True)
class MailFacts:
    """`when` and `where` as lines for people, empty while unknown; `calendar` an iCalendar text, empty to leave it out. `standing`: a word
    where the event does not simply take place (`over`, `cancelled`, `postponed`, `draft`, `moved_online`), else empty."""

    to: str
    sender: str
    name: str
    event: str
    link: str
    door: str
    language: str
    image_choice: str | None
    when: str
    where: str
    calendar: str
    message_id: str
    sent_at: datetime
    event_language: str = ""
    standing: str = ""
    days: str = ""
    """Of an event of several days those on which they come; `lost_days`: those they chose that the event has no more."""
    lost_days: str = ""
    headcount: int | None = None
    counted: bool = False
    """They have yet to take a place, and there are only so many."""
    site: str = ""
    """The public page of the event."""
    colours: tuple[str, str] = (DEFAULT_ACCENT, "#FFFFFF")
    """The organiser's accent and what reads on it, as `#RRGGBB`."""


class _OneRun(UnstructuredHeader, BaseHeader):
    """A text that is encoded as one run of encoded words (RFC 2047, section 2). The library encodes word by word and lets the blank between
    two of them fall between the encoded words, where readers must drop it (section 6.2)."""

    def fold(self, *, policy: Policy) -> str:
        text = str(self)
        charset = "us-ascii" if text.isascii() else "utf-8"
        encoded = Header(text, charset, header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {encoded}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("subject", _OneRun)
    return registry


_POLICY: Final = EmailPolicy(header_factory=_headers())


def compose(facts: MailFacts, catalogue: Catalogue) -> EmailMessage:
    """Raises ValueError when `sender` or `to` is no address."""
    letter = Letter(facts, catalogue)
    message = written(facts, letter.subject(), letter.plain(), letter.html())
    message[LINK_HEADER] = facts.link
    if facts.calendar:
        attach_calendar(message, facts.calendar, letter.text("file"))
    message["Content-Language"] = facts.language  # RFC 3282; last, for setting a content drops every such header
    return message


def attach_calendar(message: EmailMessage, calendar: str, file: str) -> None:
    message.add_attachment(
        calendar.encode(),
        maintype="text",
        subtype="calendar",
        filename=file,
        params={"method": calendar_method(calendar), "charset": "utf-8"},
        cte="base64",
    )


def calendar_method(calendar: str) -> str:
    """The one that the calendar itself names (RFC 6047, section 2.4)."""
    return "CANCEL" if "\nMETHOD:CANCEL" in calendar else "PUBLISH"


def compose_withdrawn(facts: MailFacts, catalogue: Catalogue) -> EmailMessage:
    """To somebody whose access was withdrawn and for whom a link was asked: none will come. Raises ValueError."""
    letter = _Withdrawal(facts, catalogue)
    message = written(facts, letter.subject(), letter.plain(), letter.html())
    message["Content-Language"] = facts.language
    return message


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """A question and what was answered to it in writing; `link` leads to where everybody reads it."""

    question: str
    answer: str
    link: str


def compose_answered(facts: MailFacts, told: AnswerFacts, catalogue: Catalogue) -> EmailMessage:
    """To whoever asked, once what they asked is answered after the session. Raises ValueError."""
    letter = _Answered(facts, told, catalogue)
    message = written(facts, letter.subject(), letter.plain(), letter.html())
    message["Content-Language"] = facts.language
    return message


def written(facts: MailFacts, subject: str, plain: str, html: str) -> EmailMessage:
    """Both parts say the same; the last is the one that mail programs prefer (RFC 2046, section 5.1.4)."""
    message = _headed(facts, subject)
    message.set_content(plain, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def _headed(facts: MailFacts, subject: str) -> EmailMessage:
    """The name comes from a stranger's form: it stands in the body, never in a header."""
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = subject
    message["From"] = _address(facts.sender)
    message["To"] = _address(facts.to)
    message["Date"] = format_datetime(facts.sent_at)
    message["Message-ID"] = facts.message_id
    message["Auto-Submitted"] = "auto-generated"
    return message


class Letter:
    """The mail with the personal link."""

    def __init__(self, facts: MailFacts, catalogue: Catalogue) -> None:
        self._facts, self._catalogue = facts, catalogue

    def text(self, key: str, **params: str) -> str:
        return self._catalogue.text(self._facts.language, f"letter.{key}", **params)

    def subject(self) -> str:
        """What does not take place says so before anything is opened."""
        key = f"subject.{self._facts.standing}"
        known = f"letter.{key}" in self._catalogue
        return self.text(key if known else "subject", event=one_line(self._facts.event)[:MOST_SUBJECT_NAME])

    def plain(self) -> str:
        return "\n\n".join([*self._opening(), self._button().address, *self._facts_told(), *self._small()]) + "\n"

    def html(self) -> str:
        facts = self._facts
        return page(
            Sheet(
                language=facts.language,
                direction=direction(facts.language),
                title=self.subject(),
                heading=self._own(facts.event),
                opening=[self._marked(one) for one in self._opening()],
                button=self._button(),
                instead=html.escape(self.text("instead")),
                facts=[self._marked(one) for one in self._facts_told()],
                small=[self._marked(one) for one in self._small()],
            )
        )

    def _marked(self, text: str) -> str:
        """The words of the programme keep their own language and direction inside a sentence of another (HTML, section 4.5.24)."""
        facts, found = self._facts, html.escape(text)
        for words in {facts.event, facts.where} - {""} if facts.event_language != facts.language else ():
            found = found.replace(html.escape(words), self._own(words))
        return found

    def _own(self, words: str) -> str:
        language, text = self._facts.event_language, html.escape(words)
        if not language or language == self._facts.language:
            return text
        return f'<bdi lang="{html.escape(language)}" dir="{direction(language)}">{text}</bdi>'

    def _button(self) -> Button:
        return Button(self._facts.link, self._button_words(), *self._facts.colours)

    def _button_words(self) -> str:
        return self.text("button")

    def _opening(self) -> list[str]:
        return [self.text("hello", name=self._facts.name), self.text("why", event=self._facts.event), self.text("press")]

    def _facts_told(self) -> list[str]:
        """What the person comes to, one paragraph each."""
        facts = self._facts
        found = [self.text(f"state.{facts.standing}")] if facts.standing else []
        for key, value in (("when", facts.when), ("days", facts.days), ("days.lost", facts.lost_days), ("where", facts.where)):
            if value:
                found.append(self.text(key, **{key.partition(".")[0]: value}))
        if not facts.standing and f"letter.{facts.door}" in self._catalogue:
            found.append(self.text("counted" if facts.counted else facts.door))
        if facts.headcount is not None:
            found.append(self._catalogue.counted(facts.language, "letter.headcount", facts.headcount))
        return found

    def _small(self) -> list[str]:
        image = [f"{self.text(self._facts.image_choice)} {self.text('change')}"] if self._facts.image_choice is not None else []
        return [*image, self.text("keep"), self.text("not_you")]


class _Withdrawal(Letter):
    """The mail that says that no link will come; its button leads to the public page."""

    def subject(self) -> str:
        return self.text("withdrawn.subject", event=one_line(self._facts.event)[:MOST_SUBJECT_NAME])

    def _button(self) -> Button:
        return Button(self._facts.site, self.text("withdrawn.button"), *self._facts.colours)

    def _opening(self) -> list[str]:
        facts = self._facts
        return [self.text("hello", name=facts.name), self.text("withdrawn.why", event=facts.event), self.text("withdrawn.what")]

    def _facts_told(self) -> list[str]:
        return []

    def _small(self) -> list[str]:
        return []


class _Answered(Letter):
    """The mail that brings an answer; its button leads to the public page of answers."""

    def __init__(self, facts: MailFacts, told: AnswerFacts, catalogue: Catalogue) -> None:
        super().__init__(facts, catalogue)
        self._told = told

    def subject(self) -> str:
        return self.text("answered.subject", event=one_line(self._facts.event)[:MOST_SUBJECT_NAME])

    def _button(self) -> Button:
        return Button(self._told.link, self.text("answered.button"), *self._facts.colours)

    def _opening(self) -> list[str]:
        facts, told = self._facts, self._told
        return [
            self.text("hello", name=facts.name), self.text("answered.why", event=facts.event),
            self.text("answered.question", question=told.question), self.text("answered.answer", answer=told.answer),
        ]  # fmt: skip

    def _facts_told(self) -> list[str]:
        return []

    def _small(self) -> list[str]:
        return [self.text("answered.once")]


def one_line(text: str) -> str:
    return " ".join(text.split())


def _address(text: str) -> Address:
    """Raises ValueError."""
    name, address = parseaddr(text)
    if "@" not in address:
        raise ValueError("not an e-mail address")
    return Address(display_name=name, addr_spec=address)
