"""An OpenAPI 3.1 document of one service, made from what its routes declare: it cannot say anything the code does not do."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from shared.auth import cookies
from shared.service.declaration import Service
from shared.service.route import Route, Who

_PROBLEM: Final = {
    "type": "object",
    "description": "Problem details (RFC 9457). `code` is stable, `detail` is in the language of the request.",
    "required": ["type", "title", "status", "code", "detail", "sentences"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "sentences": {"type": "object", "additionalProperties": {"type": "string"}, "description": "language → sentence"},
        "fields": {"type": "array", "items": {"type": "object"}},
        "current": {"type": "object"},
        "retry_after": {"type": "number"},
        "correlation_id": {"type": "string"},
    },
}
_SECURITY: Final[dict[Who, list[dict[str, list[str]]]]] = {
    Who.PASS: [{"pass": []}],
    Who.SESSION: [{"session": []}],
    Who.MEDIA: [{"media": []}, {}],  # or the signed key in the path: OpenAPI knows no scheme that stands in a path
    Who.LITE: [{"lite": []}],
    Who.ANYONE: [],
}
_PARAMETER: Final = re.compile(r"\{(\w+)(?::[^{}]*(?:\{[^}]*\}[^{}]*)*)?\}")
_REF: Final = "#/components/schemas/{model}"


def document(service: Service, *, secure: bool = False) -> dict[str, Any]:
    """`secure`: the public address is https, which changes the name of a cookie."""
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    paths: dict[str, Any] = {}
    for route in service.routes:
        if not route.internal:
            paths.setdefault(_PARAMETER.sub(r"{\1}", route.path), {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Tablée: {service.name}", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "pass": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT (EdDSA), ten minutes, from POST /api/registration/pass"},
                "session": {"type": "apiKey", "in": "cookie", "name": cookies.session(secure)},
                "media": {"type": "apiKey", "in": "cookie", "name": cookies.MEDIA},
                "lite": {"type": "apiKey", "in": "cookie", "name": cookies.LITE},
            },
        },
    }


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": route.operation,
        "summary": route.summary,
        "security": _SECURITY[route.who],
        "responses": {str(status): _answer(model, schemas) for status, model in route.answers.items()},
    }
    found["responses"]["default"] = {
        "description": "A refusal: " + ", ".join(_codes(route)),
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    names = _PARAMETER.findall(route.path)
    if names:
        found["parameters"] = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    if route.body is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": _schema(route.body, schemas)}}}
    if route.action:
        found["x-capability"] = route.action
    if route.limit:
        found["x-rate-limit"] = {"times": route.limit.times, "seconds": route.limit.seconds}
    return found


def _codes(route: Route) -> list[str]:
    codes = list(route.errors)
    if route.who is Who.PASS:
        codes += [
            "access.pass_missing",
            "access.pass_invalid",
            "access.pass_expired",
            "access.pass_other_event",
            "access.revoked",
            "access.denied",
        ]
    if route.body is not None:
        codes += ["request.malformed_json", "request.unsupported_media_type", "request.too_large", "request.invalid"]
    if route.limit is not None:
        codes.append("request.too_many")
    return codes or ["internal.error"]


def _answer(model: type[BaseModel] | str | None, schemas: dict[str, Any]) -> dict[str, Any]:
    if model is None:
        return {"description": "Done."}
    if isinstance(model, str):
        return {"description": "Done.", "content": {model: {}}}
    return {"description": "Done.", "content": {"application/json": {"schema": _schema(model, schemas)}}}


def _schema(model: type[BaseModel], schemas: dict[str, Any]) -> dict[str, str]:
    schemas.update(_definitions(model))
    return {"$ref": _REF.format(model=model.__name__)}


@cache
def _definitions(model: type[BaseModel]) -> dict[str, Any]:
    """Of a model and of all it is made of, by name: routes share many, and each takes milliseconds to describe."""
    schema = model.model_json_schema(ref_template=_REF)
    return {**schema.pop("$defs", {}), model.__name__: schema}
