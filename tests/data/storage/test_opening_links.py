"""A mailed link becomes a token once, and only while it is young."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from data.storage.store import Store, open_store
from data.storage.tables import OPENING_LINKS
from data.storage.tokens import TokenGrant
from tests.data.storage.known_facts import NOW, known_facts

SOON = NOW + timedelta(minutes=15)


@pytest.fixture
def store(store: Store) -> Store:
    store.facts.add(known_facts(), source="test")
    return store


def test_a_link_is_exchanged_once(store: Store) -> None:
    """The first exchange gives a token of the wished scope, every later one nothing."""
    link = store.opening_links.issue("S1", expires_at=SOON)
    token = store.opening_links.exchange(link, scope="full")

    assert store.tokens.resolve(token, now=NOW) == TokenGrant("S1", "full")
    assert store.opening_links.exchange(link, scope="full") is None


def test_many_at_once_get_one_token(store: Store) -> None:
    """A link that is opened twice at the same moment opens one page."""
    link = store.opening_links.issue("S1", expires_at=SOON)
    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(lambda _: store.opening_links.exchange(link, scope="full"), range(16)))

    assert len([token for token in tokens if token]) == 1


def test_wrong_old_and_empty_links_give_nothing(store: Store) -> None:
    """A link that was never issued, one of the past, one for nobody and an ordinary token are all the same."""
    links = [
        "wrong",
        "",
        "\ud800",
        "\x00",
        store.opening_links.issue("S1", expires_at=NOW),
        store.opening_links.issue(None, expires_at=SOON),
    ]

    assert [store.opening_links.exchange(link, scope="full") for link in [*links, store.tokens.issue("S1")]] == [None] * 7


def test_a_link_opens_no_page_itself(store: Store) -> None:
    """What is mailed is no token: a mail that is read by others later is worth nothing."""
    link = store.opening_links.issue("S1", expires_at=SOON)

    with pytest.raises(LookupError):
        store.tokens.resolve(link, now=NOW)


def test_old_links_are_swept_away(url: str) -> None:
    """The table does not grow for ever: a link a day past its end goes when the next one is issued."""
    clock = [NOW]
    with open_store(url, now=lambda: clock[0]) as store:
        store.facts.add(known_facts(), source="test")
        for _ in range(3):
            store.opening_links.issue("S1", expires_at=clock[0] + timedelta(minutes=15))
            clock[0] += timedelta(days=2)
        with store._database.reading() as connection:
            left = connection.execute(sa.select(sa.func.count()).select_from(OPENING_LINKS)).scalar_one()

    assert left == 1
