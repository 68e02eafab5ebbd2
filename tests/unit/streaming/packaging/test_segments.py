"""Every closed segment is handed on whole and once, the moment it is closed."""

from __future__ import annotations

from collections import defaultdict

from services.streaming.packaging.segments import ClosedSegment
from tests.support.simulated_stage import SimulatedStage


def test_what_is_handed_on_is_what_the_playlists_listed_in_their_order() -> None:
    closed: dict[str, list[ClosedSegment]] = defaultdict(list)
    stage = SimulatedStage(closed=lambda segment: closed[segment.rendition].append(segment))
    stage.start()
    stage.advance(9.0)
    stage.kill()
    stage.advance(3.0)
    stage.start()
    stage.advance(9.0)
    for name, rendition in stage.packager.renditions.items():
        assert [(one.sequence, one.name, one.seconds, one.discontinuity) for one in closed[name]] == [
            (one.sequence, one.uri, one.seconds, one.discontinuity) for one in rendition.segments
        ]
        assert [one.data for one in closed[name]] == [rendition.file(one.uri) for one in rendition.segments]
        assert [one.init for one in closed[name]] == [rendition.file(one.init) for one in rendition.segments]
        assert [one.program_time for one in closed[name]] == [one.program_time for one in rendition.segments]
        assert sum(one.discontinuity for one in closed[name]) >= 2, "the slate stood in for the encoder"
