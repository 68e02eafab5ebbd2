"""Who may see a programme that is still a draft: whoever has the capability, by their browser's session or by their pass.

What must not be here: what is shown instead.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.registration.people.app import Registration
from services.registration.people.cookies import Cookies
from services.registration.programme.app import Publishing
from shared.auth import capabilities
from shared.auth.capabilities import Duty
from shared.errors import NotFound, Unauthenticated
from shared.service.ports import Ports

ACTION: Final = "programme.read_draft"


class Visibility:
    def __init__(self, ports: Ports, registration: Registration, publishing: Publishing, cookies: Cookies) -> None:
        self._ports = ports
        self._registration = registration
        self._publishing = publishing
        self._cookies = cookies

    def veils(self, duty: Duty | None) -> bool:
        """Whether the programme is kept from a caller with this duty; None: a stranger."""
        return self._publishing.is_draft and not (duty is not None and capabilities.may(duty, ACTION))

    async def require(self, request: web.Request) -> None:
        """Raises NotFound("registration.event_draft")."""
        if self._publishing.is_draft and self.veils(await self._duty(request)):
            raise NotFound("registration.event_draft")

    async def _duty(self, request: web.Request) -> Duty | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            if scheme.lower() == "bearer":
                holder = self._ports.verifier.verify(token.strip(), now=self._ports.clock())
                self._ports.revocations.check(holder)
                return holder.duty
            return (await self._registration.who_is(self._cookies.session_of(request))).person.duty
        except Unauthenticated:
            return None
