"""AMF0: values survive the way out and back, and nothing readable or unreadable gets past the bounds."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.streaming.ingest.flv import amf0
from services.streaming.ingest.flv.amf0 import BadAmf0, EcmaArray, Value

DEPTH, VALUES = 8, 512

texts = st.text(st.characters(codec="utf-8"), max_size=20)
scalars: st.SearchStrategy[Value] = st.none() | st.booleans() | st.floats(allow_nan=False) | texts
values: st.SearchStrategy[Value] = st.recursive(
    scalars,
    lambda inner: (
        st.dictionaries(texts.filter(bool), inner, max_size=4)
        | st.dictionaries(texts.filter(bool), inner, max_size=4).map(EcmaArray)
        | st.lists(inner, max_size=4)
    ),
    max_leaves=12,
)


def depth(value: Value) -> int:
    members = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return 1 + max((depth(member) for member in members), default=0)


@given(st.lists(values.filter(lambda value: depth(value) <= DEPTH), max_size=5))
def test_values_come_back_as_they_went(sent: list[Value]) -> None:
    assert amf0.decode(amf0.encode(sent), depth=DEPTH, values=VALUES) == sent


def test_a_long_string_comes_back() -> None:
    assert amf0.decode(amf0.encode(["é" * 70_000]), depth=DEPTH, values=VALUES) == ["é" * 70_000]


@given(st.binary(max_size=300))
def test_junk_raises_only_our_own_error(junk: bytes) -> None:
    with suppress(BadAmf0):
        amf0.decode(junk, depth=DEPTH, values=VALUES)


def test_nesting_is_bounded() -> None:
    with pytest.raises(BadAmf0) as refused:
        amf0.decode(b"\x03\x00\x01a" * 100_000, depth=DEPTH, values=1_000_000)
    assert refused.value.code == "amf_too_deep"


def test_the_number_of_values_is_bounded() -> None:
    for flood in (b"\x05" * (VALUES + 1), b"\x0a\xff\xff\xff\xff"):
        with pytest.raises(BadAmf0) as refused:
            amf0.decode(flood, depth=DEPTH, values=VALUES)
        assert refused.value.code == "amf_too_long"


def test_metadata_as_an_encoder_writes_it_is_read() -> None:
    wire = (
        b"\x02\x00\x0d@setDataFrame\x02\x00\x0aonMetaData\x08\x00\x00\x00\x02"
        b"\x00\x05width\x00\x40\x94\x00\x00\x00\x00\x00\x00\x00\x07encoder\x02\x00\x03obs\x00\x00\x09"
    )
    assert amf0.decode(wire, depth=DEPTH, values=VALUES) == ["@setDataFrame", "onMetaData", {"width": 1280.0, "encoder": "obs"}]
