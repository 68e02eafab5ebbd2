"""A small correct LL-HLS server of prepared media, and the same with one fault at will: it shows that the observer can fail.

Its clock alone decides what has been published: part n of all is out `n - HEAD_START` part lengths after the start.
"""

from __future__ import annotations

import asyncio
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import imageio_ffmpeg
from aiohttp import web

from tests.support.hls_boxes import boxes

PART_SECONDS, PARTS_PER_SEGMENT, TARGET = 0.4, 5, 2
HEAD_START, MEDIA_SECONDS = 45, 72
WINDOW_SEGMENTS = 9
BEGAN = datetime(2021, 6, 3, 7, 45, tzinfo=UTC)


def make_media(folder: Path) -> tuple[bytes, list[bytes]]:
    """The initialisation and parts of ten pictures each, a keyframe every five parts."""
    path = folder / "reference.mp4"
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-f", "lavfi", "-i",
            f"testsrc2=size=160x90:rate=25:duration={MEDIA_SECONDS}",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-bf", "0", "-movflags",
            "+frag_keyframe+empty_moov+default_base_moof+skip_trailer", "-frag_duration", "400000", str(path),
        ],
        check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    init, parts = b"", list[bytes]()
    for name, body in boxes(path.read_bytes()):
        box = (len(body) + 8).to_bytes(4, "big") + name.encode() + body
        if name == "moof":
            parts.append(box)
        elif name == "mdat":
            parts[-1] += box
        else:
            init += box
    return init, parts


class ReferenceStream:
    """Two video renditions of the same media, `high` and `low`, under `/{fault}/`; the fault `none` is correct."""

    def __init__(self, init: bytes, parts: list[bytes]) -> None:
        self.init, self.parts = init, parts
        self.began = 0.0

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/{fault}/index.m3u8", self.multivariant)
        app.router.add_get("/{fault}/{rendition}/index.m3u8", self.playlist)
        app.router.add_get("/{fault}/{rendition}/{name}", self.media)
        return app

    def start(self) -> None:
        self.began = asyncio.get_running_loop().time()

    def due(self, number: int, fault: str, rendition: str) -> float:
        """The instant at which a part is out."""
        late = (1.2 if fault == "late" and number >= HEAD_START + 4 else 0) + (1.4 if fault == "apart" and rendition == "low" else 0)
        return self.began + (number - HEAD_START) * PART_SECONDS + late

    def out(self, fault: str, rendition: str) -> int:
        """How many parts are out."""
        now = asyncio.get_running_loop().time()
        count = HEAD_START - 5
        while count < len(self.parts) and self.due(count, fault, rendition) <= now:
            count += 1
        return count

    async def multivariant(self, request: web.Request) -> web.Response:
        variant = '#EXT-X-STREAM-INF:BANDWIDTH=100000,CODECS="avc1.42c00b"\n{}/index.m3u8\n'
        return self.text(request, "#EXTM3U\n" + variant.format("high") + variant.format("low"), 1)

    async def playlist(self, request: web.Request) -> web.Response:
        fault, rendition, query = request.match_info["fault"].replace("-", " "), request.match_info["rendition"], request.query
        count = self.out(fault, rendition)
        msn, part = query.get("_HLS_msn"), query.get("_HLS_part")
        if fault == "ended":
            return self.text(request, self.render(HEAD_START, fault, rendition), 1)
        if (msn is None and part is not None and fault != "takes anything") or not (msn or "0").isdigit():
            return web.Response(status=400)
        if msn is None:
            return self.text(request, self.render(count, fault, rendition, "_HLS_skip" in query), 1)
        wanted = int(msn) * PARTS_PER_SEGMENT + (PARTS_PER_SEGMENT - 1 if part is None else int(part))
        grown = count // PARTS_PER_SEGMENT
        if part is not None and int(part) >= PARTS_PER_SEGMENT and int(msn) < grown and fault != "refuses past ends":
            wanted = (int(msn) + 1) * PARTS_PER_SEGMENT
        elif int(part or 0) >= PARTS_PER_SEGMENT and fault != "takes anything":
            return web.Response(status=400)
        if (int(msn) > grown + 2 and fault != "takes anything") or (fault == "refuses old" and int(msn) < grown - 8):
            return web.Response(status=400)
        if fault not in ("holds nothing", "takes anything"):
            await asyncio.sleep(max(0.0, self.due(wanted, fault, rendition) - asyncio.get_running_loop().time()))
        return self.text(request, self.render(max(count, self.out(fault, rendition)), fault, rendition, "_HLS_skip" in query), 6 * TARGET)

    def text(self, request: web.Request, body: str, keep: int) -> web.Response:
        fault = request.match_info["fault"].replace("-", " ")
        response = web.Response(text=body, content_type="text/plain" if fault == "calls it text" else "application/vnd.apple.mpegurl")
        if fault != "keeps nothing":
            response.headers["Cache-Control"] = f"max-age={keep}"
        if fault != "never compresses":
            response.enable_compression(web.ContentCoding.gzip)
        return response

    def render(self, count: int, fault: str, rendition: str, skip: bool = False) -> str:
        grown, first = count // PARTS_PER_SEGMENT, max(0, count // PARTS_PER_SEGMENT - WINDOW_SEGMENTS)
        skipped = max(0, grown - first - 6) if skip else 0
        lines = [
            "#EXTM3U", f"#EXT-X-VERSION:{9 if skipped else 6}", f"#EXT-X-TARGETDURATION:{TARGET}", "#EXT-X-PART-INF:PART-TARGET=0.4",
            "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12,PART-HOLD-BACK=1.2", f"#EXT-X-MEDIA-SEQUENCE:{first}",
        ]  # fmt: skip
        if skipped:
            lines.append(f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped - (fault == 'counts wrong')}")
        else:
            lines.append('#EXT-X-MAP:URI="init.mp4"')
        for msn in range(first + skipped, grown + 1):
            if count > msn * PARTS_PER_SEGMENT:
                lines += self.segment(msn, count, fault, listed=msn >= grown - 3)
        other, ahead = "low" if rendition == "high" else "high", {"reports too soon": 4, "reports too late": -4}.get(fault, 0)
        last = self.out(fault, other) + ahead - 1
        lines.append(f'#EXT-X-RENDITION-REPORT:URI="../{other}/index.m3u8",LAST-MSN={last // 5},LAST-PART={last % 5}')
        lines.append("#EXT-X-ENDLIST" if fault == "ended" else f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part{count}.mp4"')
        return "\n".join(lines) + "\n"

    def segment(self, msn: int, count: int, fault: str, *, listed: bool) -> list[str]:
        begins = BEGAN + timedelta(seconds=msn * PART_SECONDS * PARTS_PER_SEGMENT)
        lines = [f"#EXT-X-PROGRAM-DATE-TIME:{begins.isoformat(timespec='milliseconds')}"]
        for number in range(msn * PARTS_PER_SEGMENT, min(count, (msn + 1) * PARTS_PER_SEGMENT)):
            alone = number % PARTS_PER_SEGMENT == (1 if fault == "says the wrong one is independent" else 0)
            length = 0.398 if fault == "says wrong lengths" else PART_SECONDS
            if listed:
                lines.append(f'#EXT-X-PART:DURATION={length},URI="part{number}.mp4"' + (",INDEPENDENT=YES" if alone else ""))
        if count >= (msn + 1) * PARTS_PER_SEGMENT:
            lines += ["#EXTINF:2.00000,", f"segment{msn}.mp4"]
        return lines

    async def media(self, request: web.Request) -> web.StreamResponse:
        fault, rendition, name = request.match_info["fault"].replace("-", " "), request.match_info["rendition"], request.match_info["name"]
        if name == "init.mp4":
            return self.answer(self.init)
        number = int("".join(letter for letter in Path(name).stem if letter.isdigit()))
        if name.startswith("segment"):
            data = b"".join(self.parts[number * PARTS_PER_SEGMENT : (number + 1) * PARTS_PER_SEGMENT])
            return self.answer(data[8:] if fault == "has other segments" else data)
        count = self.out(fault, rendition)
        hinted = number == count
        gone = fault == "forgets at once" and number < (count // PARTS_PER_SEGMENT - 3) * PARTS_PER_SEGMENT
        if gone or (fault == "loses parts" and number % 5 == 3 and not hinted) or (fault == "knows no hint" and hinted):
            return web.Response(status=404)
        if number > count or number >= len(self.parts):
            return web.Response(status=200 if fault == "knows everything" else 404)
        if fault == "dribbles" and hinted:
            return await self.dribble(request, self.parts[number])
        await asyncio.sleep(max(0.0, self.due(number, fault, rendition) - asyncio.get_running_loop().time()))
        data = self.parts[number]
        if fault == "repeats a part" and number % 5 == 2:
            data = self.parts[number - 1]
        return self.answer(data[data.index(b"mdat") - 4 :] if fault == "cuts heads off" else data)

    def answer(self, data: bytes) -> web.Response:
        return web.Response(body=data, content_type="video/mp4", headers={"Cache-Control": f"max-age={6 * TARGET}"})

    async def dribble(self, request: web.Request, data: bytes) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(data[:100])
        await asyncio.sleep(PART_SECONDS)
        await response.write(data[100:])
        return response
