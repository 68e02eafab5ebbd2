"""Passkeys (WebAuthn): what a browser is asked, and whether what it answers is true.

What must not be here: whose they are, storage.
"""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.registration.staff.domain import Passkey
from shared.errors import Unauthenticated

MOST_ANSWER: Final = 20_000
"""Characters of what a browser answers."""
VERIFIED: Final = UserVerificationRequirement.REQUIRED
"""The device asks its holder for a finger, a face or a PIN: the link alone and the device alone open nothing."""


@dataclass(frozen=True, slots=True)
class Attested:
    id: str
    data: str
    count: int


@dataclass(frozen=True, slots=True)
class Asserted:
    id: str
    count: int


class Passkeys:
    """`origin`: of the pages; passkeys are bound to its host, and browsers know none for addresses without a name."""

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        host = parts.hostname or ""
        self.possible = not _is_address(host) and (parts.scheme == "https" or host == "localhost" or host.endswith(".localhost"))
        self._server = Fido2Server(PublicKeyCredentialRpEntity(name=host, id=host), verify_origin=lambda found: found == origin)

    def asked_to_make(self, challenge: str, person: str, name: str, known: Sequence[Passkey]) -> dict[str, Any]:
        """PublicKeyCredentialCreationOptionsJSON (WebAuthn 3, section 5.1.8)."""
        user = PublicKeyCredentialUserEntity(id=person.encode(), name=name, display_name=name)
        options, _ = self._server.register_begin(
            user,
            [_credential(one) for one in known],
            resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
            user_verification=VERIFIED,
            challenge=websafe_decode(challenge),
        )
        return _plain(options.public_key)

    def asked_to_show(self, challenge: str, known: Sequence[Passkey]) -> dict[str, Any]:
        """PublicKeyCredentialRequestOptionsJSON."""
        options, _ = self._server.authenticate_begin(
            [_credential(one) for one in known], user_verification=VERIFIED, challenge=websafe_decode(challenge)
        )
        return _plain(options.public_key)

    def made(self, answer: str) -> tuple[str, Attested]:
        """(the challenge it answers, the new passkey). Raises Unauthenticated("registration.login_wrong")."""
        try:
            response = RegistrationResponse.from_dict(_parsed(answer))
            challenge = response.response.client_data.challenge
            found = self._server.register_complete(_state(challenge), response)
        except Exception as error:  # whatever the bytes of a stranger make the library raise
            raise Unauthenticated("registration.login_wrong") from error
        data = found.credential_data
        if data is None:
            raise Unauthenticated("registration.login_wrong")
        return websafe_encode(challenge), Attested(
            websafe_encode(data.credential_id), base64.b64encode(bytes(data)).decode(), found.counter
        )

    def shown(self, answer: str, known: Sequence[Passkey]) -> tuple[str, Asserted]:
        """(the challenge it answers, which passkey it was). Raises Unauthenticated("registration.login_wrong")."""
        try:
            response = AuthenticationResponse.from_dict(_parsed(answer))
            challenge = response.response.client_data.challenge
            found = self._server.authenticate_complete(_state(challenge), [_credential(one) for one in known], response)
        except Exception as error:  # as above
            raise Unauthenticated("registration.login_wrong") from error
        return websafe_encode(challenge), Asserted(websafe_encode(found.credential_id), response.response.authenticator_data.counter)


def _state(challenge: bytes) -> dict[str, Any]:
    """What the library compares with: that the challenge is one of ours, and counts once, is the domain's matter."""
    return {"challenge": websafe_encode(challenge), "user_verification": VERIFIED}


def _credential(passkey: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(base64.b64decode(passkey.data))


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > MOST_ANSWER:
        raise ValueError("too long")
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise TypeError("not an object")
    return found


def _plain(options: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(options)))
    return plain


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
