"""Know the API keys: which secret may do what.

A key is 256 random bits. Only its SHA-256 is compared (a fast hash is enough for a key nobody chose), in constant time. The first
key is made on first use and kept in the state folder (``api_key``, mode 0600) for the command line and the demo; further keys are
given as hashes in the settings.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from itsdangerous import BadSignature, URLSafeTimedSerializer

from data.domain.errors import InvalidFact
from serving.secrets_on_disk import kept_secret
from serving.settings import Settings

__all__ = ["Keyring", "Scope"]

TICKET_SECONDS = 12 * 3600
"""A sign-in link of the operations pages and its session live for one long shift."""

FORM_SECONDS = 4 * 3600
"""A form may lie open for an afternoon before it is sent."""


class Scope(StrEnum):
    """Say what a key may do."""

    WRITE = "write"
    """Register orders, shipments and contacts, send scans, issue and revoke customer links."""
    OPERATIONS = "operations"
    """Read everything: lists, scans, forecasts of the past, the operations pages."""


def sha256_hex(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Keyring:
    """Hold the hashes of the API keys with their scopes, and sign sessions of the operations pages."""

    hashes: Mapping[str, frozenset[Scope]]
    first_key: str = field(repr=False)
    session_secret: str = field(repr=False)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Read the keys of the settings and of the state folder; make the first key when there is none."""
        first = kept_secret(settings.state_folder, "api_key", prefix="dc_")
        hashes = {sha256_hex(first): frozenset(Scope)}
        for key_hash, scopes in settings.api_keys.items():
            if unknown := scopes - set(Scope):
                raise InvalidFact(f"DOORCAST_API_KEYS: scopes {sorted(unknown)} are not known; use {[str(s) for s in Scope]}.")
            hashes[key_hash] = frozenset(Scope(scope) for scope in scopes)
        return cls(hashes, first, kept_secret(settings.state_folder, "session_secret"))

    def scopes_of(self, secret: str) -> frozenset[Scope] | None:
        """Give the scopes of a key; ``None`` for a key that is not known. Looks at every hash whichever one matches."""
        asked = sha256_hex(secret)
        found: frozenset[Scope] | None = None
        for key_hash, scopes in self.hashes.items():
            if hmac.compare_digest(key_hash, asked):
                found = scopes
        return found

    def ticket(self) -> str:
        """Give a signed ticket that opens the operations pages for `TICKET_SECONDS`: for a sign-in link or a session cookie."""
        return self._serializer().dumps(str(Scope.OPERATIONS))

    def holds_ticket(self, ticket: str) -> bool:
        """Say whether a ticket is ours and not too old."""
        try:
            return bool(self._serializer().loads(ticket, max_age=TICKET_SECONDS) == Scope.OPERATIONS)
        except BadSignature:
            return False

    def form_ticket(self) -> str:
        """Give a signed ticket for a public form, always of one length. It says that our page was asked for, not by whom: no cookie is set."""
        return self._serializer("form").dumps(secrets.token_hex(8))

    def holds_form_ticket(self, ticket: str) -> bool:
        """Say whether a form's ticket is ours and younger than `FORM_SECONDS`."""
        try:
            self._serializer("form").loads(ticket, max_age=FORM_SECONDS)
        except BadSignature:
            return False
        return True

    def _serializer(self, purpose: str = "operations") -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.session_secret, salt=f"doorcast {purpose}")
