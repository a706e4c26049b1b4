"""Sign bytes with a secret key and check signatures in constant time."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from data.domain.errors import ModelRefused

__all__ = ["SHORTEST_KEY", "canonical", "check_key", "sign", "signed_by"]

SHORTEST_KEY = 32
"""Bytes of the shortest key taken: the output length of SHA-256 (RFC 2104, section 3)."""


def check_key(key: bytes) -> bytes:
    """Give the key back, or raise `ModelRefused` when it is too short to protect anything."""
    if len(key) < SHORTEST_KEY:
        raise ModelRefused(f"the signing key has {len(key)} bytes; it needs at least {SHORTEST_KEY} random ones. Make a new key file.")
    return key


def canonical(value: Mapping[str, Any]) -> bytes:
    """Give the one JSON spelling of a mapping that is signed: sorted keys, no spaces, ASCII, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def sign(key: bytes, purpose: str, content: bytes) -> str:
    """Give the HMAC-SHA256 of content as hex. ``purpose`` keeps a signature of one kind from passing as another."""
    return hmac.new(key, purpose.encode() + b"\0" + content, hashlib.sha256).hexdigest()


def signed_by(key: bytes, purpose: str, content: bytes, signature: str) -> bool:
    """Say whether a signature is ours, in time that does not depend on where it differs."""
    return hmac.compare_digest(sign(key, purpose, content).encode(), signature.encode("utf-8", "replace"))
