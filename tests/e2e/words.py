"""The sentences a page shows, from the catalogues the pages themselves read."""

from __future__ import annotations

import json
from typing import Final

from tests.support.paths import WEB

LOCALES: Final = WEB / "locales"


class Words:
    """`words("mine.queued")` is that sentence in one language, `{name}` filled in from the keywords. Raises KeyError."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._sentences: dict[str, str] = {}
        for file in sorted((LOCALES / lang).glob("*.json")):
            self._sentences |= json.loads(file.read_text("utf-8"))

    def __call__(self, key: str, **params: object) -> str:
        return self._sentences[key].format(**params)
