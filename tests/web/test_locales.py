"""The catalogues: French and English say the same things, and every key that a page or a script names is there.

What must not be here: how sentences look in a page (test_pages.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.support.paths import WEB

CATALOGUES = ("pages", "live")
CALL = re.compile(r"""\bt\(\s*(['"])(?P<key>[a-z0-9_.]+)\1\s*(?P<next>[,)~+])""")
COUNTED = re.compile(r"""\btn\(\s*(['"])(?P<key>[a-z0-9_.]+)\1""")
SPELLED = re.compile(r"""\bt\(`(?P<key>[a-z0-9_.]+)\$\{""")
HOLE = re.compile(r"\{(\w+)\}")


def catalogue(lang: str, name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((WEB / "locales" / lang / f"{name}.json").read_text("utf-8"))
    return found


def everything(lang: str) -> dict[str, str]:
    return {key: text for name in CATALOGUES for key, text in catalogue(lang, name).items()}


def sources() -> Iterator[tuple[str, str]]:
    for path in [*(WEB / "pages").rglob("*.html"), *(WEB / "js").rglob("*.js")]:
        yield path.relative_to(WEB).as_posix(), path.read_text("utf-8")


@pytest.mark.parametrize("name", CATALOGUES)
def test_both_languages_have_the_same_keys(name: str) -> None:
    assert set(catalogue("fr", name)) == set(catalogue("en", name))


@pytest.mark.parametrize("name", CATALOGUES)
def test_both_languages_have_the_same_parameters(name: str) -> None:
    french, english = catalogue("fr", name), catalogue("en", name)
    unlike = {key for key in french if set(HOLE.findall(french[key])) != set(HOLE.findall(english[key]))}
    assert not unlike


def test_no_key_is_in_two_catalogues() -> None:
    assert not set(catalogue("fr", "pages")) & set(catalogue("fr", "live"))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_sentence_is_empty(lang: str) -> None:
    assert not [key for key, text in everything(lang).items() if not text.strip()]


def test_every_key_that_is_asked_for_is_there() -> None:
    known = everything("fr")
    missing = []
    for name, text in sources():
        for call in CALL.finditer(text):
            key = call["key"]
            there = any(one.startswith(key) for one in known) if call["next"] in "~+" else key in known
            if not there:
                missing.append(f"{name}: {key}")
        missing += [f"{name}: {one['key']}…" for one in SPELLED.finditer(text) if not any(key.startswith(one["key"]) for key in known)]
        missing += [f"{name}: {call['key']}.other" for call in COUNTED.finditer(text) if f"{call['key']}.other" not in known]
    assert not missing


def test_every_key_of_the_pages_is_asked_for() -> None:
    words = "\n".join(text for _, text in sources())
    asked = {call["key"] for call in CALL.finditer(words) if call["next"] not in "~+"}
    beginnings = {call["key"] for call in CALL.finditer(words) if call["next"] in "~+"}
    idle = [key for key in catalogue("fr", "pages") if key not in asked and not any(key.startswith(start) for start in beginnings)]
    assert not idle


def test_french_signs_keep_their_distance_and_stay_on_their_line() -> None:
    loose = [key for key, text in everything("fr").items() if re.search(r"[ ][:;?!»]|«[ ]|\w[;?!»]|\w'\w", HOLE.sub("x\u202f", text))]
    assert not loose
