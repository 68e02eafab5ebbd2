"""The answers of the registration form: what may stand in each. Nothing is ticked beforehand: a choice not made is refused.

Pure. What must not be here: HTTP, what becomes of the answers.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from services.registration.people.domain import DOORS, IMAGE_CHOICES, LANGUAGES
from shared.errors import FieldError, Invalid

MOST_NAME: Final = 120
MOST_EMAIL: Final = 254
"""RFC 5321, section 4.5.3.1.3, less the angle brackets."""
_EMAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}")
"""What HTML calls a valid e-mail address, with a dot in the domain. Whether it exists, the mail will tell."""


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody wrote, untrusted."""

    name: str
    email: str
    door: str
    language: str
    image_rights: str


def fold_email(text: str) -> str:
    """Addresses that differ in case are one person (in theory the part before @ may not be; in practice it is)."""
    return text.strip().lower()


def check_form(form: Form) -> None:
    """Raises Invalid("registration.form") naming every refused field."""
    found = [*_check_name(form.name), *_check_email(form.email)]
    choices = (("door", form.door, DOORS), ("language", form.language, LANGUAGES), ("image_rights", form.image_rights, IMAGE_CHOICES))
    for path, value, allowed in choices:
        if value not in allowed:
            found.append(FieldError(path, f"registration.{path}_required"))
    if found:
        raise Invalid("registration.form", fields=found)


def check_email(email: str) -> None:
    """Raises Invalid("registration.form")."""
    found = _check_email(email)
    if found:
        raise Invalid("registration.form", fields=found)


def clean_name(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _check_name(name: str) -> list[FieldError]:
    if not name.strip():
        return [FieldError("name", "registration.name_required")]
    if len(name) > MOST_NAME:
        return [FieldError("name", "field.too_long", {"most": MOST_NAME})]
    if not _is_plain(name):
        return [FieldError("name", "registration.name_characters")]
    if "://" in name or "www." in name.lower():
        return [FieldError("name", "registration.name_address")]  # the mail greets by name: it must not carry a stranger's advertising
    return []


def _is_plain(text: str) -> bool:
    """No control, format (invisible, direction-changing), surrogate or private character. ZWJ and ZWNJ belong to real names."""
    return all(one in "\u200c\u200d" or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for one in text)


def _check_email(email: str) -> list[FieldError]:
    text = email.strip()
    if not text:
        return [FieldError("email", "registration.email_required")]
    if len(text) > MOST_EMAIL:
        return [FieldError("email", "field.too_long", {"most": MOST_EMAIL})]
    if not _EMAIL.fullmatch(text):
        return [FieldError("email", "registration.email_form")]
    return []
