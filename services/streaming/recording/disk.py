"""Takes as files: FOLDER/<session>/<take>/take.json, <rendition>.mp4, <rendition>.index. Everything here blocks: for threads only."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote, unquote

from services.streaming.media.fmp4 import read_init
from services.streaming.packaging.segments import MadePart
from services.streaming.recording.takes import Take, TakeFacts, TakenTrack, init_line, part_line

RESERVE_BYTES: Final = 512 * 1024 * 1024
"""What a recording leaves free: the database of a small installation is on the same disk."""
FACTS: Final = "take.json"
FILES: Final = "files"
"""Beside the takes of a session: what was made of them."""


class TakeWriter:
    """The files of one take, while it lasts. Whatever a write raises, what was written before stays good."""

    def __init__(self, folder: Path, facts: TakeFacts, reserve: int) -> None:
        """Raises OSError."""
        self._folder, self._reserve = _take_folder(folder, facts.session, facts.id), reserve
        _leave_free(folder, reserve)
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / FACTS).write_text(facts.to_text())
        self._files: dict[str, tuple[BinaryIO, BinaryIO]] = {}
        self._inits: dict[str, bytes] = {}

    def write(self, part: MadePart) -> None:
        """Raises OSError."""
        _leave_free(self._folder, self._reserve)
        data, index = self._opened(part.rendition)
        if self._inits.get(part.rendition) != part.init:
            offset = _append(data, part.init)
            _append(index, init_line(offset, len(part.init), read_init(part.init).codec))
            self._inits[part.rendition] = part.init
        _append(index, part_line(part, _append(data, part.data)))

    def close(self) -> None:
        for pair in self._files.values():
            for file in pair:
                file.close()
        self._files.clear()

    def _opened(self, rendition: str) -> tuple[BinaryIO, BinaryIO]:
        if rendition not in self._files:
            data, index = ((self._folder / f"{rendition}.{ending}").open("ab", buffering=0) for ending in ("mp4", "index"))
            self._files[rendition] = (data, index)
        return self._files[rendition]


class Disk:
    """`folder` is made when the first take is."""

    def __init__(self, folder: Path, *, reserve: int = RESERVE_BYTES) -> None:
        self._folder, self._reserve = folder, reserve

    def writer(self, facts: TakeFacts) -> TakeWriter:
        """Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return TakeWriter(self._folder, facts, self._reserve)

    def sessions(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        return sorted(unquote(entry.name) for entry in self._folder.iterdir() if entry.is_dir())

    def takes(self, session: str) -> list[Take]:
        """Newly found, nothing of their indexes read; oldest first. What is no take is left out."""
        folder, found = self._folder / _name(session), []
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            try:
                facts = TakeFacts.from_text((path / FACTS).read_text())
            except (OSError, ValueError, TypeError, KeyError):
                continue
            found.append(Take(facts, {track.name: TakenTrack() for track in facts.tracks}))
        return found

    def read_on(self, take: Take) -> None:
        """What the indexes have grown by since."""
        folder = _take_folder(self._folder, take.facts.session, take.facts.id)
        for name, track in take.tracks.items():
            try:
                with (folder / f"{name}.index").open("rb") as file:
                    file.seek(track.read)
                    track.take(file.read())
            except FileNotFoundError:
                continue

    def bytes_of(self, take: TakeFacts, rendition: str, offset: int, length: int) -> bytes:
        """Raises OSError when they are not there any more."""
        with (_take_folder(self._folder, take.session, take.id) / f"{rendition}.mp4").open("rb") as file:
            file.seek(offset)
            data = file.read(length)
        if len(data) < length:
            raise OSError(errno.EIO, "a take is shorter than its index says")
        return data

    def path_of(self, take: TakeFacts, rendition: str) -> Path:
        return (_take_folder(self._folder, take.session, take.id) / f"{rendition}.mp4").absolute()

    def file_of(self, session: str, name: str) -> Path:
        return (self._folder / _name(session) / FILES / name).absolute()

    def workplace(self, session: str, needed: int) -> Path:
        """A new, empty folder in which a file of so many bytes has room. Raises OSError."""
        _leave_free(self._folder, self._reserve + needed)
        folder = self.file_of(session, "making")
        self.clear(folder)
        folder.mkdir(parents=True)
        return folder

    def clear(self, workplace: Path) -> None:
        shutil.rmtree(workplace, ignore_errors=True)

    def erase(self, session: str) -> None:
        """Raises OSError."""
        shutil.rmtree(self._folder / _name(session))


def _append(file: BinaryIO, data: bytes) -> int:
    """Where it begins. Raises OSError; what a disk took of it before it was full is taken back."""
    offset, written = file.seek(0, os.SEEK_END), 0
    try:
        while written < len(data):
            written += file.write(data[written:])
    except OSError:
        file.truncate(offset)
        raise
    return offset


def _leave_free(folder: Path, reserve: int) -> None:
    if shutil.disk_usage(folder).free < reserve:
        raise OSError(errno.ENOSPC, "too little is left free on the disk of the recordings")


def _take_folder(folder: Path, session: str, take: str) -> Path:
    return folder / _name(session) / _name(take)


def _name(text: str) -> str:
    """One safe name in a folder; what begins with a dot does not."""
    return quote(text, safe="").replace(".", "%2E")
