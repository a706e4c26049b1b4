"""Compare what a person typed with what is known, by keyed digests of one normal form."""

import hmac
import re
import unicodedata

__all__ = ["Digests", "normal_email", "normal_postal_code", "spellings"]

SPACES_AND_DASHES = re.compile(r"[\s\u2010-\u2015\u2212-]+")
ZIP_PLUS_FOUR = re.compile(r"[0-9]{9}")
"""US codes of nine digits; no other country has postal codes of nine digits alone (Universal Postal Union, addressing pages)."""


def spellings(number: str) -> tuple[str, str, str]:
    """Give the spellings under which a typed number is looked up: as typed, in capitals without spaces, and without dashes too.

    The last one is the same for everything that can find the same number, so tries are counted under it.
    """
    typed = number.strip()
    capitals = "".join(unicodedata.normalize("NFKC", typed).upper().split())
    return typed, capitals, SPACES_AND_DASHES.sub("", capitals)


def normal_postal_code(text: str) -> str:
    """Give a postal code without spaces and dashes, in capitals; nine digits (ZIP+4) become the five that name the place."""
    plain = SPACES_AND_DASHES.sub("", unicodedata.normalize("NFKC", text)).upper()
    return plain[:5] if ZIP_PLUS_FOUR.fullmatch(plain) else plain


def normal_email(text: str) -> str:
    """Give an address without spaces around it, in small letters. Dots and plus tags stay: providers differ in what they mean."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


class Digests:
    """Make HMAC-SHA256 digests under one key; each kind of value has its own domain, so that one never equals another."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def email(self, text: str) -> str:
        """Give the digest of an e-mail address: 64 hex digits; the only form in which addresses are compared."""
        return self._digest("email", normal_email(text))

    def postal_code(self, text: str) -> str:
        """Give the digest of a postal code."""
        return self._digest("postal code", normal_postal_code(text))

    def number(self, text: str) -> str:
        """Give the digest of a tracking or order number, under which tries are counted; no list of numbers is kept anywhere."""
        return self._digest("number", spellings(text)[-1])

    def _digest(self, kind: str, text: str) -> str:
        return hmac.digest(self._key, f"{kind}\x00{text}".encode("utf-8", "surrogatepass"), "sha256").hex()
