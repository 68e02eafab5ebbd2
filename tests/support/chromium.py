"""How Chromium is started for tests: without what it would do of its own accord, as on a machine without a screen."""

from __future__ import annotations

from typing import Final

ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
