"""Errors of the domain as HTTP says them (RFC 9457): one table, and nothing of an exception's own text."""

from __future__ import annotations

import pytest

from shared import errors
from shared.errors import DomainError
from shared.http.problem import STATUS_OF_CODE, STATUS_OF_KIND, status_of


def _kinds(kind: type[DomainError] = DomainError) -> set[str]:
    return {below.kind for below in kind.__subclasses__()} | {one for below in kind.__subclasses__() for one in _kinds(below)}


def test_every_kind_of_error_has_a_status() -> None:
    assert _kinds() <= set(STATUS_OF_KIND)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFound("qa.no_question"), 404),
        (errors.Unauthenticated("access.pass_missing"), 401),
        (errors.Denied("access.denied"), 403),
        (errors.Conflict("qa.changed"), 409),
        (errors.Invalid("request.invalid"), 422),
        (errors.TooMany("request.too_many"), 429),
        (errors.Unavailable("store.unavailable"), 503),
        (errors.Invalid("request.malformed_json"), 400),
        (errors.Invalid("request.too_large"), 413),
    ],
)
def test_a_kind_gives_the_status_unless_http_has_one_of_its_own(error: DomainError, status: int) -> None:
    assert status_of(error) == status


def test_every_status_is_one_of_an_error() -> None:
    assert all(400 <= status < 600 for status in (*STATUS_OF_KIND.values(), *STATUS_OF_CODE.values()))
