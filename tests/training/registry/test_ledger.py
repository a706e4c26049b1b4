"""The ledger is append-only: whatever is done to its past is seen."""

import json

import pytest

from data.domain.errors import ModelRefused
from training.registry.ledger import Ledger

KEY = b"k" * 32
AT = "2026-11-21T12:00:00+00:00"


@pytest.fixture
def ledger(tmp_path):
    """Give a ledger of three promotions."""
    ledger = Ledger(tmp_path, KEY)
    for number in range(3):
        ledger.append("promoted", f"v{number}", at=AT, reason=f"reason {number}", evidence={"mae": number})
    return ledger


def lines(ledger):
    return ledger.path.read_bytes().splitlines(keepends=True)


def changed(line, **changes):
    return json.dumps(json.loads(line) | changes).encode() + b"\n"


def test_entries_come_back_in_order(ledger):
    """What was appended is read, oldest first, and the alias names the last promotion."""
    assert [(entry.sequence, entry.version, entry.evidence) for entry in ledger.entries()] == [
        (n + 1, f"v{n}", {"mae": n}) for n in range(3)
    ]
    assert ledger.head()["serving"] == "v2"


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(lambda all_: [all_[0], changed(all_[1], reason="another"), all_[2]], id="changed reason"),
        pytest.param(lambda all_: [all_[0], changed(all_[1], evidence={"mae": 0}), all_[2]], id="changed evidence"),
        pytest.param(lambda all_: [all_[1], all_[0], all_[2]], id="reordered"),
        pytest.param(lambda all_: [all_[0], all_[2]], id="removed in the middle"),
        pytest.param(lambda all_: all_[1:], id="removed at the start"),
        pytest.param(lambda all_: all_[:2], id="cut at the end"),
        pytest.param(lambda all_: [], id="emptied"),
        pytest.param(lambda all_: [*all_, all_[2]], id="repeated"),
        pytest.param(lambda all_: [*all_, b"{}\n"], id="foreign line"),
        pytest.param(lambda all_: [*all_, b"\xff[" * 50_000 + b"\n"], id="garbage"),
    ],
)
def test_tampering_is_seen(ledger, tamper):
    """Changing, moving, removing or adding lines breaks the chain, and the message names the file."""
    ledger.path.write_bytes(b"".join(tamper(lines(ledger))))

    with pytest.raises(ModelRefused, match=r"ledger\.jsonl cannot be trusted"):
        ledger.entries()


def test_a_forged_alias_is_seen(ledger):
    """The alias cannot be pointed at another version by hand."""
    ledger.alias.write_bytes(changed(ledger.alias.read_bytes(), serving="v0"))

    with pytest.raises(ModelRefused, match=r"serving\.json carries a signature of another key"):
        ledger.head()


def test_an_older_alias_is_seen(ledger, tmp_path):
    """An alias put back from earlier does not fit the ledger."""
    older = ledger.alias.read_bytes()
    ledger.append("promoted", "v3", at=AT, reason="", evidence={})
    ledger.append("promoted", "v4", at=AT, reason="", evidence={})
    ledger.alias.write_bytes(older)

    with pytest.raises(ModelRefused, match="speaks of entry 3, the ledger holds 5"):
        ledger.entries()


def test_a_missing_alias_is_seen(ledger):
    """Removing the alias is tampering, too."""
    ledger.alias.unlink()

    with pytest.raises(ModelRefused, match="missing"):
        ledger.entries()


def test_another_key_reads_nothing(ledger):
    """Entries of another key are not ours."""
    with pytest.raises(ModelRefused, match="another key"):
        Ledger(ledger.path.parent, b"x" * 32).entries()


def test_a_crash_between_ledger_and_alias_is_healed(ledger):
    """The alias one entry behind is what a crash leaves: it reads, and the next change puts it right."""
    before = ledger.alias.read_bytes()
    ledger.append("promoted", "v3", at=AT, reason="", evidence={})
    ledger.alias.write_bytes(before)

    assert len(ledger.entries()) == 4
    ledger.heal()
    assert ledger.head()["serving"] == "v3"


def test_a_half_written_line_counts_as_never_written(ledger):
    """A crash in the middle of a line loses that line alone."""
    with ledger.path.open("ab") as file:
        file.write(lines(ledger)[0][:40])

    assert len(ledger.entries()) == 3
    ledger.append("promoted", "v3", at=AT, reason="", evidence={})
    assert [entry.version for entry in ledger.entries()] == ["v0", "v1", "v2", "v3"]
