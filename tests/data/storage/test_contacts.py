"""A contact is kept, overwritten and forgotten, and no reading of facts gives it."""

from dataclasses import fields

import pytest

from data.domain.errors import InvalidFact, NotFound
from data.storage.contacts import Contact
from data.storage.store import Store
from tests.data.storage.known_facts import known_facts

ADA = Contact("Ada@example.com", "d" * 64, "de")


@pytest.fixture
def store(store: Store) -> Store:
    store.facts.add(known_facts(), source="test")
    return store


def test_a_contact_is_kept_overwritten_and_forgotten(store: Store) -> None:
    """The newest address counts, and after the deletion nothing is left."""
    store.contacts.set("O1", Contact("old@example.com", "c" * 64))
    store.contacts.set("O1", ADA)
    kept = store.contacts.of("O1")
    gone = store.contacts.delete("O1"), store.contacts.delete("O1")

    assert kept == ADA
    assert gone == (True, False)
    assert store.contacts.of("O1") is None
    assert store.counts()["contacts"] == 0


def test_a_contact_needs_an_order(store: Store) -> None:
    """Nothing is kept for an order that nobody registered, and no text that no database holds."""
    for order_id in ("nobody", "\x00", "\ud800"):
        with pytest.raises(NotFound):
            store.contacts.set(order_id, ADA)
        with pytest.raises(NotFound):
            store.contacts.delete(order_id)
    with pytest.raises(InvalidFact):
        store.contacts.set("O1", Contact("a\x00@example.com", "d" * 64))

    assert store.counts()["contacts"] == 0


def test_no_reading_of_facts_and_no_repr_holds_the_address(store: Store) -> None:
    """What is exported comes from the canonical tables, and a contact that ends in a log shows no address."""
    store.contacts.set("O1", ADA)
    facts = store.facts.read()
    exported = " ".join(str(getattr(facts, one.name).to_dicts()) for one in fields(facts))

    assert "example.com" not in exported
    assert "example.com" not in repr(store.contacts.of("O1"))
