"""Mails: what they say, and how they leave, through a real SMTP server and as files."""

from __future__ import annotations

import asyncio
import email
import ipaddress
import logging
import re
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Final

import pytest
from aiosmtpd.smtp import SMTP as ServerProtocol
from aiosmtpd.smtp import Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.registration.people.mail import MailFacts, compose, compose_withdrawn
from shared.config import SettingError
from shared.errors import Invalid, Unavailable
from shared.log import JsonFormatter, TextFormatter
from shared.mail.files import FileMailer
from shared.mail.port import LINK_HEADER
from shared.mail.smtp import SmtpMailer, SmtpServer, read_smtp_url
from tests.services.registration.harness import FORM, SAME_SITE, RegistrationHarness, link_in
from tests.support.html_tree import tree_of
from tests.support.messages import MESSAGES

LINK = "http://tablee.test:8080/l/lnk_Yru4a2mi0wUvQae0fweUWIyx8kk"


def facts(**changes: Any) -> MailFacts:
    given: dict[str, Any] = {
        "to": "ada@example.org",
        "sender": "Tablée <tablee@example.org>",
        "name": "Élodie <Ada> & Cie",
        "event": "Assises « numériques »",
        "link": LINK,
        "door": "remote",
        "language": "fr",
        "image_choice": "refused",
        "when": "jeudi 3 juin 2021, 8\u202fh\u202f00",
        "where": "Grande salle",
        "calendar": "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n",
        "message_id": "<m1@example.org>",
        "sent_at": datetime(2021, 6, 1, 8, tzinfo=UTC),
        **changes,
    }
    return MailFacts(**given)


def read(message: EmailMessage | bytes) -> EmailMessage:
    raw = message if isinstance(message, bytes) else message.as_bytes()
    parsed = email.message_from_bytes(raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def kept_in(folder: Path) -> list[str]:
    return [str(read(path.read_bytes())["Message-ID"]) for path in sorted(folder.iterdir())]


def body_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("fr", "Votre lien personnel", ("Bonjour Élodie", "appuyez sur « Entrer »", "Vous suivez à distance", "vous refusez")),
        ("en", "Your personal link", ("Hello Élodie", "press “Join”", "taking part remotely", "you do not agree")),
    ],
)
def test_a_mail_says_what_the_link_is_in_the_persons_language(language: str, subject: str, words: tuple[str, ...]) -> None:
    message = read(compose(facts(language=language), MESSAGES))
    assert message["Subject"].startswith(subject)
    assert "Élodie" not in str(message["Subject"]), "a stranger's words stay out of the headers"
    text = body_of(message, "plain")
    for word in (*words, LINK, "Grande salle"):
        assert word in text
    assert f'<html lang="{language}" dir="ltr" ' in body_of(message, "html")


def test_the_html_part_escapes_what_people_wrote_and_fetches_nothing() -> None:
    html = body_of(read(compose(facts(), MESSAGES)), "html")
    assert "Élodie &lt;Ada&gt; &amp; Cie" in html
    assert f'href="{LINK}"' in html
    assert not [tag for tag in ("<img", "<link", "<style", "src=", "@import", "url(", "class=") if tag in html]


EVERY_MAIL: Final = [
    *(
        pytest.param(compose, {"standing": one, "when": ""}, LINK, id=one or "coming")
        for one in ("", "over", "cancelled", "postponed", "draft")
    ),
    pytest.param(compose, {"standing": "moved_online", "where": ""}, LINK, id="moved_online"),
    pytest.param(compose, {"days": "lundi · mardi (annulé)", "lost_days": "jeudi"}, LINK, id="days"),
    pytest.param(compose, {"event": "ملتقى القراءة", "event_language": "ar", "where": "مكتبة النيل"}, LINK, id="arabic"),
    pytest.param(compose_withdrawn, {"link": "", "site": "https://tablee.example.org/"}, "https://tablee.example.org/", id="withdrawn"),
]


@pytest.mark.parametrize("language", MESSAGES.languages)
@pytest.mark.parametrize(("write", "changes", "address"), EVERY_MAIL)
def test_every_mail_is_whole_as_text_and_has_one_button(write: Any, changes: dict[str, Any], address: str, language: str) -> None:
    message = read(write(facts(language=language, **changes), MESSAGES))
    kinds = [part.get_content_type() for part in message.walk() if not part.is_attachment()]
    assert kinds[-2:] == ["text/plain", "text/html"]
    tree, plain = tree_of(body_of(message, "html")), body_of(message, "plain")
    (button,) = tree.all("a")
    assert (button.attributes["href"], plain.count(address)) == (address, 1)
    (root,) = tree.all("html")
    assert (root.lang, root.dir) == (language, "ltr")
    assert "color-scheme:light dark" in root.attributes["style"]
    assert [one.attributes["lang"] for one in tree.all("bdi")].count("ar") == (3 if "event_language" in changes else 0)
    shown = next(tree.all("body")).text
    for paragraph in plain.split("\n\n"):
        assert " ".join(paragraph.split()) in shown, "what the one says, the other says"
    assert not re.search(r"\bletter\.", shown + plain)


def test_the_button_wears_the_organisers_colour() -> None:
    (button,) = tree_of(body_of(read(compose(facts(colours=("#7A1F3D", "#FFFFFF")), MESSAGES)), "html")).all("a")
    assert "background-color:#7A1F3D;color:#FFFFFF" in button.attributes["style"]


def test_the_calendar_is_attached_to_be_published_and_left_out_while_unknown() -> None:
    (attachment,) = read(compose(facts(), MESSAGES)).iter_attachments()
    assert attachment.get_content_type() == "text/calendar"
    assert attachment.get_param("method") == "PUBLISH"
    assert attachment.get_filename() == "calendrier.ics"
    assert list(read(compose(facts(calendar=""), MESSAGES)).iter_attachments()) == []


async def test_the_mail_of_a_registration_holds_link_and_day(harness: RegistrationHarness) -> None:
    await harness.client.post("/api/registration/registrations", json={**FORM, "door": "in_room"})
    (message,) = await harness.deliver_mails()
    received = read(message)
    assert received["To"] == "ada@example.org"
    text = body_of(received, "plain")
    assert "jeudi 3 juin 2021, 8\u202fh\u202f00" in text
    assert "Vous venez dans la salle" in text
    (attachment,) = received.iter_attachments()
    calendar = str(attachment.get_content()).replace("\r\n ", "").replace("\n ", "")
    assert "METHOD:PUBLISH" in calendar
    assert "/l/" not in calendar, "calendars are shared"
    assert str(message["Subject"]) in calendar, "it says which mail holds the link"
    assert (await harness.client.post(link_in(message), headers=SAME_SITE, allow_redirects=False)).status == 303


# --- SMTP -------------------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Inbox:
    """What a mail server received, and how it answers."""

    refuse_recipient: str = ""
    refuse_data: str = ""
    stall: asyncio.Event | None = None
    received: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _: ServerProtocol, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.refuse_recipient:
            return self.refuse_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: ServerProtocol, __: Session, envelope: Envelope) -> str:
        if self.stall is not None:
            await self.stall.wait()
        if self.refuse_data:
            return self.refuse_data
        assert isinstance(envelope.content, bytes)
        self.received.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
async def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def smtp(inbox: Inbox) -> AsyncIterator[SmtpServer]:
    server = await asyncio.get_running_loop().create_server(lambda: ServerProtocol(inbox, hostname="mx.test"), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield SmtpServer("127.0.0.1", port, tls=False)
    if inbox.stall is not None:
        inbox.stall.set()
    server.close()
    await server.wait_closed()


async def test_a_mail_reaches_an_smtp_server_whole_and_without_our_own_header(smtp: SmtpServer, inbox: Inbox) -> None:
    await SmtpMailer(smtp).send(compose(facts(), MESSAGES))
    assert inbox.recipients == ["ada@example.org"]
    received = read(inbox.received[0])
    assert LINK_HEADER not in received
    assert LINK in body_of(received, "plain")
    assert received["From"] == "Tablée <tablee@example.org>"
    (attachment,) = received.iter_attachments()
    assert str(attachment.get_content()).startswith("BEGIN:VCALENDAR")


async def test_a_server_that_offers_encryption_with_a_certificate_nobody_vouches_for_gets_no_mail(inbox: Inbox, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: ServerProtocol(inbox, hostname="mx.test", tls_context=context), "127.0.0.1", 0)
    async with server:
        with pytest.raises(Unavailable):
            await SmtpMailer(SmtpServer("127.0.0.1", server.sockets[0].getsockname()[1], tls=False)).send(compose(facts(), MESSAGES))
    assert inbox.received == [], "nothing went in clear either"


def _self_signed(folder: Path) -> Path:
    """Certificate and key in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "server.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path


@pytest.mark.parametrize(
    ("recipient", "data", "expected"),
    [
        ("550 no such mailbox", "", Invalid("mail.refused")),
        ("451 try later", "", Unavailable("mail.unavailable")),
        ("", "554 not wanted", Invalid("mail.refused")),
        ("", "452 no space", Unavailable("mail.unavailable")),
    ],
)
async def test_a_servers_no_for_good_is_told_from_a_no_for_now(
    smtp: SmtpServer, inbox: Inbox, recipient: str, data: str, expected: Exception
) -> None:
    inbox.refuse_recipient, inbox.refuse_data = recipient, data
    with pytest.raises(type(expected), match=str(expected)):
        await SmtpMailer(smtp).send(compose(facts(), MESSAGES))


async def test_a_server_that_stalls_costs_no_more_than_the_deadline(smtp: SmtpServer, inbox: Inbox) -> None:
    inbox.stall = asyncio.Event()
    with pytest.raises(Unavailable):
        await SmtpMailer(smtp, deadline=0.5).send(compose(facts(), MESSAGES))


async def test_a_server_that_is_away_is_unavailable_and_no_address_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="tablee")
    with pytest.raises(Unavailable):
        await SmtpMailer(SmtpServer("127.0.0.1", 1, tls=False)).send(compose(facts(), MESSAGES))
    assert caplog.records
    assert not [record for record in caplog.records if "ada@example.org" in str(record.__dict__)]


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", SmtpServer("mail.example.org", 25, False)),
        ("smtp://ada:p%40ss@mail.example.org:587", SmtpServer("mail.example.org", 587, False, "ada", "p@ss")),
        ("smtps://ada:x@mail.example.org", SmtpServer("mail.example.org", 465, True, "ada", "x")),
    ],
)
def test_the_address_of_the_mail_server_is_read(url: str, server: SmtpServer) -> None:
    assert read_smtp_url(url) == server
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://mail:port", "smtp://mail:99999"])
def test_a_bad_address_of_a_mail_server_is_one_clear_line(url: str) -> None:
    with pytest.raises(SettingError, match="SMTP_URL"):
        read_smtp_url(url)


# --- files ------------------------------------------------------------------------------------------------------------------
async def test_without_a_server_a_mail_is_a_file_only_the_owner_reads_and_its_link_is_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="tablee")
    folder = tmp_path / "mail"
    await FileMailer(folder).send(compose(facts(), MESSAGES))
    (path,) = folder.iterdir()
    assert path.suffix == ".eml"
    assert path.stat().st_mode & 0o077 == 0
    assert LINK in body_of(read(path.read_bytes()), "plain")
    for formatter in (TextFormatter(), JsonFormatter()):
        assert [LINK in formatter.format(record) for record in caplog.records] == [True], "it is how one gets in on a trial installation"


async def test_the_folder_of_mails_keeps_the_newest(tmp_path: Path) -> None:
    moments = iter(datetime(2021, 6, 1, 8, minute, tzinfo=UTC) for minute in range(10))
    mailer = FileMailer(tmp_path, most_files=3, clock=lambda: next(moments))
    for number in range(6):
        await mailer.send(compose(facts(message_id=f"<m{number}@example.org>"), MESSAGES))
    assert kept_in(tmp_path) == ["<m3@example.org>", "<m4@example.org>", "<m5@example.org>"]


async def test_a_disk_that_refuses_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    with pytest.raises(Unavailable):
        await FileMailer(tmp_path / "mail").send(compose(facts(), MESSAGES))
