"""The language of a request: `?lang=`, then the cookie `tablee_lang`, then Accept-Language (RFC 9110, section 12.5.4), else French."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from aiohttp import web

from shared.messages.catalogue import DEFAULT_LANGUAGE

COOKIE: Final = "tablee_lang"
_MOST_RANGES: Final = 20


def of_request(request: web.Request, languages: Collection[str]) -> str:
    for choice in (request.query.get("lang"), request.cookies.get(COOKIE)):
        if choice in languages:
            return str(choice)
    return _preferred(request.headers.get("Accept-Language", ""), languages)


def _preferred(header: str, languages: Collection[str]) -> str:
    best, best_weight = DEFAULT_LANGUAGE, 0.0
    for part in header.split(",")[:_MOST_RANGES]:
        name, _, parameter = part.strip().partition(";")
        language = name.strip().lower().split("-")[0]
        weight = _weight(parameter)
        if language in languages and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
