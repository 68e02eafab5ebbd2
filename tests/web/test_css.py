"""The style sheets: every class and every token is used somewhere, every colour of a theme is written once.

What must not be here: how a page looks (test_pages.py).
"""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.support.paths import WEB

SHEETS: Final = {path.name: re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S) for path in sorted((WEB / "css").glob("*.css"))}
SOURCE: Final = "\n".join(path.read_text("utf-8") for folder in ("pages", "js") for path in (WEB / folder).rglob("*.*"))
MADE: Final = tuple(re.findall(r"([a-z][\w-]*(?:--|__))(?:\$\{|\{\{)", SOURCE))
"""Beginnings of classes that pages and scripts complete: `badge--${status}`."""
TOKEN: Final = re.compile(r"(?:^|[{;])\s*(--[\w-]+)\s*:", re.MULTILINE)


def classes(sheet: str) -> set[str]:
    selectors = re.sub(r"\{[^{}]*\}", "{}", sheet)
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))


def is_used(name: str) -> bool:
    return bool(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", SOURCE)) or any(name.startswith(one) and name != one for one in MADE)


def tokens(sheet: str) -> list[str]:
    return TOKEN.findall(sheet)


@pytest.mark.parametrize("name", SHEETS)
def test_every_class_is_used_by_a_page_or_a_script(name: str) -> None:
    assert not [one for one in sorted(classes(SHEETS[name])) if not is_used(one)]


def test_a_class_that_nobody_uses_would_be_found() -> None:
    assert classes(".button--wide { width: 100%; }") == {"button--wide"}
    assert not is_used("button--wide")
    assert is_used("badge--waiting")


def test_every_token_is_used() -> None:
    everything = "\n".join(SHEETS.values()) + SOURCE
    defined = {token for sheet in SHEETS.values() for token in tokens(sheet)}
    assert not sorted(token for token in defined if f"var({token}" not in everything)


@pytest.mark.parametrize("name", ["tokens.css", "dark.css"])
def test_a_theme_writes_every_token_once(name: str) -> None:
    """Besides what pages of one kind write anew (`:root[…]`)."""
    root = re.sub(r":root\[[^{]*\{[^}]*\}", "", SHEETS[name].split("@media")[0])
    assert len(tokens(root)) == len(set(tokens(root)))


def test_the_dark_theme_changes_tokens_of_the_light_one_and_nothing_else() -> None:
    assert set(tokens(SHEETS["dark.css"])) <= set(tokens(SHEETS["tokens.css"]))
    assert set(re.findall(r"([^{}]+)\{", SHEETS["dark.css"].strip())) == {":root "}


@pytest.mark.parametrize("name", SHEETS)
def test_no_style_of_a_whole_page_hangs_on_something_within_it(name: str) -> None:
    """Each change anywhere would style everything anew: 150 ms a key on a desk of 500 questions. The body has a class for it."""
    assert not re.findall(r"(?:^|[\s,}])(?:html|body|main|:root)[^\s,{]*:has\(", SHEETS[name], flags=re.MULTILINE)
