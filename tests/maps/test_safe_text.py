"""Text from outside becomes harmless before it is shown."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.safe_text import clean, script_json
from tests.maps.hostile import HOSTILE


@given(st.text(alphabet=st.characters(), max_size=400))
def test_cleaned_text_holds_nothing_invisible(text):
    """Whatever comes in, no control, direction or surrogate character comes out, and never more than the length allowed."""
    shown = clean(text, longest=50)

    assert shown is None or (len(shown) <= 50 and shown == shown.strip())
    assert all(unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in shown or "")


@given(st.text(max_size=80))
def test_cleaning_twice_changes_nothing_more(text):
    """Clean text stays as it is."""
    once = clean(text)

    assert clean(once) == once


def test_plain_names_stay_themselves():
    """A name with accents, an apostrophe and an ampersand is shown as it is."""
    assert clean("  Müller & Söhne, O'Brien 東京  ") == "Müller & Söhne, O'Brien 東京"


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_a_json_block_can_not_be_left(text):
    """No payload ends its script element or opens another, and the block still reads back as the same value."""
    block = script_json({text: [text]})

    assert not set("<>&'\u2028\u2029") & set(block)
    assert json.loads(block) == {text: [text]}


def test_numbers_that_json_does_not_know_are_refused():
    """A map must not be drawn from NaN."""
    with pytest.raises(ValueError, match="JSON"):
        script_json({"lat": float("nan")})
