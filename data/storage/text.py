"""Refuse text that no database can hold, before it gets there."""

from data.domain.errors import InvalidFact, NotFound

__all__ = ["lookup_text", "storable", "storable_or_none"]


def storable(name: str, value: str) -> str:
    """Give the text back, or raise `InvalidFact` when it holds NUL or half of a surrogate pair.

    PostgreSQL refuses NUL and both engines refuse lone surrogates; every other character is kept as it came.
    """
    if "\x00" in value:
        raise InvalidFact(f"{name} {value[:80]!r} holds the character NUL, which no database keeps; remove it.")
    if not _is_unicode(value):
        raise InvalidFact(f"{name} {value[:80]!r} holds half of a surrogate pair, which is no character; decode the text anew.")
    return value


def storable_or_none(name: str, value: str | None) -> str | None:
    """Do as `storable`, and let ``None`` through."""
    return None if value is None else storable(name, value)


def lookup_text(noun: str, value: str) -> str:
    """Give a text to look up, or raise `NotFound`: what cannot be stored cannot be known."""
    if "\x00" in value or not _is_unicode(value):
        raise NotFound(f"no {noun} {value[:80]!r} is known.")
    return value


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
