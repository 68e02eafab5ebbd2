"""How often one client address may come, per endpoint. A town hall, a school or a company is one address."""

from __future__ import annotations

from typing import Final

from shared.service.route import RateLimit

LOOKING: Final = RateLimit(600, 60)
"""Views of one page."""
ENTERING: Final = RateLimit(600, 60)
"""Attempts at a personal link: a hall that is asked to connect does so within a minute. Guessing is hopeless at any pace (160 bits)."""
MISTYPING: Final = RateLimit(60, 600)
"""Hall codes that open nothing, of one address: a hall of 200 that types from the screen errs often, and whoever guesses has a chance of
one in a million for each of these."""
SIGNING_IN: Final = RateLimit(60, 600)
"""Proofs of operators of one address; wrong codes are counted for each of them besides."""
REGISTERING: Final = RateLimit(600, 3600)
"""A hall that fills in the form before the first session. What one mailbox receives is bounded by itself, whoever asks."""
ASKING_FOR_LINK: Final = RateLimit(600, 3600)
CHANGING: Final = RateLimit(600, 60)
PASSES: Final = RateLimit(600, 60)
"""A hall of some hundred phones behind one address renews each pass every few minutes."""
IMPORTS: Final = RateLimit(30, 60)
MAILING: Final = RateLimit(60, 60)
"""Messages to many, begun, paused or resumed."""
TEST_MAILS: Final = RateLimit(20, 3600)
"""Mails to an address that an operator types."""
REVOCATIONS: Final = RateLimit(120, 60)
LISTING: Final = RateLimit(120, 60)
"""Pages of the list of people."""
GATHERING: Final = RateLimit(120, 60)
"""Asking every service what it keeps of a person."""
