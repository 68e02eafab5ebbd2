"""The delivery directives put to the question: what a server must hold, deliver or refuse (rules 18 to 22, 24 to 27)."""

from __future__ import annotations

import re

from yarl import URL

from tests.support.hls_sequence import check_delta
from tests.support.hls_text import Part, Playlist, parse
from tests.support.hls_verdict import must, should
from tests.support.hls_wire import Wire

FAR = 50
"""Segments, or parts, ahead of the live edge: certainly too many."""
AT_ONCE_SECONDS = 1.5
"""Far from how long a wrongly held reload lasts, and far from what a busy machine needs."""
TRIES = 4


async def put_to_question(wire: Wire, url: URL) -> None:
    """All questions, one after the other, to one media playlist."""
    _, playlist = await wire.playlist(url)
    if playlist.ended:
        await _ended(wire, url, playlist)
        return
    await _refused(wire, url, playlist)
    await _old(wire, url, playlist)
    await _past_the_end_of_a_segment(wire, url)
    await _unknown(wire, url, playlist)
    await _delta(wire, url)
    await _whole_segment(wire, url)


async def _ended(wire: Wire, url: URL, playlist: Playlist) -> None:
    reply = await wire.get(url, _HLS_msn=playlist.last[0] + FAR, _HLS_part=0)
    if reply.status != 200 or reply.last - reply.asked > AT_ONCE_SECONDS:
        wire.blame(must(25, "directives are not ignored after the end"), where=url.path)


async def _refused(wire: Wire, url: URL, playlist: Playlist) -> None:
    msn, part = playlist.awaited
    for rule, directives in (
        (21, {"_HLS_part": 0}),
        (22, {"_HLS_msn": msn + FAR}),
        (22, {"_HLS_msn": msn + FAR, "_HLS_part": 0}),
    ):
        reply = await wire.get(url, **directives)
        if reply.status != 400:
            wire.blame((must if rule == 21 else should)(rule, f"{directives} answered {reply.status}, not 400"), where=url.path)
    reply = await wire.get(url, _HLS_msn="x")
    if not 400 <= reply.status < 500:
        wire.blame(should(22, f"_HLS_msn=x answered {reply.status}"), where=url.path)
    reply = await wire.get(url, _HLS_msn=msn, _HLS_part=part + FAR)
    # 200 is right when the segment ended meanwhile: then the index counts as part 0 of the next.
    if reply.status != 400 and not (reply.status == 200 and parse(reply.text).awaited[0] > msn):
        wire.blame(should(22, f"part {part + FAR} of a growing segment answered {reply.status}, not 400"), where=url.path)


async def _old(wire: Wire, url: URL, playlist: Playlist) -> None:
    if not playlist.segments or playlist.segments[0].uri is None:
        return  # the stream has only begun: its oldest segment is still growing, and rightly waited for
    for msn in (0, max(0, playlist.media_sequence - 1), playlist.media_sequence):
        reply = await wire.get(url, _HLS_msn=msn)
        if reply.status != 200 or reply.last - reply.asked > AT_ONCE_SECONDS or not parse(reply.text).segments:
            wire.blame(must(24, f"an old segment is answered {reply.status} after {reply.last - reply.asked:.2f} s"), where=url.path)


async def _past_the_end_of_a_segment(wire: Wire, url: URL) -> None:
    _, playlist = await wire.playlist(url)
    whole = [segment for segment in playlist.segments if segment.uri is not None]
    if not whole:
        return
    msn = whole[-1].msn
    reply = await wire.get(url, _HLS_msn=msn, _HLS_part=len(whole[-1].parts))
    if reply.status != 200 or parse(reply.text).awaited <= (msn + 1, 0):
        wire.blame(must(20, f"a part past the end of segment {msn} is not taken as part 0 of the next ({reply.status})"), where=url.path)


async def _unknown(wire: Wire, url: URL, playlist: Playlist) -> None:
    for uri in [part.uri for segment in playlist.segments for part in segment.parts][:1]:
        stranger = re.sub(r"\d+", lambda digits: str(int(digits[0]) + 100_000), uri)
        reply = await wire.get(url.join(URL(stranger, encoded=True)))
        if reply.status != 404:
            wire.blame(must(27, f"an unknown part answered {reply.status}, not 404"), where=url.path)
        if reply.max_age is not None and reply.max_age > playlist.target + 0.5:
            wire.blame(should(35, f"an unknown part is kept {reply.max_age} s"), where=url.path)


async def _delta(wire: Wire, url: URL) -> None:
    for _ in range(TRIES):
        _, latest = await wire.playlist(url)
        whole = await wire.get(url)
        delta = await wire.get(url, _HLS_skip="YES")
        if latest.control is None or "CAN-SKIP-UNTIL" not in latest.control.attributes:
            return
        full, short = parse(whole.text), parse(delta.text)
        if _newest(full) != _newest(short):
            continue  # a part came between the two
        if short.skipped:
            wire.blame(*check_delta(whole.text, delta.text), where=url.path)
        elif sum(segment.length for segment in full.segments[2:]) > (latest.control.number("CAN-SKIP-UNTIL") or 0):
            wire.blame(should(26, "a delta update skips nothing though segments are old enough"), where=url.path)
        return


def _newest(playlist: Playlist) -> tuple[str | None, list[Part]] | None:
    """What the playlist ends with, by name: the numbers of a wrong delta prove nothing."""
    return (playlist.segments[-1].uri, playlist.segments[-1].parts) if playlist.segments else None


async def _whole_segment(wire: Wire, url: URL) -> None:
    """`_HLS_msn` alone is held until that segment is complete (rule 18)."""
    _, before = await wire.playlist(url)
    msn = before.awaited[0] + 1
    reply = await wire.get(url, _HLS_msn=msn)
    if reply.status == 503:
        return
    after = parse(reply.text)
    segment = next((segment for segment in after.segments if segment.msn == msn), None)
    if reply.status != 200 or ((segment is None or segment.uri is None) and after.media_sequence <= msn):
        wire.blame(must(18, f"segment {msn} was asked for and not waited for ({reply.status})"), where=url.path)
