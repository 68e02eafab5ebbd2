"""The organiser's theme: an accent colour. Pure: a colour in, CSS variables out.

Contrast is that of WCAG 2.2 (success criterion 1.4.3, definition "contrast ratio"): at least 4.5:1 for text. An accent serves as text on
the paper and as a ground under text, in the light and in the dark theme; each theme gets its own shade of it when one shade cannot do.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, replace
from typing import Annotated

from services.registration.programme.format.kinds import COLOUR, FILE, Text
from services.registration.programme.format.reader import Reading, read_block
from shared.errors import FieldError

PAPER, INK = "#FAF7F2", "#1C1B19"
DARK_PAPER, DARK_INK = "#1C1B19", "#FAF7F2"
MIN_CONTRAST = 4.5
DARK_CONTRAST = 6.5
DARK_SATURATION = 0.6
"""A full colour shouts from dark paper."""
DEFAULT_ACCENT = "#0F5C63"
STEPS = 100
"""Shades tried between the accent and the ink, at most."""

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """theme.yaml as written. `name` is for whoever reads the file; no page shows `logo` yet, which is said."""

    name: Annotated[str, Text(120)]
    accent: Annotated[str, COLOUR] = DEFAULT_ACCENT
    logo: Annotated[str, FILE] | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """`light` and `dark`: the accent as used; `on_light` and `on_dark` the text set on them; `warnings` says what changed."""

    light: str
    on_light: str
    dark: str
    on_dark: str
    warnings: tuple[FieldError, ...] = ()

    def css(self) -> str:
        """The variables of `/theme.css`, for the light and the dark theme."""
        light = _variables(self.light, self.on_light, PAPER)
        dark = _variables(self.dark, self.on_dark, DARK_PAPER)
        return f":root {{{light}}}\n@media (prefers-color-scheme: dark) {{\n  :root {{{dark}}}\n}}\n"


def read_theme(text: str, name: str = "theme.yaml") -> Theme:
    """The theme in a file. Raises ProgrammeError with file, line and field of what is wrong."""
    reading = Reading(name)
    found: ThemeFile | None = read_block(ThemeFile, text, reading)
    reading.check()
    assert found is not None
    look = theme(found.accent, where=f"{name}:{reading.line('accent')} accent")
    if found.logo is None:
        return look
    unseen = FieldError(f"{name}:{reading.line('logo')} logo", "programme.warn.not_obeyed", {"field": "logo"})
    return replace(look, warnings=(*look.warnings, unseen))


def theme(accent: str = DEFAULT_ACCENT, *, where: str = "accent") -> Theme:
    """A theme whose accent reads in both themes; a shade that was changed is reported in `warnings`."""
    accent = accent.upper()
    light, dark = readable(accent, PAPER, INK), readable(lifted(accent), DARK_PAPER, DARK_INK)
    warnings = []
    if light != accent:
        params = {"accent": accent, "used": light, "contrast": round(contrast(accent, PAPER), 2), "min": MIN_CONTRAST}
        warnings.append(FieldError(where, "theme.accent_corrected", params))
    return Theme(light, text_on(light), dark, text_on(dark), tuple(warnings))


def readable(colour: str, ground: str, towards: str) -> str:
    """`colour`, or the shade nearest to it on the way `towards` that has 4.5:1 on `ground` (and under the text set on it)."""
    start, end = _rgb(colour), _rgb(towards)
    for step in range(STEPS + 1):
        shade = _hex(tuple(round(a + (b - a) * step / STEPS) for a, b in zip(start, end, strict=True)))
        if contrast(shade, ground) >= MIN_CONTRAST and contrast(shade, text_on(shade)) >= MIN_CONTRAST:
            return shade
    return towards


def lifted(colour: str) -> str:
    """The accent for the dark theme: its hue, lightened in steps until it glows on dark paper instead of just being readable there."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in _rgb(colour)))
    for step in range(STEPS + 1):
        raised = lightness + (1 - lightness) * step / STEPS
        shade = _hex(tuple(round(part * 255) for part in colorsys.hls_to_rgb(hue, raised, saturation * DARK_SATURATION)))
        if contrast(shade, DARK_PAPER) >= DARK_CONTRAST:
            return shade
    return DARK_INK


def text_on(ground: str) -> str:
    """Paper or ink, whichever reads better on `ground`."""
    return max((PAPER, INK), key=lambda colour: contrast(colour, ground))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _variables(accent: str, on_accent: str, paper: str) -> str:
    soft = _mix(accent, paper, 0.12)
    return f" --accent: {accent}; --on-accent: {on_accent}; --accent-soft: {soft}; "


def _mix(colour: str, ground: str, share: float) -> str:
    return _hex(tuple(round(a * share + b * (1 - share)) for a, b in zip(_rgb(colour), _rgb(ground), strict=True)))


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(rgb: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02X}" for part in rgb)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
