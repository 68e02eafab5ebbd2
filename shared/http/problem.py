"""Problem details (RFC 9457): the one table from the kinds of domain error to HTTP, and the document people and programs get."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from shared import correlation, errors
from shared.errors import DomainError, FieldError
from shared.http import language
from shared.messages.catalogue import Catalogue

MEDIA_TYPE: Final = "application/problem+json"

STATUS_OF_KIND: Final[Mapping[str, int]] = {
    errors.NotFound.kind: 404,
    errors.Unauthenticated.kind: 401,
    errors.Denied.kind: 403,
    errors.Conflict.kind: 409,
    errors.Invalid.kind: 422,
    errors.Full.kind: 409,
    errors.TooMany.kind: 429,
    errors.Unavailable.kind: 503,
}
STATUS_OF_CODE: Final[Mapping[str, int]] = {
    "request.malformed_json": 400,
    "request.duplicate_field": 400,
    "request.refused": 400,
    "request.unsupported_coding": 415,
    "request.unsupported_media_type": 415,
    "request.too_large": 413,
    "request.method_not_allowed": 405,
    "internal.error": 500,
    "streaming.stage_ended": 410,
}
"""Where the kind alone would say too little to a client that only reads numbers."""

DEFAULT_RETRY_SECONDS: Final = 2.0


def status_of(error: DomainError) -> int:
    return STATUS_OF_CODE.get(error.code) or STATUS_OF_KIND[error.kind]


def document(error: DomainError, status: int, lang: str, catalogue: Catalogue) -> dict[str, Any]:
    """The JSON object of a problem; `lang` chooses `detail`, `sentences` has every language."""
    params = {**error.params, "correlation_id": correlation.current()}
    sentences = catalogue.sentences(error.code, params)
    found: dict[str, Any] = {
        "type": f"urn:tablee:problem:{error.code}",
        "title": catalogue.sentence("en", error.code, params),
        "status": status,
        "code": error.code,
        "detail": sentences[lang],
        "sentences": sentences,
        "correlation_id": correlation.current(),
    }
    if error.params:
        found["params"] = dict(error.params)
    if error.fields:
        found["fields"] = [_field(field, lang, catalogue) for field in error.fields]
    if error.current is not None:
        found["current"] = error.current
    if error.retry_after is not None:
        found["retry_after"] = error.retry_after
    return found


def _field(field: FieldError, lang: str, catalogue: Catalogue) -> dict[str, Any]:
    sentences = catalogue.sentences(field.code, field.params or {})
    return {"path": field.path, "code": field.code, "detail": sentences[lang], "sentences": sentences}


def response(request: web.Request, error: DomainError, catalogue: Catalogue) -> web.Response:
    status = status_of(error)
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="tablee"'
    if status in (429, 503):
        headers["Retry-After"] = str(math.ceil(error.retry_after or DEFAULT_RETRY_SECONDS))
    body = json.dumps(document(error, status, language.of_request(request, catalogue.languages), catalogue), ensure_ascii=False)
    return web.Response(text=body, status=status, content_type=MEDIA_TYPE, headers=headers)
