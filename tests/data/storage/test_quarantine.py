"""What is refused is kept."""

from datetime import UTC, date, datetime
from math import inf, nan

from data.storage.quarantine import Refused
from data.storage.store import Store
from tests.data.storage.known_facts import HOSTILE, NOW


def test_anything_can_be_kept(store: Store) -> None:
    """NaN, NUL, surrogates, huge numbers, bytes and dates are spelled out instead of lost."""
    row = {
        "nan": nan,
        "inf": inf,
        "nul\x00key": "a\x00b",
        "half": "\ud800",
        "huge": 10**30,
        "when": datetime(2026, 1, 1, tzinfo=UTC),
        "day": date(2026, 1, 1),
        "bytes": b"\xff",
        "list": [1, None, {"x": 2.5}],
        "flag": True,
        "text": "".join(HOSTILE),
    }

    assert store.quarantine.add([Refused("scans", row, "rule", "me\x00ssage \udfff", "source\ud800")]) == 1

    (kept,) = store.quarantine.list()
    assert kept.at == NOW
    assert kept.refused.row == {
        "nan": "nan",
        "inf": "inf",
        "nul\\x00key": "a\\x00b",
        "half": "\\ud800",
        "huge": "1" + "0" * 30,
        "when": "2026-01-01T00:00:00+00:00",
        "day": "2026-01-01",
        "bytes": "b'\\xff'",
        "list": [1, None, {"x": 2.5}],
        "flag": True,
        "text": "".join(HOSTILE),
    }
    assert (kept.refused.message, kept.refused.source) == ("me\\x00ssage \\udfff", "source\\ud800")


def test_the_same_row_is_kept_once(store: Store) -> None:
    """Sending the same refused row again adds nothing; the same row for another rule does."""
    row = Refused("scans", {"scan_id": "E1"}, "rule", "message", "source")

    counts = [store.quarantine.add(rows) for rows in ([row, row], [row], [row, Refused("scans", row.row, "other", "", "source")], [])]

    assert counts == [1, 0, 1, 0]
    assert len(store.quarantine.list()) == 2
    assert len(store.quarantine.list(limit=1)) == 1
