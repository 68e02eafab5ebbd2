"""What people type is mended or refused, and what was mended once stays as it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text import Unmendable, tidy, tidy_lines

TIDIERS = [tidy, tidy_lines]
ODD = "a\u0301 \n\r\t\u200b\u200d\u200f\u2066\ufeff\u00ad\u05d0"
TYPED = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(ODD)))


def tidied(make: Callable[[str], str], text: str) -> str | None:
    try:
        return make(text)
    except Unmendable:
        return None


@pytest.mark.parametrize("make", TIDIERS)
@given(text=TYPED)
def test_a_tidy_text_is_left_alone(make: Callable[[str], str], text: str) -> None:
    once = tidied(make, text)
    if once is not None:
        assert make(once) == once


@pytest.mark.parametrize("make", TIDIERS)
@given(text=TYPED)
def test_nothing_that_hides_or_reorders_is_left(make: Callable[[str], str], text: str) -> None:
    once = tidied(make, text)
    if once is not None:
        left = {sign for sign in once if unicodedata.category(sign) in ("Cf", "Cc", "Zl", "Zp")}
        assert left <= set("\n\u200c\u200d\u200e\u200f\u061c")
        assert once == once.strip() == unicodedata.normalize("NFC", once)
        assert "\n\n\n" not in once


@given(text=TYPED)
def test_every_visible_sign_stays(text: str) -> None:
    once = tidied(tidy, text)
    if once is not None:

        def seen(words: str) -> str:
            plain = unicodedata.normalize("NFC", "".join(sign for sign in words if unicodedata.category(sign) != "Cf"))
            return "".join(plain.split())

        assert seen(once) == seen(text)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1b[31mb", "\x7f", "\ud800"])
@pytest.mark.parametrize("make", TIDIERS)
def test_what_cannot_be_mended_is_refused(make: Callable[[str], str], text: str) -> None:
    with pytest.raises(Unmendable):
        make(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\ufeffJean\u00ad-Noël\u200b  d’Agrain ", "Jean-Noël d’Agrain"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("\u200dAda\u200c", "Ada"),
        ("ABC\u200f", "ABC"),
        ("שלום\u200f!", "שלום\u200f!"),
        ("👩\u200d🌾", "👩\u200d🌾"),
    ],
)
def test_what_belongs_to_a_script_stays_and_what_came_with_the_clipboard_goes(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


def test_lines_stay_lines_whatever_wrote_them() -> None:
    assert tidy_lines("a \r\nb\u2028c\r\n\n\n\n d ") == "a\nb\nc\n\nd"
    assert tidy("a\r\nb") == "a b"
