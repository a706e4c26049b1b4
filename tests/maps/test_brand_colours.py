"""A shop's colours can be read, or are refused with ones that can."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.brand_colours import accent_css, faults_of, nearest_readable
from maps.palette import DARK, LIGHT, contrast


def test_our_own_accents_pass():
    """The palette keeps its own rule."""
    assert faults_of(LIGHT["accent"], dark=False) == ()
    assert faults_of(DARK["accent"], dark=True) == ()


@pytest.mark.parametrize(("colour", "dark"), [("#ffcc00", False), ("#ffffff", False), ("#000000", True), ("#1a237e", True)])
def test_a_colour_that_cannot_be_read_is_named_with_its_contrast(colour, dark):
    """Each fault says where, how much there is, and how much is needed."""
    faults = faults_of(colour, dark=dark)

    assert faults
    assert all(re.search(r"\d+\.\d\d:1 \(at least (4\.5|3\.0):1\)", fault) for fault in faults)


@given(st.integers(0, 0xFFFFFF), st.booleans())
def test_the_nearest_readable_colour_is_readable(number, dark):
    """Whatever colour a shop has, the one that is offered passes every check."""
    offered = nearest_readable(f"#{number:06x}", dark=dark)

    assert offered is not None
    assert faults_of(offered, dark=dark) == ()


@given(st.integers(0, 0xFFFFFF))
def test_text_on_a_filled_button_can_be_read(number):
    """The ink on an accent is the one of two that is read better."""
    offered = nearest_readable(f"#{number:06x}", dark=False)
    css = accent_css(offered, None)
    ink = re.search(r"--on-accent:(#[0-9a-f]{6})", css).group(1)

    assert contrast(ink, offered) >= 4.5


def test_a_light_accent_does_not_shine_in_the_dark():
    """Where a shop names no dark accent, the palette's own stands in; without accents nothing is said."""
    css = accent_css("#7a1f5c", None)

    assert f"--accent:{DARK['accent']}" in css.split("@media")[1]
    assert accent_css(None, None) == ""
    assert "@media" in accent_css(None, "#ff9ad5")
    assert not accent_css(None, "#ff9ad5").startswith(":root")
