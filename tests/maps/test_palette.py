"""Colours can be read, in light and in dark."""

import re

import pytest

from maps.palette import DARK, LIGHT, contrast, css
from maps.templating import STATIC_FOLDER

TEXT_ON = [
    ("ink", "paper"),
    ("ink", "card"),
    ("soft", "paper"),
    ("soft", "card"),
    ("accent", "card"),
    ("accent", "accent-wash"),
    ("ink", "accent-wash"),
    ("ink", "warn-wash"),
    ("on-accent", "accent"),
    ("good", "good-wash"),
    ("warn", "warn-wash"),
    ("bad", "bad-wash"),
    ("bad", "card"),
    ("warn", "card"),
    ("good", "card"),
    ("town", "land"),
    ("card", "good"),
]
LINES_ON = [("accent", "land"), ("forecast", "land"), ("accent", "sea"), ("forecast", "sea"), ("forecast", "card")]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(colours, text, ground):
    """Text has a contrast of 4.5:1 (WCAG 2.2, 1.4.3)."""
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), LINES_ON)
def test_lines_can_be_seen(colours, line, ground):
    """Legs and bars have a contrast of 3:1 (WCAG 2.2, 1.4.11)."""
    assert contrast(colours[line], colours[ground]) >= 3


def test_contrast_is_the_one_of_the_standard():
    """Black on white has 21:1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_every_colour_of_a_style_comes_from_the_palette():
    """Styles name only properties that the palette defines, or that they set themselves."""
    sheets = [
        path.read_text() for folder in (STATIC_FOLDER, STATIC_FOLDER.parents[1] / "serving" / "static") for path in folder.glob("*.css")
    ]
    used = {name for sheet in sheets for name in re.findall(r"var\(--([a-z-]+)", sheet)}
    own = {name for sheet in sheets for name in re.findall(r"--([a-z-]+):", sheet)}

    assert used - own <= set(LIGHT)
    assert set(LIGHT) == set(DARK)
    assert css().count("--ink:") == 2
