"""What was read goes into the store; what was refused goes into its quarantine; the same again changes nothing."""

from datetime import UTC, datetime

import polars as pl
import pytest

from data.facts.facts import Facts
from data.sources.bring_in import bring_in, known_in, read_facts, refused_rows
from data.sources.canonical.read import read_folder
from data.storage.store import open_store

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
ORDERS = "order_id,ordered_at,attr_weight\nO1,2026-06-01T12:00Z,2.5\n"
SHIPMENTS = "shipment_id,order_id,carrier,service,created_at\nS1,O1,swift,ground,2026-06-01T10:00Z\n"
SCANS = "scan_id,shipment_id,status,occurred_at,received_at,source,zone_basis,voids\n"


@pytest.fixture
def store(tmp_path):
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    at = tmp_path / "facts"
    at.mkdir()
    (at / "orders.csv").write_text(ORDERS)
    (at / "shipments.csv").write_text(SHIPMENTS)
    rows = "K1,S1,in_transit,2026-06-01T12:00Z,2026-06-01T12:00Z,me,explicit,false\nK2,S1,flying,2026-06-01T12:00Z,2026-06-01T12:00Z,me,explicit,\nK3,S1\n"
    (at / "scans.csv").write_text(SCANS + rows)
    return at


def test_good_rows_are_stored_and_refused_ones_kept(store, folder):
    """Good rows become facts; each refused one is in the quarantine once, as it came, with line, rule and next step."""
    report = bring_in(store, read_folder(folder), source="facts")
    kept = {row.refused.rule: row.refused for row in store.quarantine.list()}

    assert report.tables["scans"].new == 1
    assert store.shipments.order("O1").attributes == {"weight": 2.5}
    assert set(kept) == {"choice", "shape"}
    assert kept["choice"].row["status"] == "flying"
    assert "scans.csv line 3, status 'flying'" in kept["choice"].message
    assert "the value is missing; fill it in" in kept["choice"].message
    assert kept["shape"].row == {"fields": ["K3", "S1"]}
    assert kept["shape"].message.startswith("line 4: ")


def test_importing_twice_changes_nothing(store, folder):
    """The same folder again gives the same counts in every table, the quarantine included."""
    bring_in(store, read_folder(folder), source="facts")
    before = store.counts()
    report = bring_in(store, read_folder(folder, known=known_in(store)), source="facts")

    assert report.total.new == 0
    assert store.counts() == before


def test_the_store_knows_parents(store, folder):
    """Later scans of a known shipment need no shipments file; those of an unknown one are refused."""
    bring_in(store, read_folder(folder), source="facts")
    for name in ("orders.csv", "shipments.csv"):
        (folder / name).unlink()
    rows = "K5,S1,delivered,2026-06-02T12:00Z,2026-06-02T12:00Z,me,explicit,false\nK6,S9,delivered,2026-06-02T12:00Z,2026-06-02T12:00Z,me,explicit,false\n"
    (folder / "scans.csv").write_text(SCANS + rows)
    read = read_folder(folder, known=known_in(store))
    report = bring_in(store, read, source="later")

    assert read.errors.select("line", "column", "value", "rule").rows() == [(3, "shipment_id", "S9", "reference")]
    assert report.tables["scans"].new == 1
    assert known_in(store)("orders", ["O1", "O2"]) == {"O1"}
    assert known_in(store)("facilities", ["F1"]) == frozenset()


def test_a_delivered_shipment_is_still_known(store, folder):
    """The store knows shipments that have ended, too."""
    (folder / "scans.csv").write_text(SCANS + "K1,S1,delivered,2026-06-01T12:00Z,2026-06-01T12:00Z,me,explicit,false\n")
    bring_in(store, read_folder(folder), source="facts")

    assert store.shipments.open_ids() == ()
    assert known_in(store)("shipments", ["S1", "S2"]) == {"S1"}


def test_facts_of_an_adapter_are_sifted_like_a_folder(store):
    """A row of somebody else's facts that breaks a rule is refused with everything that hangs on it, and kept."""
    orders = pl.DataFrame({"order_id": ["O1", "O\x072"], "ordered_at": [AT, AT]})
    shipment = {"carrier": "swift", "service": "ground", "created_at": AT}
    shipments = pl.DataFrame([{"shipment_id": "S1", "order_id": "O1"} | shipment, {"shipment_id": "S2", "order_id": "O\x072"} | shipment])
    read = read_facts(Facts.of({"orders": orders, "shipments": shipments}), name="set")
    bring_in(store, read, source="set")

    assert read.errors.select("file", "line", "rule").rows() == [
        ("set/orders", 2, "characters"),
        ("set/shipments", 2, "characters"),
        ("set/shipments", 2, "reference"),
    ]
    assert [row.row["shipment_id"] for row in refused_rows(read, source="set") if row.table == "shipments"] == ["S2"]
    assert (store.counts()["shipments"], store.counts()["quarantine"]) == (1, 2)
