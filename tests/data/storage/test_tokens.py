"""A token opens one shipment to whoever holds it, until it ends."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.domain.errors import InvalidFact, NotFound
from data.storage.link_lifetime import LinkLifetime
from data.storage.store import Store, open_store
from data.storage.tokens import TOKEN_BYTES, TokenGrant
from tests.data.storage.known_facts import NOW, SCANS, known_facts
from tests.makers import after


@pytest.fixture
def store(store: Store) -> Store:
    store.facts.add(known_facts(), source="test")
    return store


def test_a_token_opens_its_shipment(store: Store) -> None:
    """A token gives its shipment and scope, to everyone who asks with it."""
    token, shared = store.tokens.issue("S1"), store.tokens.issue("S1", scope="shared")

    assert store.tokens.resolve(token, now=after(1)) == TokenGrant("S1", "full")
    assert store.tokens.resolve(shared, now=after(1)) == TokenGrant("S1", "shared")


def test_tokens_cannot_be_guessed(store: Store) -> None:
    """Tokens are URL-safe, never the same twice, and hold at least 128 random bits."""
    tokens = {store.tokens.issue("S1") for _ in range(50)}

    assert len(tokens) == 50
    assert TOKEN_BYTES * 8 >= 128
    assert all(len(token) * 6 >= 128 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)


def test_wrong_expired_and_revoked_are_the_same(store: Store) -> None:
    """Nobody can learn from the answer whether a token ever was one."""
    expired, revoked = store.tokens.issue("S1", expires_at=after(5)), store.tokens.issue("S1")
    assert store.tokens.resolve(expired, now=after(4.99)).shipment_id == "S1"
    store.tokens.revoke(revoked)
    store.tokens.revoke(revoked)

    messages = set()
    for token in (expired, revoked, "wrong", "", "\ud800", "\x00", "x" * 100_000):
        with pytest.raises(NotFound) as refused:
            store.tokens.resolve(token, now=after(5))
        messages.add(str(refused.value))

    assert len(messages) == 1


def test_revoking_what_was_never_issued(store: Store) -> None:
    """Revoking a wrong token is not taken for done."""
    with pytest.raises(NotFound):
        store.tokens.revoke("wrong")


def test_only_a_digest_is_stored(tmp_path: Path) -> None:
    """The files of the database hold the SHA-256 of a token and never the token."""
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}") as store:
        store.facts.add(known_facts(), source="test")
        token = store.tokens.issue("S1")
        written = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert token.encode() not in written
    assert hashlib.sha256(token.encode()).hexdigest().encode() in written


def test_a_token_needs_a_shipment(store: Store) -> None:
    """No token for nobody, and no scope that is no text."""
    with pytest.raises(NotFound):
        store.tokens.issue("nobody")
    with pytest.raises(InvalidFact):
        store.tokens.issue("S1", scope="\x00")


ENDED_KNOWN_AT = after(50.5)
"""When we heard that S1 was delivered; S2 is under way."""


@pytest.mark.parametrize(
    ("shipment_id", "ends_at"),
    [
        pytest.param("S1", NOW + timedelta(days=30), id="issued after the end: thirty days from the issue"),
        pytest.param("S2", NOW + timedelta(days=180), id="under way: half a year from the issue"),
    ],
)
def test_a_link_without_a_date_ends_by_itself(store: Store, shipment_id: str, ends_at: datetime) -> None:
    """No link lives for ever: the rule is thirty days after the end was heard."""
    token = store.tokens.issue(shipment_id)

    assert store.tokens.of(shipment_id)[0].expires_at == ends_at
    assert store.tokens.resolve(token, now=ends_at - timedelta(seconds=1)).shipment_id == shipment_id
    with pytest.raises(NotFound):
        store.tokens.resolve(token, now=ends_at)


def test_the_end_of_a_shipment_moves_the_end_of_its_links(url: str) -> None:
    """A link issued on the way ends thirty days after the delivery was heard, and a longer life can be set."""
    clock = [after(1)]
    with open_store(url, now=lambda: clock[0], links=LinkLifetime(after_end=timedelta(days=3))) as store:
        store.facts.add(known_facts(SCANS[:2]), source="test")
        token = store.tokens.issue("S1")
        before = store.tokens.of("S1")[0].expires_at
        store.scans.append([SCANS[2]])

        assert before == after(1) + timedelta(days=180)
        assert store.tokens.of("S1")[0].expires_at == ENDED_KNOWN_AT + timedelta(days=3)
        assert store.tokens.resolve(token, now=ENDED_KNOWN_AT + timedelta(days=2.9)).shipment_id == "S1"


def test_tokens_are_listed_and_revoked_by_id(store: Store) -> None:
    """The list names each token by its digest and never shows it; the id of another shipment's token closes nothing."""
    token, other = store.tokens.issue("S1", scope="status", expires_at=after(300)), store.tokens.issue("S2")
    (record,) = store.tokens.of("S1")
    with pytest.raises(NotFound):
        store.tokens.revoke_id("S2", record.token_id)
    store.tokens.revoke_id("S1", record.token_id)

    assert (record.token_id, record.scope, record.issued_at) == (hashlib.sha256(token.encode()).hexdigest(), "status", NOW)
    assert store.tokens.of("S1")[0].revoked_at == NOW
    assert token not in repr(record)
    assert store.tokens.resolve(other, now=NOW).shipment_id == "S2"
    with pytest.raises(NotFound):
        store.tokens.resolve(token, now=NOW)
    for shipment_id in ("nobody", "\x00"):
        with pytest.raises(NotFound):
            store.tokens.of(shipment_id)
