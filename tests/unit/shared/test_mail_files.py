"""Mails as files: what fails leaves nothing behind, and what is kept of an address can be found and removed."""

from __future__ import annotations

import errno
import logging
import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from shared.errors import Unavailable
from shared.mail.files import FileMailer


def mail(to: str) -> EmailMessage:
    message = EmailMessage()
    message["To"] = to
    message["Subject"] = "Lien"
    message.set_content("Bonjour")
    return message


async def test_a_mail_that_the_disk_refuses_leaves_no_file_and_one_line_without_a_trace(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "rename", full)
    with caplog.at_level(logging.INFO, logger="tablee.mail"), pytest.raises(Unavailable):
        await FileMailer(tmp_path / "mail").send(mail("ada@example.org"))
    assert list((tmp_path / "mail").iterdir()) == []
    (line,) = caplog.records
    assert line.exc_info is None


async def test_the_mails_of_one_address_are_found_and_forgotten_alone(tmp_path: Path) -> None:
    mailer = FileMailer(tmp_path)
    for to in ("Ada <Ada@Example.org>", "bob@example.org", "ada@example.org"):
        await mailer.send(mail(to))
    assert len(await mailer.mails_to("ada@example.org")) == 2
    await mailer.forget("ada@example.org")
    assert await mailer.mails_to("ada@example.org") == []
    assert len(await mailer.mails_to("bob@example.org")) == 1
