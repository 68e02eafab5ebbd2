"""The words of the installation, as the services get them. Read once per test process."""

from __future__ import annotations

from typing import Final

from shared.messages.catalogue import Catalogue, load_catalogue

MESSAGES: Final[Catalogue] = load_catalogue()
