from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from serving.schemas.wire import Attributes, Id, Instant, Lat, SafeStr

INSTANT, TEXT, ID, LAT, ATTRIBUTES = (TypeAdapter(kind) for kind in (Instant, SafeStr, Id, Lat, Attributes))


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-06-01T12:00:00Z", datetime(2026, 6, 1, 12, tzinfo=UTC)),
        ("2026-06-01T08:00:00-04:00", datetime(2026, 6, 1, 12, tzinfo=UTC)),
        ("2024-02-29T23:59:59.123456789+05:30", datetime(2024, 2, 29, 18, 29, 59, 123456, tzinfo=UTC)),
        ("2000-02-29T00:00:00Z", datetime(2000, 2, 29, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_into_utc(sent, read):
    """An explicit offset, any fraction of a second."""
    assert INSTANT.validate_python(sent) == read
    assert INSTANT.validate_python(sent).tzinfo is UTC


@pytest.mark.parametrize(
    "sent",
    ["2026-06-01", "2026-06-01 12:00:00Z", "2026-06-01T12:00Z", "2023-02-29T00:00:00Z", "1989-12-31T23:59:59Z", "2100-01-01T00:00:00Z",
     "1990-01-01T00:00:00+14:00", "2026-06-01T24:00:00Z", "2026-06-01T12:00:00z", "\u0662026-06-01T12:00:00Z", 0, 1.5, None, True],
)  # fmt: skip
def test_what_is_no_instant_is_refused(sent):
    """No bare dates, no bare numbers, no guessed zones, nothing outside 1990..2100."""
    with pytest.raises(ValidationError):
        INSTANT.validate_python(sent)


@given(st.text())
def test_safe_text_can_always_be_stored_and_shown(text):
    """What passes has no control characters and no surrogates, and can be written as UTF-8."""
    try:
        safe = TEXT.validate_python(text)
    except ValidationError:
        return
    assert safe.encode()
    assert not any(c < " " or "\x7f" <= c <= "\x9f" for c in safe)


def test_text_is_kept_in_one_form():
    """Composed and decomposed accents are the same text."""
    assert TEXT.validate_python("Sa\u0303o") == "S\u00e3o"


@pytest.mark.parametrize("sent", ["", "a/b", ".hidden", " a", "a\tb", "x" * 129, "\ud800", 7])
def test_what_is_no_id_is_refused(sent):
    """An id becomes part of an address."""
    with pytest.raises(ValidationError):
        ID.validate_python(sent, strict=True)


@pytest.mark.parametrize("sent", [float("nan"), float("inf"), 90.0001, -91, "45", True])
def test_what_is_no_latitude_is_refused(sent):
    """Finite numbers within bounds only."""
    with pytest.raises(ValidationError):
        LAT.validate_python(sent, strict=True)


@pytest.mark.parametrize(
    "sent", [{"Upper": 1}, {"a b": 1}, {"": 1}, {"a": float("nan")}, {"a": []}, {"a": ""}, {"a": True}, {f"a{n}": 1 for n in range(65)}, []]
)
def test_what_are_no_attributes_is_refused(sent):
    """Names of lower-case letters, finite numbers or safe words, at most 64."""
    with pytest.raises(ValidationError):
        ATTRIBUTES.validate_python(sent, strict=True)
