"""The mail with the personal link: as text, as simple HTML, with the day for the calendar. Its words are in web/locales (`letter.*`).

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

from services.registration.programme.exports.wording import direction
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
    letter = _Letter(facts, catalogue)
    message = _headed(facts, letter.subject())
    message[LINK_HEADER] = facts.link
    message.set_content(letter.plain(), cte="quoted-printable")
    message.add_alternative(letter.html(), subtype="html", cte="quoted-printable")
    if facts.calendar:
        message.add_attachment(
            facts.calendar.encode(),
            maintype="text",
            subtype="calendar",
            filename=letter.text("file"),
            params={"method": calendar_method(facts.calendar), "charset": "utf-8"},
            cte="base64",
        )
    message["Content-Language"] = facts.language  # RFC 3282; last, for setting a content drops every such header
    return message


def calendar_method(calendar: str) -> str:
    """The one that the calendar itself names (RFC 6047, section 2.4)."""
    return "CANCEL" if "\nMETHOD:CANCEL" in calendar else "PUBLISH"


def compose_withdrawn(facts: MailFacts, catalogue: Catalogue) -> EmailMessage:
    """To somebody whose access was withdrawn and for whom a link was asked: none will come. Raises ValueError."""
    letter = _Letter(facts, catalogue)
    message = _headed(facts, letter.text("withdrawn.subject", event=_one_line(facts.event)[:MOST_SUBJECT_NAME]))
    lines = [letter.text("hello", name=facts.name), letter.text("withdrawn.why", event=facts.event), letter.text("withdrawn.what")]
    message.set_content("\n\n".join(lines) + "\n", cte="quoted-printable")
    message["Content-Language"] = facts.language
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


class _Letter:
    def __init__(self, facts: MailFacts, catalogue: Catalogue) -> None:
        self._facts, self._catalogue = facts, catalogue

    def text(self, key: str, **params: str) -> str:
        return self._catalogue.text(self._facts.language, f"letter.{key}", **params)

    def subject(self) -> str:
        """What does not take place says so before anything is opened."""
        key = f"subject.{self._facts.standing}"
        known = f"letter.{key}" in self._catalogue
        return self.text(key if known else "subject", event=_one_line(self._facts.event)[:MOST_SUBJECT_NAME])

    def plain(self) -> str:
        return "\n\n".join([*self._opening(), self._facts.link, *self._after_the_link()]) + "\n"

    def html(self) -> str:
        """No picture, no style sheet, nothing fetched from anywhere: the mail does not report that it was read."""
        facts = self._facts
        link, button = html.escape(facts.link), html.escape(self.text("button"))
        body = "".join(f"<p>{self._marked(one)}</p>\n" for one in self._opening())
        body += f'<p><a href="{link}">{button}</a><br>{link}</p>\n'
        body += "".join(f"<p>{self._marked(one)}</p>\n" for one in self._after_the_link())
        title, root = html.escape(self.subject()), f'<html lang="{facts.language}" dir="{direction(facts.language)}">'
        head = f'<!doctype html>\n{root}\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        return f"{head}<body>\n{body}</body>\n</html>\n"

    def _marked(self, text: str) -> str:
        """The words of the programme keep their own language and direction inside a sentence of another (HTML, section 4.5.24)."""
        facts, found = self._facts, html.escape(text)
        for words in {facts.event, facts.where} - {""} if facts.event_language != facts.language else ():
            own = f'<bdi lang="{html.escape(facts.event_language)}" dir="{direction(facts.event_language)}">{html.escape(words)}</bdi>'
            found = found.replace(html.escape(words), own)
        return found

    def _opening(self) -> list[str]:
        return [self.text("hello", name=self._facts.name), self.text("why", event=self._facts.event), self.text("press")]

    def _after_the_link(self) -> list[str]:
        """One paragraph each."""
        facts = self._facts
        found = [self.text("keep"), *([self.text(f"state.{facts.standing}")] if facts.standing else [])]
        if facts.when:
            found.append(self.text("when", when=facts.when))
        if facts.days:
            found.append(self.text("days", days=facts.days))
        if facts.lost_days:
            found.append(self.text("days.lost", days=facts.lost_days))
        if facts.where:
            found.append(self.text("where", where=facts.where))
        if not facts.standing and f"letter.{facts.door}" in self._catalogue:
            found.append(self.text(facts.door))
        if facts.image_choice is not None:
            found.append(f"{self.text(facts.image_choice)} {self.text('change')}")
        return [*found, self.text("not_you")]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _address(text: str) -> Address:
    """Raises ValueError."""
    name, address = parseaddr(text)
    if "@" not in address:
        raise ValueError("not an e-mail address")
    return Address(display_name=name, addr_spec=address)
