"""A number and a second fact name one parcel, and no other pair does."""

import pytest

from serving.finding.look_up import Match
from tests.maps.hostile import HOSTILE


@pytest.mark.parametrize("number", ["TN-PLAIN", " tn-plain", "O-PLAIN"])
@pytest.mark.parametrize("fact", ["11215", "11215-0001", " 1 1 2 1 5 "])
def test_number_and_postal_code(filled, number, fact):
    """By the carrier's number or the order's, however it is typed."""
    assert filled.look_up.match(number, fact, now=filled.now()) == Match("PLAIN", "O-PLAIN")


def test_number_and_address(filled):
    """The address of the order opens its newest open parcel, whatever its capitals; that of another order does not."""
    found = filled.look_up.match("O-ADA", "ADA@example.com", now=filled.now())

    assert found is not None
    assert found.order_id == "O-ADA"
    assert filled.look_up.match("O-PLAIN", "ada@example.com", now=filled.now()) is None


def test_a_parcel_of_long_ago_is_not_found(filled):
    """A number that a carrier uses again opens nothing of the one before."""
    for fact in ("11215", "gone@example.com"):
        assert filled.look_up.match("TN-GONE", fact, now=filled.now()) is None


@pytest.mark.parametrize("fact", ["11216", "", " ", "nobody@example.com", "-" * 64, "None", "Brooklyn", "NY"])
def test_a_wrong_fact_finds_nothing(filled, fact):
    """Not even what the inside uses for nothing."""
    assert filled.look_up.match("TN-PLAIN", fact, now=filled.now()) is None


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:16]))
def test_hostile_text_finds_nothing(filled, text):
    """In either field."""
    assert filled.look_up.match(text, "11215", now=filled.now()) is None
    assert filled.look_up.match("TN-PLAIN", text, now=filled.now()) is None


@pytest.mark.parametrize("number", ["TN-PLAIN", "TN-NOBODY", "O-ADA", "TN-GONE", "\x01"])
def test_each_try_finds_once_and_misses_once(filled, monkeypatch, number):
    """The store is asked twice whatever the number is, so its time tells nothing; the decoy itself opens nothing."""
    ask, lengths = filled.store.finding.candidates, []

    def counted(spellings):
        lengths.append(len(ask(spellings)))
        return ask(spellings)

    monkeypatch.setattr(filled.store.finding, "candidates", counted)
    filled.look_up.match(number, "90210", now=filled.now())
    lengths.clear()
    found = filled.look_up.match(number, "90210", now=filled.now())

    assert found is None
    assert len(lengths) == 2
    assert lengths.count(0) == 1
