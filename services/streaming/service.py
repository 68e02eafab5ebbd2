"""The declaration of the streaming service: how its parts are joined, nothing else."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from services.streaming.api import EncoderAddresses, StreamingApi
from services.streaming.app import PATIENCE, Patience, Streaming
from services.streaming.encoding.encoder import find_ffmpeg
from services.streaming.encoding.errand import join_files, probe, speaks
from services.streaming.encoding.preview import still
from services.streaming.encoding.receiver import receive
from services.streaming.encoding.slate import make_slate
from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.disconnect_reasons import Explain
from services.streaming.ingest.port import Ingest
from services.streaming.ingest.pull.addresses import Network, read_networks
from services.streaming.ingest.pull.puller import Puller, PullOutlets
from services.streaming.ingest.rtmp.publication import RtmpPublication
from services.streaming.ingest.rtmp.server import RtmpServer
from services.streaming.ingest.srt.server import SrtServer
from services.streaming.ingest.srt.session import Outlets
from services.streaming.ingest.whip.place import place_of
from services.streaming.ingest.whip.server import WhipServer
from services.streaming.lineup import Changed
from services.streaming.media.inputs import EncoderInput, Generated, ReceiverInput
from services.streaming.media.ladder import STANDARD
from services.streaming.metrics import StreamingMetrics
from services.streaming.origin.access import FileKeys, PassCheck
from services.streaming.packaging.packager import Packager
from services.streaming.pulls import Pulls
from services.streaming.pulls_api import PullsApi
from services.streaming.reactions import PROGRAMME, RUNNING_ORDER, on_programme, on_running_order
from services.streaming.recording.disk import Disk
from services.streaming.recording.files import RecordingFiles
from services.streaming.recording.library import Library
from services.streaming.recording.recorder import StageRecorder
from services.streaming.recording.stills import Stills
from services.streaming.recordings_api import RecordingsApi
from services.streaming.source import Source
from services.streaming.stage_setup import StageSetup
from services.streaming.store import STAGES, StageStore
from services.streaming.whip_api import WhipApi
from shared.bus.port import Group
from shared.bus.typed import Reaction
from shared.clock import Clock
from shared.config import SettingError, Settings
from shared.events.programme import ProgrammePublished
from shared.events.running_order import RunningOrderChanged
from shared.events.vocabulary import StageOrigin
from shared.service.declaration import Service, Step
from shared.service.ports import Ports

log = logging.getLogger("tablee.streaming")

GROUPS: Final[tuple[Group, ...]] = (PROGRAMME, RUNNING_ORDER)
RTMP_PORT: Final = 1935
NO_RECORDINGS: Final = "none"


def build(ports: Ports, settings: Settings) -> Service:
    return assemble(ports, settings)[0]


def assemble(ports: Ports, settings: Settings, *, patience: Patience = PATIENCE) -> tuple[Service, Streaming]:
    """The service, and its use cases for those who test it."""
    app = Streaming(
        StageStore(ports.database), ports.event_id, clock=ports.clock, new_id=ports.new_id, relay_wake=ports.relay_wake,
        patience=patience,
    )  # fmt: skip
    disk = _disk(settings, ports.event_id)
    pulls = Pulls(app)
    life = _Life(app, pulls, settings, partial(ports.messages.text, "en"), ports.clock, disk)
    passes = PassCheck(ports.verifier, ports.revocations, ports.secrets.stream_secret, ports.clock)
    api = StreamingApi(
        app, passes, EncoderAddresses(life.rtmp_host, life.srt_address), ports.messages, embedding=settings.embedding == "yes"
    )
    recordings, keeping = _recordings(app, ports, settings, passes, disk)
    service = Service(
        name="streaming",
        routes=(
            *api.routes(), *recordings.routes(), *WhipApi(app, life.whip, settings.trusted_proxies).routes(),
            *PullsApi(pulls, life.puller).routes(),
        ),
        reactions=(
            Reaction(PROGRAMME, ProgrammePublished, on_programme(app, ports.event_id)),
            Reaction(RUNNING_ORDER, RunningOrderChanged, on_running_order(app, ports.event_id)),
        ),
        tasks={
            "stages": app.lineup.run,
            "stages.attend": app.attend,
            "changes": app.changes.run,
            "pulls": life.puller.run,
            "metrics": StreamingMetrics(ports.metrics, app, api).run,
            **keeping,
        },
        outboxes=(STAGES,),
        checks={"store": ports.database.ping, "stages": life.check},
        start=life.start,
        drain=life.drain,
        stop=life.stop,
    )  # fmt: skip
    return service, app


def _recordings(
    app: Streaming, ports: Ports, settings: Settings, passes: PassCheck, disk: Disk | None
) -> tuple[RecordingsApi, dict[str, Step]]:
    """Their interface, and what runs for them as long as the service does."""
    library, keys = Library(disk, app.takes_written), FileKeys(ports.secrets.stream_secret, ports.clock)
    files = RecordingFiles(disk, library, lambda given: join_files(find_ffmpeg(settings.ffmpeg), given))
    stills = Stills(library, lambda beginning, width: still(find_ffmpeg(settings.ffmpeg), beginning, width))
    api = RecordingsApi(app, passes, library, stills, files, keys, ports.messages)
    return api, {
        "recordings": partial(library.keep_for, settings.recordings_days, ports.clock),
        "recordings.files": files.end_with_us,
    }


def _disk(settings: Settings, event: str) -> Disk | None:
    """Where recordings lie; None where nothing is recorded."""
    if settings.recordings == NO_RECORDINGS:
        return None
    return Disk(Path(settings.recordings or settings.var / "recordings") / event)


class _Life:
    """From settings to a running service and back."""

    def __init__(self, app: Streaming, pulls: Pulls, settings: Settings, explain: Explain, clock: Clock, disk: Disk | None) -> None:
        self._app, self._settings, self._clock, self._disk = app, settings, clock, disk
        self.puller = Puller(
            PullOutlets(pulls.wanted, pulls.is_free, pulls.publish, app.refusals.take, self._receive), _networks(settings.pull_networks)
        )
        self.whip = WhipServer(
            place_of(settings.host, settings.whip_address, settings.whip_ports), silence=app.silence, disconnect=self._disconnect,
            on_publish=self._encoder_came, on_refusal=app.refusals.take,
        )  # fmt: skip
        self._srt = SrtServer(
            host=settings.host, port=settings.srt_port, stages=app.stages, key_of=app.key_of, silence=app.silence,
            receive=self._receive,
            outlets=Outlets(self._encoder_came, app.refusals.take, self._disconnect),
        )  # fmt: skip
        self._rtmp = RtmpServer(
            host=settings.host, port=settings.rtmp_port, authorize=app.authorize, on_publish=self._published, on_refusal=app.refusals.take,
            occupied=lambda stage: self.whip.sends(stage) or self._srt.sends(stage), explain=explain,
        )  # fmt: skip
        self._port = settings.rtmp_port

    async def start(self) -> None:
        """Raises SettingError in one clear line: no ffmpeg, an unreadable MEDIA, a port that is taken."""
        binary = find_ffmpeg(self._settings.ffmpeg)
        base = await self._base(binary)
        origin: StageOrigin = "generated" if isinstance(base, Generated) else "file"
        slate = await make_slate(binary, STANDARD.interpreted(""))
        setting = StageSetup(binary, base, origin, STANDARD, slate, open_recorder=self._open_recorder if self._disk else None)
        await self._listen()
        await self._listen_to_srt(binary)

        def open_source(stage: str, changed: Changed) -> Source:
            return Source(stage, setting, changed=changed)

        await self._app.start(open_source, self._disconnect)

    def _disconnect(self, stage: str, reason: str) -> None:
        self._rtmp.disconnect(stage, reason)
        self._srt.disconnect(stage, reason)
        self.whip.disconnect(stage, reason)
        if reason in (disconnect_reasons.LEFT_PROGRAMME, disconnect_reasons.STOPPING):  # it has no key, and gives way by itself
            self.puller.disconnect(stage, reason)

    async def _receive(self, source: ReceiverInput, sink: Callable[[bytes], None]) -> None:
        await receive(find_ffmpeg(self._settings.ffmpeg), source, sink)

    def _encoder_came(self, publication: Ingest) -> None:
        self.puller.disconnect(publication.stage, disconnect_reasons.REPLACED)
        self._app.publish(publication)

    def _published(self, publication: RtmpPublication) -> None:
        self.whip.disconnect(publication.stage, disconnect_reasons.REPLACED)
        self._srt.disconnect(publication.stage, disconnect_reasons.REPLACED)
        self._encoder_came(publication)

    def _open_recorder(self, stage: str, packager: Packager) -> StageRecorder:
        assert self._disk is not None
        return StageRecorder(stage, packager, self._clock, self._disk.writer)

    async def _base(self, binary: str) -> EncoderInput:
        media = self._settings.media
        if not media:
            return Generated()
        if not await asyncio.to_thread(Path(media).is_file):
            raise SettingError(f"MEDIA={media}: no such file")
        return await probe(binary, media)

    async def _listen(self) -> None:
        try:
            self._port = await self._rtmp.start()
        except OSError as wrong:
            why = "is already taken" if wrong.errno == errno.EADDRINUSE else f"cannot be used ({wrong.strerror})"
            raise SettingError(f"RTMP port {self._settings.rtmp_port} {why}: set TABLEE_RTMP_PORT to another") from None
        log.info("RTMP on port %d", self._port)

    async def _listen_to_srt(self, binary: str) -> None:
        if not self._settings.srt_port:
            return
        if not await speaks(binary, "srt"):
            raise SettingError("TABLEE_SRT_PORT is set, but this ffmpeg knows no SRT: set TABLEE_FFMPEG to another, or TABLEE_SRT_PORT=0")
        try:
            await self._srt.start()
        except OSError as wrong:
            raise SettingError(f"TABLEE_SRT_PORT={self._settings.srt_port} cannot be listened on: {wrong.strerror}") from None
        log.info("SRT on port %d", self._settings.srt_port)

    async def check(self) -> None:
        self._app.check()

    async def drain(self) -> None:
        await self._app.drain()
        await self.stop()

    async def stop(self) -> None:
        await self._rtmp.stop()
        await self._srt.stop()
        await self.whip.stop()

    def rtmp_host(self) -> str:
        """Host, with its port where that is not RTMP's own."""
        if self._settings.rtmp_public_host:
            return self._settings.rtmp_public_host
        host = self._host()
        return host if self._port == RTMP_PORT else f"{host}:{self._port}"

    def srt_address(self) -> str | None:
        """Host and port; None where SRT is not listened to."""
        public = urlsplit(f"//{self._settings.rtmp_public_host}").hostname
        return f"{public or self._host()}:{self._settings.srt_port}" if self._settings.srt_port else None

    def _host(self) -> str:
        return urlsplit(self._settings.origin).hostname or socket.gethostname()


def _networks(text: str) -> tuple[Network, ...]:
    """Raises SettingError."""
    try:
        return read_networks(text)
    except ValueError as wrong:
        raise SettingError(f"TABLEE_PULL_NETWORKS: {wrong}") from None
