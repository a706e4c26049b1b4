"""The still pictures of a journey: every stage, size and theme, and no text in them is obeyed."""

import hashlib
import io
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from data.domain.errors import InvalidFact
from maps.alt_text import alt_text
from maps.brand import Brand
from maps.language import LANGUAGES, language_of
from maps.page_words import page_words
from maps.palette import DARK, LIGHT
from maps.still_card import RIGHT_TO_LEFT_MARK, card
from maps.still_frame import fit
from maps.still_labels import stop_labels
from maps.still_picture import SIZES, THEMES, drawn_at, png, svg
from maps.still_text import width_of
from tests.maps.hostile import HOSTILE, RUN, SUMS, poisoned
from tests.maps.journeys import stages

ALLOWED = {"svg", "title", "desc", "defs", "g", "path", "use", "clipPath", "rect"}
MOVING = stages()["moving"]


def drawn(view, **choices):
    return png(view, page_words(view), **choices)


@pytest.mark.parametrize("stage", stages())
def test_every_stage_has_its_picture(stage):
    """PNG and SVG come out for each stage, in the size that link previews ask for."""
    view = stages()[stage]
    picture = Image.open(io.BytesIO(drawn(view)))
    root = ET.fromstring(svg(view, page_words(view)))

    assert picture.size == (1200, 630)
    assert picture.text["Description"] == alt_text(page_words(view))
    assert root.get("viewBox") == "0 0 1200 630"
    assert root[0].text == page_words(view).title


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_sizes_and_themes(size, theme):
    """Each size has its dots, each theme its sea and card; a mail's picture stays under 60 KB."""
    written = drawn(MOVING, size=size, theme=theme)
    picture = Image.open(io.BytesIO(written)).convert("RGB")
    wide, dots = SIZES[size], SIZES[size].dots_per_point
    colours = {"light": LIGHT, "dark": DARK}[theme]
    card = picture.getpixel((int((wide.card[0] + 12) * dots), int((wide.height - wide.card[3] + 80) * dots)))

    assert picture.size == (wide.width * dots, wide.height * dots)
    assert all(abs(part - int(colours["card"][at : at + 2], 16)) <= 4 for part, at in zip(card, (1, 3, 5), strict=True))
    assert size == "large" or len(written) < 60_000


@pytest.mark.parametrize(("size", "theme"), [("huge", "light"), ("link", "sepia"), ("", "light"), ("{{7*7}}" * 50, "light")])
def test_an_unknown_size_is_named(size, theme):
    """The error names the value and what there is."""
    with pytest.raises(InvalidFact, match="sizes are link, mail, large"):
        drawn(MOVING, size=size, theme=theme)


def test_the_same_journey_gives_the_same_picture():
    """Nothing random or dated goes in: bytes are equal, also when several are drawn at once."""
    page = page_words(MOVING)
    with ThreadPoolExecutor(4) as threads:
        made = [*threads.map(lambda number: (png if number % 2 else svg)(MOVING, page), range(8))]

    assert len({hashlib.sha256(written).hexdigest() for written in made}) == 2


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_hostile_text_is_only_drawn(text):
    """A picture of poisoned words is a picture: a readable PNG, an SVG of shapes alone, and no sum computed."""
    view = poisoned(MOVING, text)
    page = page_words(view)
    Image.open(io.BytesIO(png(view, page))).load()
    written = svg(view, page).decode()
    root = ET.fromstring(written)

    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= ALLOWED
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on") or name == "style"]
    references = [value for element in root.iter() for name, value in element.attrib.items() if name.endswith("href")]
    assert all(value.startswith("#s") for value in references)
    assert "<!" not in written
    assert not [result for result in SUMS if result in written]
    assert RUN not in "".join(element.tag + "".join(element.attrib.values()) for element in root.iter())


@pytest.mark.parametrize("text", ["$x^2$", r"\frac{1}{2} $\alpha$", "$", "$$", r"$\undefined$"])
def test_a_dollar_is_a_dollar(text):
    """Text is never read as a formula: a broken one would raise, a whole one would lose its signs."""
    plain = replace(MOVING, merchant="x")
    written = {
        svg(view, page_words(view)) for view in (plain, replace(plain, merchant=text), replace(plain, merchant=text.replace("$", "")))
    }

    assert len(written) >= (2 if text.strip("$") else 1)


@pytest.mark.parametrize("city", ["東京", "नई दिल्ली", "القاهرة", "Αθήνα", "🧨🧨", "São Paulo", "\u202egnirts"])
def test_any_script_can_be_a_place(city):
    """What the font lacks is left out without a warning (warnings are errors here); the rest is drawn."""
    view = replace(MOVING, merchant=city, destination=city, stops=tuple(replace(stop, city=city) for stop in MOVING.stops))

    assert drawn(view)


def test_words_in_another_language_are_drawn():
    """The sentence is whatever the page says; a right-to-left one is set from the right."""
    arabic = page_words(MOVING, language=language_of("ar"))
    words = card(MOVING, arabic, SIZES["link"].card, seen_at=arabic.checked)

    assert png(MOVING, arabic) != png(MOVING, page_words(MOVING))
    assert all(line.from_right for line in words.lines)
    assert {line.x for line in words.lines if line.size > 18} <= {SIZES["link"].card[2] - 30, SIZES["link"].card[2] - 60}


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_language_is_described_and_fits(code):
    """The description is in the page's language; every word of the card lies on it."""
    page = page_words(MOVING, language=language_of(code))
    left, bottom, right, top = SIZES["link"].card
    words = card(MOVING, page, SIZES["link"].card, seen_at=page.checked)

    assert ("Map of the journey" in alt_text(page)) == (code == "en")
    assert page.answer in alt_text(page)
    assert ET.fromstring(svg(MOVING, page)).get("{http://www.w3.org/XML/1998/namespace}lang") == code
    for line in words.lines:
        width = width_of(line.text, line.size, bold=line.bold)
        start = line.x - width if line.from_right else line.x
        assert left <= start <= start + width <= right
        assert bottom <= line.y <= top


def test_a_broken_line_keeps_the_direction():
    """A line of Arabic that begins with a Latin name is led by a mark, which takes no room; other languages have none."""
    lines = {
        code: card(MOVING, page_words(MOVING, language=language_of(code)), SIZES["link"].card, seen_at="Brooklyn").lines
        for code in ("ar", "de")
    }

    assert all(line.text.startswith(RIGHT_TO_LEFT_MARK) for line in lines["ar"][1:])
    assert not any(RIGHT_TO_LEFT_MARK in line.text for line in lines["de"])
    assert width_of(f"{RIGHT_TO_LEFT_MARK}Brooklyn", 20) == width_of("Brooklyn", 20)


def test_a_picture_wears_the_shops_accent():
    """The way and the mark are drawn in it, in the theme that it was judged for; the other theme keeps the palette's."""
    brand = Brand(accent_light="#7a1f5c")

    assert b"#7a1f5c" in svg(MOVING, page_words(MOVING), brand=brand)
    assert b"#7a1f5c" not in svg(MOVING, page_words(MOVING), brand=brand, theme="dark")


def test_names_do_not_cover_each_other():
    """Stop names lie inside the picture, apart from each other."""
    size = SIZES["link"]
    frame = fit(MOVING, size.width, size.height, size.free)
    labels, _ = stop_labels(MOVING, frame, size.free, 17)
    boxes = [(label.x, label.y - 8, label.x + width_of(label.text, 17, bold=True), label.y + 8) for label in labels]

    assert {label.text for label in labels} >= {"Memphis", "Columbus", "Brooklyn"}
    assert not [
        (a, b) for number, a in enumerate(boxes) for b in boxes[:number] if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert all(box[0] >= size.free[0] and box[2] <= size.free[2] for box in boxes)


def moved(view, places):
    """Give a journey over other places: stops and lines from (lat, lon) to (lat, lon)."""
    stops = tuple(replace(stop, lat=lat, lon=lon) for stop, (lat, lon) in zip(view.stops, places, strict=True))
    legs = tuple(replace(leg, line=(places[leg.from_stop], places[leg.to_stop])) for leg in view.legs)
    return replace(view, stops=stops, legs=legs, door=replace(view.door, lat=places[-1][0], lon=places[-1][1]), position=None)


@pytest.mark.parametrize(
    "places",
    [
        [(35.7, 139.7), (52.0, 175.0), (55.0, -165.0), (47.6, -122.3), (47.7, -122.2)],
        [(-33.9, 151.2), (-33.8, 151.1), (-36.8, 174.7), (-17.7, -149.4), (-17.6, -149.5)],
        [(40.0, -74.0)] * 5,
        [(89.9, 10.0), (-89.9, -10.0), (0.0, 180.0), (0.0, -180.0), (85.2, 0.0)],
        [(1.0, -179.0), (2.0, -60.0), (3.0, 60.0), (4.0, 178.0), (5.0, 0.0)],
    ],
    ids=["Tokyo to Seattle", "Sydney to Tahiti", "one place", "poles and meridian", "around the globe"],
)
def test_anywhere_on_the_globe(places):
    """Every stop lies in the free part, also over the 180th meridian, at the poles, and where nothing moves at all."""
    view = moved(MOVING, places)
    size = SIZES["link"]
    frame = fit(view, size.width, size.height, size.free)
    points = [frame.at(stop.lat, stop.lon) for stop in view.stops]

    assert all(size.free[0] <= x <= size.free[2] and size.free[1] <= y <= size.free[3] for x, y in points)
    assert drawn(view)


def test_a_journey_over_the_pacific_lies_in_one_piece():
    """Tokyo lies left of Seattle, the line between them is not torn."""
    view = moved(MOVING, [(35.7, 139.7), (52.0, 175.0), (55.0, -165.0), (47.6, -122.3), (47.7, -122.2)])
    frame = fit(view, 1200, 630, (0, 0, 1200, 630))

    assert frame.at(35.7, 139.7)[0] < frame.at(55.0, -165.0)[0] < frame.at(47.6, -122.3)[0]
    assert len(frame.lines([((35.7, 139.7), (47.6, -122.3))])) == 1


def test_a_journey_without_places_has_a_picture():
    """Nothing known to draw: the words stand on the map of the continent."""
    bare = replace(MOVING, stops=(), legs=(), door=None, position=None)

    assert drawn(bare)


def test_pictures_name_the_quarter_of_an_hour():
    """A minute later it is the same picture, a quarter later another."""
    assert drawn_at(MOVING.seen_at + timedelta(minutes=14)) == drawn_at(MOVING.seen_at)
    assert drawn_at(MOVING.seen_at + timedelta(minutes=15)) == drawn_at(MOVING.seen_at) + timedelta(minutes=15)
