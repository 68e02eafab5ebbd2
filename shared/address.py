"""The one check of an e-mail address, wherever somebody writes one: the form, the programme, the settings of an event."""

from __future__ import annotations

from typing import Final

from email_validator import EmailNotValidError, validate_email

MOST_CHARACTERS: Final = 254
"""RFC 5321, section 4.5.3.1.3, less the angle brackets."""


def carried(text: str) -> str:
    """The address as mail servers carry it: the domain in its ASCII form (RFC 5891), whatever script it was typed in.

    Raises ValueError for what no mail server takes, or ours cannot carry: a local part beyond ASCII needs SMTPUTF8 all along the way.
    """
    try:
        found = validate_email(text.strip(), allow_smtputf8=False, check_deliverability=False, globally_deliverable=False, strict=True)
    except EmailNotValidError:
        raise ValueError("not an e-mail address") from None
    # Names of an intranet (mail.local) are fine, a bare host is a slip of the pen.
    if found.ascii_email is None or "." not in found.ascii_domain or len(found.ascii_email) > MOST_CHARACTERS:
        raise ValueError("not an e-mail address")
    return found.ascii_email


def folded(text: str) -> str:
    """The key of an address: those that differ in case are one (in theory the part before @ may not be; in practice it is).

    Raises ValueError, see `carried`.
    """
    return carried(text).lower()
