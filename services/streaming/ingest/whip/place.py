"""Where media may come to, out of the settings. Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from shared.config import SettingError

EVERYWHERE: Final = ("", "0.0.0.0", "::")
LOCAL: Final = "localhost"


@dataclass(frozen=True, slots=True)
class Place:
    """`addresses`: those of this machine to listen on, all but loopback where none is given; `public`: what is written into answers in
    their stead, empty for the same; `ports`: first and last UDP port, (0, 0) for any."""

    addresses: tuple[str, ...] = ()
    public: str = ""
    ports: tuple[int, int] = (0, 0)


def place_of(host: str, public: str, ports: str) -> Place:
    """Raises SettingError."""
    if public and not _is_address(public):
        raise SettingError(f"TABLEE_WHIP_ADDRESS is {public!r}; it takes an IP address")
    listens = () if host in EVERYWHERE else ("127.0.0.1" if host == LOCAL else host,)
    return Place(listens, public, _ports(ports))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _ports(text: str) -> tuple[int, int]:
    if not text:
        return 0, 0
    found = re.fullmatch(r"(\d{1,5})-(\d{1,5})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]) <= 65_535:
        raise SettingError(f"TABLEE_WHIP_PORTS is {text!r}; it takes a first and a last port, as 40000-40049")
    return int(found[1]), int(found[2])
