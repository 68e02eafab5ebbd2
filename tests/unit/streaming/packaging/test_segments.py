"""Every part is handed on whole and once, the moment it is made."""

from __future__ import annotations

from collections import defaultdict

import pytest

from services.streaming.packaging.segments import MadePart
from tests.support.simulated_stage import SimulatedStage


def test_what_is_handed_on_is_what_the_playlists_listed_in_their_order() -> None:
    made: dict[str, list[MadePart]] = defaultdict(list)
    stage = SimulatedStage(made=lambda part: made[part.rendition].append(part))
    stage.start()
    stage.advance(9.0)
    stage.kill()
    stage.advance(3.0)
    stage.start()
    stage.advance(9.0)
    for name, rendition in stage.packager.renditions.items():
        for segment in rendition.segments:
            parts = [one for one in made[name] if one.sequence == segment.sequence]
            assert b"".join(one.data for one in parts) == rendition.file(segment.uri)
            assert {one.init for one in parts} == {rendition.file(segment.init)}
            assert (parts[0].start, parts[0].program_time) == (segment.start, segment.program_time)
            assert sum(one.seconds for one in parts) == pytest.approx(segment.seconds)
        assert [one.sequence for one in made[name]] == sorted(one.sequence for one in made[name])
        assert sum(one.discontinuity for one in rendition.segments) >= 2, "the slate stood in for the encoder"
