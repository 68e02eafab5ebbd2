"""A JSON body: what is no JSON by RFC 8259 is refused, and every refused field is named with a code that clients can rely on."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from shared.errors import Invalid
from shared.http.bodies import MOST_FIELDS, parse, validate


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    text: Annotated[str, Field(min_length=2, max_length=5)]
    language: Literal["fr", "en"] = "fr"
    count: Annotated[int, Field(ge=1, le=3)] = 1


def refused(value: Any) -> dict[str, str]:
    """Code by path of each refused field."""
    with pytest.raises(Invalid) as error:
        validate(value, Form)
    assert error.value.code == "request.invalid"
    return {field.path: field.code for field in error.value.fields or ()}


def test_a_body_that_fits_is_read() -> None:
    assert validate(parse('{"text": "où", "count": 3}'.encode()), Form) == Form(text="où", count=3)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff", b'{"a": NaN}', b'{"a": Infinity}', b"\xef\xbb\xbf{}", b"{}{}", b"[" * 100_000, b"{'a': 1}"]
)
def test_what_is_no_json_is_malformed(raw: bytes) -> None:
    with pytest.raises(Invalid) as error:
        parse(raw)
    assert error.value.code == "request.malformed_json"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({}, {"text": "field.missing"}),
        ({"text": "a"}, {"text": "field.too_short"}),
        ({"text": "abcdef"}, {"text": "field.too_long"}),
        ({"text": 12}, {"text": "field.type"}),
        ({"text": "abc", "language": "de"}, {"language": "field.choice"}),
        ({"text": "abc", "count": 0}, {"count": "field.too_small"}),
        ({"text": "abc", "count": 4}, {"count": "field.too_great"}),
        ({"text": "abc", "count": True}, {"count": "field.type"}),
        ({"text": "abc", "colour": "red"}, {"colour": "field.unknown"}),
        ({"text": "a", "count": 0}, {"text": "field.too_short", "count": "field.too_small"}),
    ],
)
def test_each_refused_field_is_named_with_its_code(value: Any, found: dict[str, str]) -> None:
    assert refused(value) == found


@pytest.mark.parametrize("value", [None, [], "text", 3])
def test_a_body_that_is_no_object_is_refused_as_a_whole(value: Any) -> None:
    assert set(refused(value).values()) == {"field.type"}


def test_a_bound_is_told_with_the_field() -> None:
    with pytest.raises(Invalid) as error:
        validate({"text": "abcdef"}, Form)
    (field,) = error.value.fields or ()
    assert field.params == {"most": 5}


def test_a_thousand_wrong_fields_are_not_all_listed() -> None:
    assert len(refused({"text": "abc", **{f"x{number}": 1 for number in range(1000)}})) == MOST_FIELDS
