"""A letter holds the link in plain text and in HTML, loads nothing, and no text of others adds a header."""

import re
from email import message_from_bytes
from email.policy import default

import pytest

from data.domain.errors import InvalidFact
from data.storage.contacts import Contact
from serving.mailing.letters import opening_letter
from serving.pages.find_words import FIND_WORDS, say
from tests.maps.hostile import HOSTILE, RUN, SUMS

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

    assert set(read.keys()) == {"To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type"}
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
