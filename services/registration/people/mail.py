"""The mail with the personal link: what it says, in French and in English, as text, as simple HTML, with the day for the calendar.

Pure: facts in, message out. What must not be here: sending, tokens, the store.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final

from shared.mail.port import LINK_HEADER

MOST_SUBJECT_NAME: Final = 120
"""Characters of the event's name in the subject."""


@dataclass(frozen=True, slots=True)
class MailFacts:
    """`when` and `where` as lines for people, empty while unknown; `calendar` an iCalendar text, empty to leave it out."""

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


_TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {
        "file": "calendrier.ics",
        "subject": "Votre lien personnel : {event}",
        "hello": "Bonjour {name},",
        "why": "Voici votre lien personnel pour « {event} ».",
        "press": "Ouvrez-le, puis appuyez sur « Entrer » : c’est ce qui confirme votre inscription.",
        "button": "Ouvrir mon lien personnel",
        "keep": (
            "Ce lien est à vous seul : il ouvre votre place sans mot de passe. Ne le transmettez pas. "
            "Il sert autant de fois que vous voulez."
        ),
        "when": "Quand : {when}",
        "where": "Où : {where}",
        "in_room": "Vous venez dans la salle. Le lien vous servira à poser vos questions depuis votre téléphone.",
        "remote": "Vous suivez à distance : le même lien ouvrira la retransmission et les questions.",
        "hub": "Vous accueillez une salle relais : le même lien ouvrira la retransmission et les questions de votre salle.",
        "granted": "Droit à l’image : vous acceptez d’être photographié ou filmé.",
        "refused": "Droit à l’image : vous refusez d’être photographié ou filmé.",
        "change": "Vous pourrez changer cela à votre place, à tout moment.",
        "not_you": "Vous n’avez rien demandé ? Ignorez ce message : sans votre « Entrer », aucune inscription n’est confirmée.",
    },
    "en": {
        "file": "calendar.ics",
        "subject": "Your personal link: {event}",
        "hello": "Hello {name},",
        "why": "Here is your personal link for “{event}”.",
        "press": "Open it, then press “Enter”: that is what confirms your registration.",
        "button": "Open my personal link",
        "keep": "This link is yours alone: it opens your place without a password. Do not pass it on. It works as often as you like.",
        "when": "When: {when}",
        "where": "Where: {where}",
        "in_room": "You are coming to the room. The link lets you ask your questions from your phone.",
        "remote": "You are following remotely: the same link opens the stream and the questions.",
        "hub": "You are hosting a local hub: the same link opens the stream and your hub’s questions.",
        "granted": "Image rights: you accept to be photographed or filmed.",
        "refused": "Image rights: you refuse to be photographed or filmed.",
        "change": "You can change this at your place at any time.",
        "not_you": "You asked for nothing? Ignore this message: without your “Enter”, no registration is confirmed.",
    },
}


def compose(facts: MailFacts) -> EmailMessage:
    """Raises ValueError when `sender` or `to` is no address."""
    texts = _TEXTS[facts.language]
    message = EmailMessage()
    # The name comes from a stranger's form: it stands in the body, never in a header.
    message["Subject"] = texts["subject"].format(event=_one_line(facts.event)[:MOST_SUBJECT_NAME])
    message["From"] = _address(facts.sender)
    message["To"] = _address(facts.to)
    message["Date"] = format_datetime(facts.sent_at)
    message["Message-ID"] = facts.message_id
    message["Auto-Submitted"] = "auto-generated"
    message[LINK_HEADER] = facts.link
    message.set_content(_text(facts, texts), cte="quoted-printable")
    message.add_alternative(_html(facts, texts), subtype="html", cte="quoted-printable")
    if facts.calendar:
        message.add_attachment(
            facts.calendar.encode(),
            maintype="text",
            subtype="calendar",
            filename=texts["file"],
            params={"method": "PUBLISH", "charset": "utf-8"},
            cte="base64",
        )
    return message


def _lines(facts: MailFacts, texts: Mapping[str, str]) -> list[str]:
    """What follows the link, one paragraph each."""
    found = [texts["keep"]]
    if facts.when:
        found.append(texts["when"].format(when=facts.when))
    if facts.where:
        found.append(texts["where"].format(where=facts.where))
    if facts.door in texts:
        found.append(texts[facts.door])
    if facts.image_choice is not None:
        found.append(f"{texts[facts.image_choice]} {texts['change']}")
    return [*found, texts["not_you"]]


def _text(facts: MailFacts, texts: Mapping[str, str]) -> str:
    head = [texts["hello"].format(name=facts.name), texts["why"].format(event=facts.event), texts["press"], facts.link]
    return "\n\n".join([*head, *_lines(facts, texts)]) + "\n"


def _html(facts: MailFacts, texts: Mapping[str, str]) -> str:
    """No picture, no style sheet, nothing fetched from anywhere: a mail that tells nobody that it was read."""

    def escaped(text: str) -> str:
        return html.escape(text)

    paragraphs = [texts["hello"].format(name=facts.name), texts["why"].format(event=facts.event), texts["press"]]
    body = "".join(f"<p>{escaped(one)}</p>\n" for one in paragraphs)
    body += f'<p><a href="{escaped(facts.link)}">{escaped(texts["button"])}</a><br>{escaped(facts.link)}</p>\n'
    body += "".join(f"<p>{escaped(one)}</p>\n" for one in _lines(facts, texts))
    title = escaped(texts["subject"].format(event=facts.event))
    head = f'<!doctype html>\n<html lang="{facts.language}">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
    return f"{head}<body>\n{body}</body>\n</html>\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _address(text: str) -> Address:
    """Raises ValueError."""
    name, address = parseaddr(text)
    if "@" not in address:
        raise ValueError("not an e-mail address")
    return Address(display_name=name, addr_spec=address)
