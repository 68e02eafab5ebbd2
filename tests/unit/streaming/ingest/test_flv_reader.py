"""FLV comes back as the tags it was made of, however it is cut on its way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.streaming.ingest.flv import flv
from services.streaming.ingest.flv.reader import MOST_TAG_BYTES, FlvReader, FlvTag, NotFlv

TAGS = st.lists(st.builds(FlvTag, st.sampled_from([8, 9, 18]), st.integers(0, 2**32 - 1), st.binary(max_size=40)), max_size=6)


@given(TAGS, st.integers(1, 30))
def test_tags_come_out_as_they_went_in_whatever_the_pieces(tags: list[FlvTag], step: int) -> None:
    data = flv.file_header(audio=True, video=True) + b"".join(flv.tag(one.kind, one.timestamp, one.body) for one in tags)
    reader = FlvReader()
    assert [tag for at in range(0, len(data), step) for tag in reader.feed(data[at : at + step])] == tags


def test_what_is_no_flv_and_a_tag_beyond_the_bound_are_refused() -> None:
    with pytest.raises(NotFlv):
        list(FlvReader().feed(b"RIFF" + bytes(20)))
    with pytest.raises(NotFlv):
        list(FlvReader().feed(flv.file_header(audio=True, video=True) + b"\x09" + (MOST_TAG_BYTES + 1).to_bytes(3, "big") + bytes(7)))
