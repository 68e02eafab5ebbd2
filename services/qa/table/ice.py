"""By which servers the two ends of a call find each other: what is set, checked, and made into what browsers take (RTCIceServer). Pure.

Credentials that last for a time only are those of the TURN REST draft (draft-uberti-behave-turn-rest-00), as coturn checks them with
`use-auth-secret`: the user name is `<seconds since 1970 when it ends>:<anything>`, the password the HMAC-SHA1 of it, in base64.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

Json = dict[str, Any]

CREDENTIAL_SECONDS: Final = 6 * 3600
"""Longer than a round table: whoever is connected stays so after it, a reconnect asks anew."""
MOST_SERVERS: Final = 16
LEAST_SECRET: Final = 16

_ADDRESS: Final = re.compile(
    r"(?P<scheme>stuns?|turns?):(?:(?P<user>[^:@\s]+):(?P<password>[^:@\s]+)@)?"
    r"(?P<host>[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?(?:\?transport=(?P<transport>udp|tcp))?"
)


@dataclass(frozen=True, slots=True)
class IceServer:
    """`user` and `password` of a relay that has fixed ones."""

    url: str
    relay: bool
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class IcePlan:
    servers: tuple[IceServer, ...]
    secret: str = field(default="", repr=False)
    relay_only: bool = False

    def told(self, now: datetime, random: str) -> Json:
        """{"ice_servers": [RTCIceServer], "relay_only"}. `random` tells two credentials of the same second apart."""
        name = f"{int(now.timestamp()) + CREDENTIAL_SECONDS}:{random}"
        return {"ice_servers": [self._server(each, name) for each in self.servers], "relay_only": self.relay_only}

    def _server(self, server: IceServer, name: str) -> Json:
        if not server.relay:
            return {"urls": [server.url]}
        if server.user:
            return {"urls": [server.url], "username": server.user, "credential": server.password}
        return {"urls": [server.url], "username": name, "credential": password_of(self.secret, name)}


def password_of(secret: str, name: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()).decode()


def ice_plan(servers: str, secret: str, *, relay_only: bool) -> IcePlan:
    """From the settings. Raises ValueError, a line for the operator without a secret."""
    addresses = [each for each in re.split(r"[,\s]+", servers) if each]
    if len(addresses) > MOST_SERVERS:
        raise ValueError(f"TABLEE_ICE_SERVERS names more than {MOST_SERVERS} servers")
    if secret and len(secret) < LEAST_SECRET:
        raise ValueError(f"TABLEE_TURN_SECRET is shorter than {LEAST_SECRET} characters")
    plan = IcePlan(tuple(_server(place, each) for place, each in enumerate(addresses, start=1)), secret, relay_only)
    _require_whole(plan.servers, secret, relay_only)
    return plan


def _server(place: int, address: str) -> IceServer:
    """Addresses may hold a password: what is wrong is named by its place."""
    found = _ADDRESS.fullmatch(address)
    if found is None or not 0 < int(found["port"] or 3478) < 65_536:
        raise ValueError(
            f"server {place} of TABLEE_ICE_SERVERS is none; they look like stun:host:3478 or turn:user:password@host:3478?transport=tcp"
        )
    relay = found["scheme"].startswith("turn")
    if not relay and (found["user"] or found["transport"]):
        raise ValueError(f"server {place} of TABLEE_ICE_SERVERS: stun takes neither a user nor a transport")
    port = f":{found['port']}" if found["port"] else ""
    transport = f"?transport={found['transport']}" if found["transport"] else ""
    return IceServer(f"{found['scheme']}:{found['host']}{port}{transport}", relay, found["user"] or "", found["password"] or "")


def _require_whole(servers: Sequence[IceServer], secret: str, relay_only: bool) -> None:
    relays = [server for server in servers if server.relay]
    if any(not server.user for server in relays) and not secret:
        raise ValueError("a turn server of TABLEE_ICE_SERVERS has neither a user and a password nor TABLEE_TURN_SECRET")
    if secret and all(server.user for server in relays):
        raise ValueError("TABLEE_TURN_SECRET is for a turn server without a user, and TABLEE_ICE_SERVERS has none")
    if relay_only and not relays:
        raise ValueError("TABLEE_ICE_RELAY_ONLY=yes needs a turn server in TABLEE_ICE_SERVERS")
