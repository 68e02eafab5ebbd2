"""The subject of a mail, as the clients of people decode it: nothing of it is lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message

import pytest
from aiosmtplib.email import flatten_message

from services.registration.people.mail import MailFacts, compose
from tests.support.messages import MESSAGES

NAMES = [
    "Assises de la Cohésion Numérique et Territoriale, édition spéciale « été »",
    "é " * 40,
    "数字凝聚力 与 地域会议",
    "Plain words",
    "Ünïcödé at the end only, after many plain words, é",
]


def facts(event: str) -> MailFacts:
    return MailFacts(
        to="ada@example.org", sender="Tablée <tablee@example.org>", name="Ada", event=event,
        link="https://t.example/l/x", door="remote",
        language="fr", image_choice=None, when="", where="", calendar="", message_id="<1@t.example>",
        sent_at=datetime(2021, 6, 3, tzinfo=UTC),
    )  # fmt: skip


def raw_decoded(raw: bytes) -> str:
    """As older clients do it: unfold (RFC 5322, section 2.2.3), then decode the encoded words one after the other (RFC 2047)."""
    message: Message = message_from_bytes(raw)
    return str(make_header(decode_header(message["Subject"].replace("\r\n ", " ").replace("\n ", " "))))


@pytest.mark.parametrize("name", NAMES)
def test_every_blank_of_a_subject_arrives_whoever_decodes_it(name: str) -> None:
    message = compose(facts(name), MESSAGES)
    wanted = MESSAGES.text("fr", "letter.subject", event=" ".join(name.split())[:120])
    for raw in (message.as_bytes(policy=policy.SMTP), flatten_message(message), bytes(message)):
        assert message_from_bytes(raw, policy=policy.default)["Subject"] == wanted
        assert raw_decoded(raw) == wanted
        words = raw.split(b"\nTo:")[0]
        assert all(len(line) <= 78 for line in words.splitlines() if line.startswith((b"Subject", b" =?")))
