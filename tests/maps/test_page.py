"""The page as one file: complete, light, and deaf to what its texts say."""

import html as entities
import json
import re
from dataclasses import fields, is_dataclass

import pytest

from maps.journey_page import JourneyPage
from maps.page import LEAST_LAND_BYTES, MOST_LAND_BYTES, journey_context, land_around, standalone
from maps.page_words import page_words
from maps.safe_text import script_json
from tests.maps.hostile import HOSTILE, RUN, SUMS, poisoned
from tests.maps.journeys import stages

LARGEST_BYTES = 250_000


def body_of(html):
    """Give the markup alone: without styles, scripts and data."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)


def strings_in(value):
    """Give every text of nested dataclasses and tuples."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from strings_in(part)
    elif is_dataclass(value):
        for item in fields(value):
            yield from strings_in(getattr(value, item.name))


@pytest.mark.parametrize("stage", stages())
def test_the_file_is_light_and_whole(stage):
    """Every stage fits into 250 KB and refers to nothing outside."""
    html = standalone(stages()[stage])

    assert len(html.encode()) <= LARGEST_BYTES
    assert not re.findall(r'(?:src|href)\s*=\s*"(?!#)', body_of(html))
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in html


@pytest.mark.parametrize(
    "bounds",
    [((24.0, -125.0), (50.0, -66.0)), ((-40.0, -120.0), (60.0, 140.0)), ((64.0, -168.0), (72.0, -60.0)), ((-85.0, -180.0), (85.0, 180.0))],
    ids=["coast to coast", "over the oceans", "far north", "the world"],
)
def test_the_land_of_a_file_fits_any_journey(bounds):
    """However far a parcel goes, its land is coarsened until it fits."""
    land = land_around(bounds, MOST_LAND_BYTES)
    less = land_around(bounds, LEAST_LAND_BYTES)

    assert len(script_json(land)) <= MOST_LAND_BYTES
    assert len(script_json(less)) <= LEAST_LAND_BYTES
    assert len(land["land"]) > 3
    assert len(less["land"]) > 0


def test_the_same_journey_gives_the_same_file():
    """Nothing random or dated goes into the file."""
    assert standalone(stages()["moving"]) == standalone(stages()["moving"])


CODES = {"code", "state", "kind", "status", "mood", "digest", "checked_iso", "iso", "direction", "tracking_number"}


@pytest.mark.parametrize("stage", stages())
def test_every_word_of_the_context_is_shown(stage):
    """What the page's context holds stands on the page: no field is computed for nothing, and nothing is left out."""
    view = stages()[stage]
    shown = entities.unescape(standalone(view))
    page = page_words(view)
    said = [text for item in fields(JourneyPage) if item.name not in CODES for text in strings_in(getattr(page, item.name)) if text]

    assert [text for text in said if text not in shown] == []


@pytest.mark.parametrize("stage", stages())
def test_list_map_and_answer_agree(stage):
    """The map's block repeats the list's words and the answer, and holds no other."""
    context = journey_context(stages()[stage])
    drawn = context.map_data

    assert [stop["title"] for stop in drawn["stops"]] == [stop.title for stop in context.page.stops]
    assert [stop["lines"] for stop in drawn["stops"]] == [[*stop.lines, stop.zone] for stop in context.page.stops]
    assert drawn["door"]["lines"] == [context.page.answer]


def scripts(html):
    return re.findall(r"<script>.*?</script>", html, flags=re.DOTALL)


def elements(html):
    return re.findall(r"<(/?[a-z0-9]+)\b", body_of(html))


@pytest.fixture(scope="module")
def harmless():
    """Give the file of a journey whose every text is one harmless letter."""
    return standalone(poisoned(stages()["moving"], "x"))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_hostile_text_is_shown_and_never_obeyed(text, harmless):
    """No sum is computed, no element, attribute or script comes to be; the scripts stay those that the policy names."""
    html = standalone(poisoned(stages()["moving"], text))

    assert not [result for result in SUMS if result in html]
    assert scripts(html) == scripts(harmless)
    assert set(elements(html)) <= set(elements(harmless))
    assert len(elements(html)) <= len(elements(harmless))  # a text of invisible characters only is left out with its element
    assert RUN not in "".join(re.findall(r"<[^>]*>", body_of(html)))
    assert html.encode()
    for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, flags=re.DOTALL):
        assert json.loads(block)
