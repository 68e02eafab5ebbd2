"""The words of every language in web/locales: all say the same things, and every key that a page or a script names is there.

What must not be here: how sentences look in a page (test_pages.py), which codes need a sentence (tests/unit/messages).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.messages import MESSAGES
from tests.support.paths import WEB

CATALOGUES = tuple(sorted(path.stem for path in (WEB / "locales" / "fr").glob("*.json")))
OTHERS = MESSAGES.languages[1:]
CALL = re.compile(r"""\b(?:t|at)\(\s*(['"])(?P<key>[a-z0-9_.]+)\1\s*(?P<next>[,)~+])""")
COUNTED = re.compile(r"""\btn\(\s*(['"])(?P<key>[a-z0-9_.]+)\1""")
SPELLED = re.compile(r"""\bt\(`(?P<key>[a-z0-9_.]+)\$\{""")
NAMED = re.compile(r"import_map\('(?P<script>js/pages/\w+\.js)'(?P<more>[^)]*)\)")
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]""")
ADDED = re.compile(r"addWords\('(\w+)'\)")
HOLE = re.compile(r"\{(\w+)\}")
PLURAL = re.compile(r"\.(zero|one|two|few|many|other)$")


def catalogue(lang: str, name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((WEB / "locales" / lang / f"{name}.json").read_text("utf-8"))
    return found


def everything(lang: str) -> dict[str, str]:
    return {key: text for name in CATALOGUES for key, text in catalogue(lang, name).items()}


def sources() -> Iterator[tuple[str, str]]:
    for path in [*(WEB / "pages").rglob("*.html"), *(WEB / "js").rglob("*.js")]:
        yield path.relative_to(WEB).as_posix(), path.read_text("utf-8")


def plain(keys: dict[str, str]) -> set[str]:
    return {PLURAL.sub(".*", key) for key in keys}


@pytest.mark.parametrize("name", CATALOGUES)
@pytest.mark.parametrize("lang", OTHERS)
def test_a_language_has_the_keys_of_french(lang: str, name: str) -> None:
    assert plain(catalogue("fr", name)) == plain(catalogue(lang, name))


def test_no_language_lacks_a_text() -> None:
    assert MESSAGES.missing() == {}


@pytest.mark.parametrize("name", CATALOGUES)
@pytest.mark.parametrize("lang", OTHERS)
def test_a_language_has_the_parameters_of_french(lang: str, name: str) -> None:
    """A singular may do without the number: « une personne », “a minute ago”."""
    french, other = catalogue("fr", name), catalogue(lang, name)
    shared = {key for key in french.keys() & other.keys() if not PLURAL.search(key) or key.endswith(".other")}
    assert not {key for key in shared if set(HOLE.findall(french[key])) != set(HOLE.findall(other[key]))}


@pytest.mark.parametrize("lang", MESSAGES.languages)
def test_a_singular_has_no_parameter_that_its_plural_lacks(lang: str) -> None:
    words = everything(lang)
    others = {key: text for key, text in words.items() if PLURAL.search(key)}
    assert not {key for key, text in others.items() if not set(HOLE.findall(text)) <= set(HOLE.findall(words[PLURAL.sub(".other", key)]))}


@pytest.mark.parametrize("lang", MESSAGES.languages)
def test_a_counted_text_has_the_forms_of_its_language(lang: str) -> None:
    """The categories that CLDR tells apart among ordinary numbers, and `zero` where somebody wanted it."""
    needed = {MESSAGES.locale(lang).plural_form(n) for n in range(200)}
    words = everything(lang)
    counted = {PLURAL.sub("", key) for key in words if key.endswith(".other") and f"{PLURAL.sub('', key)}.one" in words}
    assert counted
    assert not {f"{key}.{form}" for key in counted for form in needed if f"{key}.{form}" not in words}


@pytest.mark.parametrize("lang", MESSAGES.languages)
def test_no_sentence_is_empty(lang: str) -> None:
    assert not [key for key, text in everything(lang).items() if not text.strip()]


def missing(text: str, known: set[str]) -> list[str]:
    """What a page or script asks for that is not among these keys."""
    found = []
    for call in CALL.finditer(text):
        key = call["key"]
        if not (any(one.startswith(key) for one in known) if call["next"] in "~+" else key in known):
            found.append(key)
    found += [f"{one['key']}…" for one in SPELLED.finditer(text) if not any(key.startswith(one["key"]) for key in known)]
    return [*found, *(f"{call['key']}.other" for call in COUNTED.finditer(text) if f"{call['key']}.other" not in known)]


def unsaid(script: Path, known: set[str]) -> dict[str, list[str]]:
    """Of a script and whatever it imports: what each asks for in vain."""
    waiting, seen, found = [script], set[Path](), dict[str, list[str]]()
    while waiting:
        path = waiting.pop().resolve()
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        text = path.read_text("utf-8")
        if gone := missing(text, known):
            found[path.name] = gone
        waiting += [path.parent / name for name in IMPORT.findall(text)]
    return found


def test_every_key_that_is_asked_for_is_there() -> None:
    known = set(everything("fr"))
    assert not {name: gone for name, text in sources() if (gone := missing(text, known))}


@pytest.mark.parametrize("page", sorted(path.stem for path in (WEB / "pages").glob("*.html") if NAMED.search(path.read_text("utf-8"))))
def test_a_live_page_brings_the_words_that_its_scripts_ask_for(page: str) -> None:
    """Those that it loads later too; what is named by the server in the page itself needs none."""
    named = NAMED.search((WEB / "pages" / f"{page}.html").read_text("utf-8"))
    assert named is not None
    known = {key for name in ("live", *re.findall(r"'(\w+)'", named["more"])) for key in catalogue("fr", name)}
    assert not unsaid(WEB / named["script"], known)


@pytest.mark.parametrize("part", sorted(path.name for path in (WEB / "js" / "parts").glob("*.js")))
def test_a_part_that_comes_later_brings_the_words_that_it_asks_for(part: str) -> None:
    """Beside those of every live page, whichever it comes to."""
    script = WEB / "js" / "parts" / part
    known = {key for name in ("live", *ADDED.findall(script.read_text("utf-8"))) for key in catalogue("fr", name)}
    assert not unsaid(script, known)


def test_every_key_of_the_pages_is_asked_for() -> None:
    words = "\n".join(text for _, text in sources())
    asked = {call["key"] for call in CALL.finditer(words) if call["next"] not in "~+"} | {call["key"] for call in COUNTED.finditer(words)}
    beginnings = {call["key"] for call in CALL.finditer(words) if call["next"] in "~+"} | {"format.", "language."}
    idle = [
        key
        for key in catalogue("fr", "pages")
        if PLURAL.sub("", key) not in asked and key not in asked and not any(key.startswith(start) for start in beginnings)
    ]
    assert not idle


def test_french_signs_keep_their_distance_and_stay_on_their_line() -> None:
    """No ordinary space before : ; ? ! and inside « », none missing, and apostrophes are curly. Patterns of dates are not French."""
    loose = [
        key
        for key, text in everything("fr").items()
        if not key.startswith("format.") and re.search(r"[ ][:;?!»]|«[ ]|\w[;?!»]|\w:(\s|$)|\w'\w", HOLE.sub("x\u202f", text))
    ]
    assert not loose


@pytest.mark.parametrize("lang", [lang for lang in MESSAGES.languages if lang != "fr"])
def test_other_languages_have_no_french_spaces_and_no_straight_apostrophes(lang: str) -> None:
    words = {key: text for key, text in everything(lang).items() if not key.startswith("format.")}
    assert not [key for key, text in words.items() if re.search(r"[\u202f\u00a0][;?!]|\w'\w", text)]
