"""Codes that an operator types: six digits of an app (TOTP, RFC 6238), or one of those on paper. Pure but for `Secrets`, which derives: the
secret of an app is kept nowhere, and neither are the codes on paper."""

from __future__ import annotations

import base64
import secrets as chance
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import pyotp

from services.registration.people.credentials import HALL_SIGNS
from shared.auth.keys import Secrets

STEP_SECONDS: Final = 30
DRIFT: Final = 1
"""Steps that the clock of a phone may be off."""
DIGITS: Final = 6
SPARE_CODES: Final = 10
SPARE_CHARACTERS: Final = 12
SPARE_GROUP: Final = 4


def app_secret(secrets: Secrets, person: str, number: int) -> str:
    """In base 32, as apps take it."""
    return base64.b32encode(secrets.derived(f"app:{person}:{number}")).decode()


def app_address(secret: str, name: str, issuer: str) -> str:
    """What an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """Of which step the code is, None where it is none of now."""
    code, step = tidied(typed), int(now.timestamp()) // STEP_SECONDS
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    totp = pyotp.TOTP(secret)
    near = [one for one in range(step - DRIFT, step + DRIFT + 1) if pyotp.utils.strings_equal(totp.generate_otp(one), code)]
    return near[-1] if near else None


def new_spare_codes() -> list[str]:
    """For paper, in groups: about 52 bits each."""
    made = ["".join(chance.choice(HALL_SIGNS) for _ in range(SPARE_CHARACTERS)) for _ in range(SPARE_CODES)]
    return ["-".join(one[at : at + SPARE_GROUP] for at in range(0, SPARE_CHARACTERS, SPARE_GROUP)) for one in made]


def spare_proofs(secrets: Secrets, person: str, codes: Sequence[str]) -> tuple[str, ...]:
    """What is kept of them: nothing that they could be guessed from without the keys of the installation."""
    return tuple(secrets.proof(f"spare:{person}:{tidied(code)}") for code in codes)


def is_spare(typed: str) -> bool:
    return len(tidied(typed)) == SPARE_CHARACTERS


def tidied(typed: str) -> str:
    """As people type it: with blanks and hyphens, in small letters."""
    return "".join(sign for sign in typed.upper() if sign not in " -\u00a0\u202f")
