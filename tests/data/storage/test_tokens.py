"""A token opens one shipment to whoever holds it, until it ends."""

import hashlib
from pathlib import Path

import pytest

from data.domain.errors import InvalidFact, NotFound
from data.storage.store import Store, open_store
from data.storage.tokens import TOKEN_BYTES, TokenGrant
from tests.data.storage.known_facts import known_facts
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
