"""Where the tests find the checkout and its example event."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
EXAMPLE: Final = ROOT / "examples" / "assises-2021"
WEB: Final = ROOT / "web"
VECTORS: Final = ROOT / "tests" / "vectors" / "feed"
