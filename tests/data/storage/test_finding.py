"""A number names its shipments, with what a second fact is compared with."""

import polars as pl
import pytest

from data.facts.facts import Facts
from data.storage.contacts import Contact
from data.storage.finding import MOST_CANDIDATES, Candidate
from data.storage.store import Store, open_store
from tests.data.storage.known_facts import HOSTILE, known_facts
from tests.makers import after


@pytest.fixture
def store(store: Store) -> Store:
    store.facts.add(known_facts(), source="test")
    store.contacts.set("O1", Contact("ada@example.com", "d" * 64))
    return store


def test_either_number_finds_a_shipment(store: Store) -> None:
    """The number of the carrier and that of the order lead to the same shipment, with its postal code, digest and end."""
    number = store.shipments.get("S1").tracking_number
    expected = Candidate("S1", "O1", store.shipments.get("S1").destination.postal_code, "d" * 64, after(50.5))

    assert expected in store.finding.candidates((number, number.lower()))
    assert expected in store.finding.candidates(("O1",))


def test_a_number_used_again_gives_the_open_and_the_newest_first(store: Store) -> None:
    """Carriers recycle numbers: the shipment under way comes before those that have ended, and there is an upper bound."""
    old = store.facts.read(shipment_ids=["S1"]).shipments
    rows = [
        old.with_columns(shipment_id=pl.lit(f"N{number:02}"), created_at=pl.col("created_at") + pl.duration(hours=number))
        for number in range(10)
    ]
    store.facts.add(Facts.of({"shipments": pl.concat(rows)}), source="test")
    found = [candidate.shipment_id for candidate in store.finding.candidates((old["tracking_number"].item(),))]

    assert found == [f"N{number:02}" for number in range(9, 9 - MOST_CANDIDATES, -1)]


@pytest.mark.parametrize("text", [*HOSTILE, "", "\x00", "\ud800", "%", "_"], ids=lambda text: repr(text[:16]))
def test_text_that_names_nothing_finds_nothing(store: Store, text: str) -> None:
    """No pattern, no empty text and nothing that cannot be stored finds a shipment, not even one without a number."""
    assert store.finding.candidates((text, text)) == ()
    assert store.finding.candidates(()) == ()


def test_some_number_finds_a_shipment(store: Store, empty_url: str) -> None:
    """For the decoy of a look-up: a known number, and none in an empty store."""
    assert store.finding.candidates((store.finding.some_number(),)) != ()
    with open_store(empty_url) as empty:
        if empty.counts()["shipments"] == 0:
            assert empty.finding.some_number() == ""
