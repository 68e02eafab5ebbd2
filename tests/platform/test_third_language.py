"""A third language is one folder: with one more in web/locales a platform speaks it everywhere, and French where it lacks words."""

from __future__ import annotations

import asyncio
import email
import json
import re
import shutil
from collections.abc import AsyncIterator
from email.policy import default
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from websockets.asyncio.client import connect

from tests.support.paths import ROOT
from tests.support.people import SESSION
from tests.support.platform import Running, embedded

LANGUAGE: Final = "eo"
MARK: Final = "★ "
"""Before every text of the throw-away language, so that a page shows where it is spoken."""
LACKING: Final = ("hint.lead", "ask.label")
"""Words it lacks: one of the pages, one of the live pages."""
MAIL_SECONDS: Final = 30.0


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Running]:
    checkout = tmp_path / "checkout"
    for folder in ("services", "shared", "web", "examples"):
        shutil.copytree(ROOT / folder, checkout / folder, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    own = checkout / "web" / "locales" / LANGUAGE
    own.mkdir()
    for path in (ROOT / "web" / "locales" / "fr").glob("*.json"):
        words = json.loads(path.read_text("utf-8"))
        spoken = {key: text if key.startswith("format.") else MARK + text for key, text in words.items() if key not in LACKING}
        (own / path.name).write_text(json.dumps(spoken, ensure_ascii=False), "utf-8")
    running = embedded(tmp_path)
    running.processes["all"].checkout = checkout
    async with running as one:
        yield one


async def text_of(http: aiohttp.ClientSession, address: str) -> str:
    async with http.get(address, headers={"Accept": "text/html"}) as response:
        return await response.text()


def mails_in(folder: Path) -> list[Path]:
    return list(folder.glob("*.eml"))


async def the_mail(folder: Path) -> str:
    async with asyncio.timeout(MAIL_SECONDS):
        while not (found := mails_in(folder)):  # noqa: ASYNC110 - another process writes the file
            await asyncio.sleep(0.05)
    message = email.message_from_bytes(found[0].read_bytes(), policy=default)
    body = message.get_body(("plain",))
    assert body is not None
    return f"{message['Subject']}\n{body.get_content()}"


async def refusal_of_the_feed(running: Running) -> dict[str, Any]:
    hello = {"op": "hello", "v": 1, "pass": "none", "session": SESSION, "view": "public", "epoch": None, "seq": None}
    async with connect(running.feed, compression=None) as socket:
        await socket.send(json.dumps(hello))
        async for text in socket:
            frame: dict[str, Any] = json.loads(text)
            if frame["op"] == "error":
                return frame
    raise AssertionError("the feed did not say why")


async def test_one_folder_makes_the_platform_speak_a_third_language(platform: Running, http: aiohttp.ClientSession) -> None:
    page = await text_of(http, f"{platform.base}/?lang={LANGUAGE}")
    assert f'<html lang="{LANGUAGE}"' in page
    assert f"{MARK}M’inscrire" in page
    assert re.search(r"★ (lundi|mardi|mercredi|jeudi)", page) is None, "the names of days are Babel's, in that language"
    assert f'hreflang="{LANGUAGE}"' in await text_of(http, platform.base), "every page offers it"

    async with http.get(f"{platform.base}/api/registration/nothing", headers={"Accept-Language": LANGUAGE}) as response:
        problem = await response.json(content_type=None)
    assert set(problem["sentences"]) == {"fr", "en", LANGUAGE}
    assert problem["detail"] == problem["sentences"][LANGUAGE] == MARK + problem["sentences"]["fr"]
    assert MARK + problem["sentences"]["fr"] in await text_of(http, f"{platform.base}/nothing?lang={LANGUAGE}")

    refused = await refusal_of_the_feed(platform)
    assert refused["sentences"][LANGUAGE] == MARK + refused["sentences"]["fr"]

    form = {"name": "Ada", "email": "ada@example.org", "door": "remote", "language": LANGUAGE, "image_rights": "refused"}
    async with http.post(f"{platform.base}/api/registration/registrations", json=form) as response:
        assert response.status == 202, await response.text()
    assert (await the_mail(platform.folder / "var" / "mail")).count(MARK) > 5


async def test_words_that_the_language_lacks_are_french_and_are_reported(platform: Running, http: aiohttp.ClientSession) -> None:
    french = json.loads((ROOT / "web" / "locales" / "fr" / "pages.json").read_text("utf-8"))["hint.lead"]
    page = await text_of(http, f"{platform.base}/link?lang={LANGUAGE}")
    assert french in page
    assert MARK + french not in page
    assert 'data-fallback="fr"' in page, "the scripts fill the gaps of the live pages"
    assert f"{len(LACKING)} texts are missing in {LANGUAGE}" in platform.processes["all"].log.read_text("utf-8")
