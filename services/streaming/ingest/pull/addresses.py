"""Which addresses may be fetched from, so that nobody reaches through the platform what only it can reach. Pure: it resolves no names.

Public addresses may; of any other only the networks that the settings name. HLS may not: a playlist names further addresses, which nobody
would look at.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlsplit

PORTS: Final = {"rtsp": 554, "rtmp": 1935, "rtmps": 443, "srt": None}
"""Scheme → its usual port; None: it has none."""
MOST_CHARACTERS: Final = 1000
_PLAIN: Final = re.compile(r"[!#-&(-\[\]-~]+")
"""Printable ASCII but for blanks, quotes and backslashes: it stands in a list that ffmpeg reads."""

_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""An IPv4 address behind a translator (RFC 6052)."""
_LOCALLY_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b:1::/48")
"""RFC 8215."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class BadPullAddress(Exception):
    """It is no address that can be fetched from."""


@dataclass(frozen=True, slots=True)
class PullAddress:
    """`url` may hold a user name and a password."""

    url: str = field(repr=False)
    scheme: str
    host: str
    port: int


def read_address(text: str) -> PullAddress:
    """Raises BadPullAddress."""
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise BadPullAddress from None
    port = port or PORTS.get(parts.scheme)
    plain = len(text) <= MOST_CHARACTERS and _PLAIN.fullmatch(text) is not None
    calls = parts.scheme != "srt" or set(parse_qs(parts.query, keep_blank_values=True).get("mode", ["caller"])) == {"caller"}
    if not plain or not host or port is None or not calls or parts.scheme not in PORTS:
        raise BadPullAddress
    return PullAddress(text, parts.scheme, host, port)


def read_networks(text: str) -> tuple[Network, ...]:
    """Separated by commas. Raises ValueError."""
    return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())


def all_allowed(addresses: Iterable[str], networks: Sequence[Network]) -> bool:
    """Whether every address a name stands for may be fetched from; False of a name that stands for none."""
    found = [ipaddress.ip_address(one.partition("%")[0]) for one in addresses]
    return bool(found) and all(_allowed(one, networks) for one in found)


def _allowed(address: ipaddress.IPv4Address | ipaddress.IPv6Address, networks: Sequence[Network]) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        within = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _TRANSLATED:
            within = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return _allowed(within, networks)
    public = address.is_global and not address.is_multicast and address not in _LOCALLY_TRANSLATED
    return public or any(address in one for one in networks if one.version == address.version)
