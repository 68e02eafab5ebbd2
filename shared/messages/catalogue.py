"""The catalogue: language × key → text, read once at the start from web/locales/<language>/*.json.

A language is a folder, named by its code (ISO 639-1); its files hold flat objects of dotted keys. An error's key is its code. A text that
depends on a number has one key per plural category of its language (Unicode CLDR): `questions.one`, `questions.other`, and `questions.zero`
where zero reads better in words of its own. A text that a language lacks is shown in French, and `missing` names it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import format_decimal

LOCALES: Final = Path(__file__).resolve().parents[2] / "web" / "locales"
DEFAULT_LANGUAGE: Final = "fr"
UNKNOWN: Final = "internal.error"
"""Shown for a code that has no sentence: a defect that a test finds. A bare code or the text of an exception never reaches a person."""
COUNT: Final = "count"
"""The parameter of an error that chooses its plural form."""
PLURALS: Final = ("zero", "one", "two", "few", "many", "other")

log = logging.getLogger("tablee.messages")


class Catalogue:
    """`words`: language → key → text, `{name}` where a parameter goes. Raises ValueError for an unknown language."""

    def __init__(self, words: Mapping[str, Mapping[str, str]]) -> None:
        others = sorted(language for language in words if language != DEFAULT_LANGUAGE)
        self.languages: tuple[str, ...] = (DEFAULT_LANGUAGE, *others)
        """The default language first, the others by code."""
        self._words = {language: dict(words.get(language, {})) for language in self.languages}
        self._locales = {language: _locale(language) for language in self.languages}

    def __contains__(self, key: str) -> bool:
        words = self._words[DEFAULT_LANGUAGE]
        return key in words or f"{key}.other" in words

    def locale(self, language: str) -> Locale:
        return self._locales.get(language) or self._locales[DEFAULT_LANGUAGE]

    def missing(self) -> dict[str, tuple[str, ...]]:
        """Language → keys shown in French because it lacks them. Plural categories are its own affair: `other` is what it must have."""
        needed = [key for key in self._words[DEFAULT_LANGUAGE] if not key.endswith(tuple(f".{one}" for one in PLURALS if one != "other"))]
        found = {language: tuple(key for key in needed if key not in self._words[language]) for language in self.languages}
        return {language: keys for language, keys in found.items() if keys}

    def text(self, language: str, key: str, /, **params: Any) -> str:
        """In French where `language` lacks the key; the key itself where French does too."""
        own = self._words.get(language, {})
        if key in own:
            return self._filled(language, own[key], params)
        return self._filled(DEFAULT_LANGUAGE, self._words[DEFAULT_LANGUAGE].get(key, key), params)

    def counted(self, language: str, key: str, n: int, /, **params: Any) -> str:
        """The form of `key` that fits the number, which is `{n}` in the text."""
        return self.text(language, self._form(language, key, n), **{"n": n, **params})

    def sentences(self, code: str, params: Mapping[str, Any]) -> dict[str, str]:
        """The sentence of an error in every language."""
        if code not in self:
            log.error("no sentence for the code %s", code)
            code = UNKNOWN
        return {language: self.sentence(language, code, params) for language in self.languages}

    def sentence(self, language: str, code: str, params: Mapping[str, Any]) -> str:
        count = params.get(COUNT)
        key = self._form(language, code, count) if isinstance(count, int) else code
        return self.text(language, key, **params)

    def _form(self, language: str, key: str, n: int) -> str:
        """`key` with the category of `n`: `.zero` for 0 where the text has it, else the CLDR category, else `.other`."""
        words = self._words.get(language, {})
        if key in words or f"{key}.other" not in words:
            language, words = (language, words) if key in words else (DEFAULT_LANGUAGE, self._words[DEFAULT_LANGUAGE])
        if key in words:
            return key
        category = "zero" if n == 0 and f"{key}.zero" in words else self.locale(language).plural_form(n)
        return f"{key}.{category}" if f"{key}.{category}" in words else f"{key}.other"

    def _filled(self, language: str, text: str, params: Mapping[str, Any]) -> str:
        """A parameter that is not given leaves an ellipsis; numbers are written as the language writes them."""
        if "{" not in text:
            return text
        spelled = {name: self._number(language, value) for name, value in params.items()}
        return text.format_map(_Given(spelled))

    def _number(self, language: str, value: Any) -> Any:
        return format_decimal(value, locale=self.locale(language)) if type(value) is int else value


class _Given(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def load_catalogue(folder: Path = LOCALES) -> Catalogue:
    """Every language under `folder`. Raises ValueError: two files with one key, or a folder that is no language."""
    words: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*/*.json")):
        own = words.setdefault(path.parent.name, {})
        more = json.loads(path.read_text(encoding="utf-8"))
        twice = own.keys() & more.keys()
        if twice:
            raise ValueError(f"{path}: {', '.join(sorted(twice))} is in another file too")
        own |= more
    found = Catalogue(words)
    for language, keys in found.missing().items():
        log.warning("%d texts are missing in %s and are shown in French", len(keys), language, extra={"keys": list(keys[:20])})
    return found


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        raise ValueError(f"web/locales/{language}: not the code of a language") from None
