"""What people agree to before they come to the table: its words are in web/locales (`table.consent`), its version is here. Pure."""

from __future__ import annotations

from typing import Final

CONSENT_VERSION: Final = "2026-11"
"""Another one whenever the words change: a test holds the two together."""
CONSENT_KEY: Final = "table.consent"
