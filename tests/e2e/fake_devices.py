"""Cameras and microphones out of files, for browsers: each with a colour and a tone of its own."""

from __future__ import annotations

import array
import math
import wave
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Playwright

from tests.e2e.harness import ARGUMENTS

WIDTH, HEIGHT, FPS = 320, 180, 15
RATE: Final = 48_000
SECONDS: Final = 1
BEEPS: Final = 4
"""A second: what never stops is taken for noise and taken out."""
RED: Final = (81, 90, 240)
"""Y, Cb, Cr of 255, 0, 0."""

EAR: Final = """([hertz, least]) => {
  const video = document.querySelector('tablee-player video');
  if (!video) return false;
  if (!window.ear) {
    const context = new AudioContext();
    window.ear = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaElementSource(video).connect(window.ear);
  }
  video.muted = false;
  const bins = new Float32Array(window.ear.frequencyBinCount), wide = window.ear.context.sampleRate / window.ear.fftSize;
  window.ear.getFloatFrequencyData(bins);
  return Math.max(...bins.slice(Math.floor(hertz / wide) - 2, Math.ceil(hertz / wide) + 3)) > least; }"""
"""Whether a tone is in what a viewer's player plays, in dB below full scale."""


def camera(path: Path, colour: tuple[int, int, int]) -> Path:
    """One second of a plain picture, in Y, Cb and Cr, which a browser plays over and over (yuv4mpeg)."""
    planes = b"".join(
        bytes([value]) * size for value, size in zip(colour, (WIDTH * HEIGHT, WIDTH * HEIGHT // 4, WIDTH * HEIGHT // 4), strict=True)
    )
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FPS}:1 Ip A1:1 C420jpeg\n".encode() + (b"FRAME\n" + planes) * FPS * SECONDS)
    return path


def microphone(path: Path, hertz: int) -> Path:
    """One second of a tone that comes and goes, played over and over."""
    samples = (
        12_000 * math.sin(2 * math.pi * hertz * n / RATE) if (n * BEEPS * 2 // RATE) % 2 == 0 else 0.0 for n in range(RATE * SECONDS)
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array.array("h", [round(value) for value in samples]).tobytes())
    return path


async def launch_with(playwright: Playwright, chromium: Path, folder: Path, colour: tuple[int, int, int], hertz: int) -> Browser:
    """A browser of its own: the files are of the whole process."""
    files = (
        f"--use-file-for-fake-video-capture={camera(folder / 'camera.y4m', colour)}",
        f"--use-file-for-fake-audio-capture={microphone(folder / 'microphone.wav', hertz)}",
    )
    return await playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, *files])
