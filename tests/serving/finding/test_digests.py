"""What means the same is the same, and nothing else is."""

import pytest

from serving.finding.digests import Digests, normal_email, normal_postal_code, spellings
from tests.maps.hostile import HOSTILE


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        (" 11215 ", "11215"),
        ("11215-1234", "11215"),
        ("112151234", "11215"),
        ("sw1a1aa", "SW1A 1AA"),
        ("１１２１５", "11215"),  # noqa: RUF001 - digits as a Japanese keyboard writes them
        ("1234–567", "1234-567"),  # noqa: RUF001 - the dash of print
        ("k1a 0b1", "K1A0B1"),
    ],
)
def test_postal_codes_that_mean_the_same(typed, known):
    """Spaces, dashes, case and ZIP+4 do not matter."""
    digests = Digests("key")

    assert digests.postal_code(typed) == digests.postal_code(known)


@pytest.mark.parametrize(("one", "other"), [("11215", "11216"), ("1121", "11215"), ("01234", "1234"), ("12345678", "123456789")])
def test_postal_codes_that_do_not(one, other):
    """A leading zero and every digit count."""
    assert normal_postal_code(one) != normal_postal_code(other)


def test_spellings_of_a_number():
    """A number is looked up as typed, and as a label prints it."""
    assert spellings(" 1z 999-aa1 ") == ("1z 999-aa1", "1Z999-AA1", "1Z999AA1")


def test_addresses_that_mean_the_same():
    """Case and spaces around do not matter; dots and tags do."""
    assert normal_email(" Ada@Example.COM ") == "ada@example.com"
    assert normal_email("ada+x@example.com") != normal_email("ada@example.com")


def test_digests_hang_on_the_key_and_on_the_kind():
    """A digest of one installation or of one kind says nothing about another."""
    one, other = Digests("key"), Digests("another key")
    made = {one.email("11215"), one.postal_code("11215"), one.number("11215"), other.email("11215")}

    assert len(made) == 4
    assert all(len(digest) == 64 for digest in made)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:16]))
def test_every_text_has_a_digest(text):
    """Also what no database holds."""
    digests = Digests("key")

    assert len({digests.email(text), digests.postal_code(text), digests.number(text)}) == 3
