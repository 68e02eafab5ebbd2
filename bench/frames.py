"""What a page says first on the live feed."""

from __future__ import annotations

import json


def hello(token: str, session: str, view: str) -> str:
    """Of a page that knows nothing yet."""
    return json.dumps({"op": "hello", "v": 1, "pass": token, "session": session, "view": view, "epoch": None, "seq": None})
