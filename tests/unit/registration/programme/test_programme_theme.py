"""The organiser's accent: readable in both themes, whatever was asked for, and said when it had to change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.programme import ProgrammeError, read_theme
from services.registration.programme.format.theme import DARK_PAPER, MIN_CONTRAST, PAPER, contrast, theme

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06X}")


@given(COLOURS)
def test_any_accent_reads_as_text_and_under_text_in_both_themes(accent: str) -> None:
    found = theme(accent)
    assert contrast(found.light, PAPER) >= MIN_CONTRAST
    assert contrast(found.dark, DARK_PAPER) >= MIN_CONTRAST
    assert contrast(found.light, found.on_light) >= MIN_CONTRAST
    assert contrast(found.dark, found.on_dark) >= MIN_CONTRAST
    assert (found.light == accent) == (not found.warnings)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_a_good_accent_is_left_alone_and_a_bad_one_is_corrected_and_reported() -> None:
    assert theme("#0F5C63").light == "#0F5C63"
    pale = read_theme('name: Essai\naccent: "#FFEE88"\n')
    assert pale.light != "#FFEE88"
    assert (pale.warnings[0].path, pale.warnings[0].code) == ("theme.yaml:2 accent", "theme.accent_corrected")


def test_a_logo_is_said_not_to_be_shown() -> None:
    (warning,) = read_theme("name: Essai\nlogo: logo.svg\n").warnings
    assert (warning.path, warning.code) == ("theme.yaml:2 logo", "programme.warn.not_obeyed")


def test_the_variables_stand_in_both_themes() -> None:
    css = theme().css()
    assert css.count("--accent:") == 2
    assert "prefers-color-scheme: dark" in css


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("name: x\naccent: red\n", "theme.yaml:2 accent", "theme.bad_colour"),
        ('name: x\naccent: "#0F5C6"\n', "theme.yaml:2 accent", "theme.bad_colour"),
        ("accent: '#000000; } body { display: none'\nname: x\n", "theme.yaml:1 accent", "theme.bad_colour"),
        ("name: x\nlogo: ../../secret.png\n", "theme.yaml:2 logo", "programme.bad_file"),
        ("name: x\nlogo: /etc/passwd\n", "theme.yaml:2 logo", "programme.bad_file"),
        ("name: x\nacent: red\n", "theme.yaml:2 acent", "programme.unknown_field_near"),
        ("accent: '#000000'\n", "theme.yaml:1 name", "programme.missing_field"),
    ],
)
def test_a_theme_file_with_an_error_says_where(text: str, path: str, code: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        read_theme(text)
    assert (caught.value.fields[0].path, caught.value.fields[0].code) == (path, code)
