"""Every word of the pages is said in every language, whole and in its own forms."""

import ast
import html as entities
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from icalendar import Calendar

from maps.alt_text import alt_text
from maps.brand import Brand, Support
from maps.calendar_entry import calendar_entry
from maps.extract_messages import HOUSE, KEYWORDS, ROOMS, messages_in_code, update
from maps.language import BOLD, ENGLISH, LANGUAGES, LOCALE_FOLDER, language_of
from maps.link_preview import link_preview
from maps.order_view import OrderPartView, OrderView
from maps.page import standalone
from maps.page_words import page_words
from maps.parcel_delivery import parcel_delivery
from maps.still_card import card
from maps.still_picture import SIZES
from tests.makers import after
from tests.maps.journeys import stages

OTHERS = [code for code in LANGUAGES if code != "en"]


@pytest.fixture(scope="module")
def said():
    return messages_in_code()


def catalog(code):
    with (LOCALE_FOLDER / code / "messages.po").open("rb") as source:
        return read_po(source, locale=code, abort_invalid=True)


def ids(messages):
    return {message.id for message in messages if message.id}


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_in_every_catalog_and_no_other(code, said):
    """What the code says and what a catalog holds are the same messages; `python -m maps.extract_messages` mends the list."""
    held = catalog(code)

    assert ids(held) == ids(said)
    assert not held.obsolete
    assert [message.id for message in held if message.id and not all(texts_of(message.string))] == []


def texts_of(text):
    return text if isinstance(text, tuple) else (text,)


def names(text):
    return sorted(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("code", OTHERS)
def test_no_placeholder_and_no_bold_part_is_lost(code):
    """Each translation holds the placeholders of its message, each once, and one bold part where the message has one."""
    wrong = []
    for message in catalog(code):
        for translated in texts_of(message.string) if message.id else ():
            original = texts_of(message.id)[-1]
            same = names(translated) == names(original) and len(BOLD.findall(translated)) == len(BOLD.findall(original))
            if not same or translated != translated.strip():
                wrong.append((message.id, translated))

    assert wrong == []


@pytest.mark.parametrize(("code", "forms"), [("es", 3), ("de", 2), ("fr", 3), ("pt", 3), ("ar", 6)])
def test_plurals_have_the_forms_of_their_language(code, forms):
    """Arabic has six forms; each catalog holds as many as the language's own rule asks for."""
    held = catalog(code)

    assert held.num_plurals == forms
    assert {len(message.string) for message in held if isinstance(message.id, tuple)} == {forms}


def test_arabic_counts_in_its_six_forms():
    """None, one, two, few, many and hundreds are said differently."""
    told = {language_of("ar").count("{count} parcel in this order", "{count} parcels in this order", n) for n in (1, 2, 3, 11, 100)}

    assert len(told) == 5


def calls_in(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in KEYWORDS and not (isinstance(node.func, ast.Attribute) and name == "count" and len(node.args) < 3):
                yield node.args[0].value


def test_the_extractor_warns_of_nothing(capfd):
    """It skips what it cannot read, a text that is put together, with a warning only."""
    messages_in_code()

    assert "warning" not in capfd.readouterr().err


def test_no_call_hides_from_the_extractor(said):
    """A message inside another call is found as well: every literal that is said stands in the list."""
    listed = {texts_of(message.id)[0] for message in said if message.id}
    hidden = {
        (file.name, text)
        for room in ROOMS
        for file in sorted((HOUSE / room).rglob("*.py"))
        for text in calls_in(file)
        if text not in listed
    }

    assert hidden == set()


def test_the_command_keeps_translations_and_changes_nothing_twice(tmp_path):
    """Updating writes what is there again, byte for byte, and a new catalog starts empty."""
    for code in OTHERS:
        (tmp_path / code).mkdir()
        (tmp_path / code / "messages.po").write_bytes((LOCALE_FOLDER / code / "messages.po").read_bytes())
    (tmp_path / "de" / "messages.po").unlink()
    update(tmp_path)

    for code in set(OTHERS) - {"de"}:
        assert (tmp_path / code / "messages.po").read_bytes() == (LOCALE_FOLDER / code / "messages.po").read_bytes()
    assert 'msgid "Delivered"\nmsgstr ""' in (tmp_path / "de" / "messages.po").read_text(encoding="utf-8")


def test_values_are_put_in_as_they_are():
    """Braces, brackets and percent signs in a value are no patterns."""
    value = "{0.__class__} [x] %s {share}"

    assert ENGLISH.say("code {code}", code=value) == f"code {value}"
    assert ENGLISH.bold("Delivered [{moment}]", moment=value) == ("Delivered ", value, "")


@pytest.mark.parametrize("code", ["xx", "", "../de", "EN"])
def test_an_unknown_language_is_refused(code):
    """Only the six codes have a language; nothing is read from elsewhere."""
    with pytest.raises(KeyError):
        language_of(code)


BRAND = Brand(support=Support("https://shop.example/help", "help@shop.example", "+1 555 0100"), pickup_days=300, hold_days=300)
ORDER = OrderView(
    tuple(
        OrderPartView(status, p50, at, here=p50 is None)
        for status, p50, at in ((view.status, after(2000), view.delivered_at) for view in list(stages().values())[:3])
    ),
    (after(1990), after(2010)),
)
SAME_IN_BOTH = {"Doorcast", "Station", "Destination", "Pause"}
"""Words that some language shares with English."""


def outer_words(html):
    """Give the texts and labels of a page without foreign text: what stands in `bdi`, scripts, styles and links' addresses is left out."""
    bare = re.sub(r"<(script|style|bdi|q)\b.*?</\1>", " ", html, flags=re.DOTALL)
    bare = re.sub(r'<title id="picture-title">.*?</title>|<text\b.*?</text>', " ", bare, flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|alt|title|placeholder|data-copied)="([^"]*)"', bare)
    nodes = re.findall(r">([^<>]+)<", bare)
    return {entities.unescape(text).strip() for text in (*labels, *nodes)} - {""}


@cache
def words_of(stage, code):
    return outer_words(standalone(stages()[stage], language=language_of(code), brand=BRAND, order_complete=ORDER))


PLACES = re.compile(r"\b(?:Memphis|Columbus|Newark|Brooklyn|TN|OH|NJ|NY|Zoom|swift|ground|Acme)\b")


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("stage", stages())
def test_no_english_is_left_in_another_language(stage, code):
    """No text of a page is the same as in English, unless it is a name, a number or a word that both languages share."""
    english, other = words_of(stage, "en"), words_of(stage, code)
    shared = {text for text in english & other if re.search(r"[A-Za-z]{3}", PLACES.sub("", text)) and text not in SAME_IN_BOTH}

    assert shared == set()


@pytest.mark.parametrize("stage", stages())
def test_an_arabic_page_holds_no_latin_words_of_ours(stage):
    """In another script every Latin word is foreign: a place, a name, a number."""
    left = {text for text in words_of(stage, "ar") if re.search(r"[A-Za-z]{3}", PLACES.sub("", text.replace("Natural Earth", "")))}

    assert {text for text in left if "2026-06-01-a" not in text} == set()


def outputs(stage, code):
    """Give what the outputs beside the page say, line by line: picture, its description, calendar entry, link preview, schema.org."""
    view = stages()[stage]
    page = page_words(view, language=language_of(code))
    said = {alt_text(page), page.title, *(line.text for line in card(view, page, SIZES["link"].card, seen_at=page.checked).lines)}
    said |= {content for name, content in link_preview(page, address="-", picture="-") if name.endswith(("title", "description", "alt"))}
    delivery = parcel_delivery(view, page)
    said |= {delivery["name"], delivery["deliveryStatus"]["name"]}
    entry = calendar_entry(view, page, key=b"key")
    if entry:
        event = Calendar.from_ical(entry).walk("VEVENT")[0]
        said |= {str(event["summary"]), str(event["description"]), str(Calendar.from_ical(entry)["name"])}
    return {text for text in said if re.search(r"[A-Za-z]{3}", PLACES.sub("", text.replace("Natural Earth", "")))}


@pytest.mark.parametrize("stage", stages())
def test_no_english_is_left_in_an_output(stage):
    """No line of an output is the same as in English, and in Arabic none holds a Latin word that is not a name."""
    english = outputs(stage, "en")

    assert {(code, text) for code in OTHERS for text in outputs(stage, code) & english if text not in SAME_IN_BOTH} == set()
    assert outputs(stage, "ar") == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_output_points_below(code):
    """Under a picture or an entry nothing stands: its words do not lead there."""
    below = re.compile(r"\b(?:below|abajo|unten|ci-dessous|abaixo)\b|أدناه")

    assert [text for stage in stages() for text in said_beside(stage, code) if below.search(text)] == []


def said_beside(stage, code):
    page = page_words(stages()[stage], language=language_of(code))
    return page.answer, page.detail, alt_text(page)


def test_a_page_says_its_language_and_direction():
    """Readers' software and browsers know the language, and that Arabic runs from right to left; the map stays as it is."""
    html = standalone(stages()["moving"], language=language_of("ar"))

    assert '<html lang="ar" dir="rtl">' in html
    assert '<div class="map-frame" dir="ltr"' in html


def test_the_house_knows_its_rooms():
    """Every folder that is searched exists, so that a move cannot empty the list unseen."""
    assert [room for room in ROOMS if not (HOUSE / room).is_dir()] == []
    assert Path(LOCALE_FOLDER, "de").is_dir()
