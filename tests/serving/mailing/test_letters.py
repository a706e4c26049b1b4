"""A letter holds the link in plain text and in HTML, loads nothing, and no text of others adds a header."""

import re
from email import message_from_bytes
from email.policy import default

import pytest

from data.domain.errors import InvalidFact
from data.storage.contacts import Contact
from maps.brand import Brand
from maps.language import LANGUAGES, language_of
from serving.mailing.letters import opening_letter
from serving.pages.find_words import FIND_WORDS, say
from tests.maps.hostile import HOSTILE, RUN, SUMS
from tests.maps.test_language import outer_words

URL = "https://parcels.shop.example/track/" + "x" * 32 + "/open"
ADA = Contact("ada@example.com", "d" * 64)


def parts(letter):
    """Read the bytes as a mailbox does."""
    read = message_from_bytes(letter.as_bytes(), policy=default)
    return read, read.get_body(("plain",)).get_content(), read.get_body(("html",)).get_content()


def test_both_parts_hold_the_link():
    """Each says what it is for and how long it works, in the same words."""
    read, plain, html = parts(opening_letter(ADA, order_id="O-1", url=URL, minutes=15))

    assert read["To"] == "ada@example.com"
    for text in (plain, html):
        assert URL in text
        assert "O-1" in text
        assert "15 minutes" in text


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_letter_speaks_the_contacts_language(code):
    """Subject and both parts, whole: in Arabic no Latin word is left but the address and the number."""
    contact = Contact("ada@example.com", "d" * 64, "pt-BR" if code == "pt" else code)
    read, plain, html = parts(opening_letter(contact, order_id="O-1", url=URL, minutes=15))
    english = set(parts(opening_letter(ADA, order_id="O-1", url=URL, minutes=15))[1].splitlines())

    assert read["Content-Language"] == code
    assert f'<html lang="{code}" dir="{language_of(code).direction}">' in html
    if code != "en":
        assert read["Subject"] != "The link to your parcel"
        assert set(plain.splitlines()) & english <= {URL, ""}
        assert outer_words(html) & english == set()
    if code == "ar":
        assert not re.search(r"[A-Za-z]{3}", plain.replace(URL, ""))


def test_without_a_language_the_brand_decides():
    """A contact of a shop that speaks German and gave no language is written to in German, in the shop's accent."""
    brand = Brand(language="de", accent_light="#7a1f5c")
    for contact in (ADA, Contact("ada@example.com", "d" * 64, "xx")):
        read, _, html = parts(opening_letter(contact, order_id="O-1", url=URL, minutes=15, brand=brand))

        assert read["Subject"] == "Der Link zu Ihrem Paket"
        assert "background:#7a1f5c" in html


def test_nothing_is_loaded_from_anywhere():
    """No picture, no style sheet, no font: a mail program that shows it tells nobody."""
    _, _, html = parts(opening_letter(ADA, order_id="O-1", url=URL, minutes=15))

    assert re.findall(r'(?:src|href|background)="([^"]*)"', html) == [URL]
    assert "url(" not in html


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:16]))
def test_hostile_numbers_stay_text(text):
    """An order number adds no header, runs nothing and is computed by nobody."""
    letter = opening_letter(ADA, order_id=text.replace("\ud800", "").replace("\udfff", ""), url=URL, minutes=15)
    read, _, html = parts(letter)

    assert set(read.keys()) == {"To", "Subject", "Auto-Submitted", "Content-Language", "MIME-Version", "Content-Type"}
    assert not [result for result in SUMS if result in html]
    assert RUN not in "".join(re.findall(r"<[^>]*>", html))
    assert not re.findall(r"<(?:script|img|iframe|base|object|embed|svg)\b", html)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "a\x00@b.example",
        "<a@b.example>",
        "a b@c.example",
        "\ud800@b.example",
    ],
)
def test_an_address_that_is_none_is_refused(address):
    """Also one that came into the store by another way than the API; the message does not tell it."""
    with pytest.raises(InvalidFact) as refused:
        opening_letter(Contact(address, ""), order_id="O-1", url=URL, minutes=15).as_bytes()

    assert not address or address not in str(refused.value)


def test_words_are_filled_once():
    """Braces in a value mean nothing, and each message can be filled."""
    assert "{url}" in say("letter_why", order="{url}")
    values = dict.fromkeys(re.findall(r"{(\w+)}", " ".join(FIND_WORDS.values())), "x")
    for name in FIND_WORDS:
        assert "{" not in say(name, **values)
