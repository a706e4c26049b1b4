"""Facts go in once and come out as they were."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data.domain.errors import InvalidFact, InvalidTable, NotFound
from data.domain.statuses import Status
from data.facts.facts import Facts, received_by
from data.facts.schema import TABLES
from data.storage import facts as facts_module
from data.storage.adding import Added
from data.storage.store import Store
from tests.data.storage.known_facts import HOSTILE, NOW, SCANS, known_facts, scan_frame
from tests.makers import MONDAY_NOON, after, make_scan


def assert_same(expected: Facts, actual: Facts) -> None:
    for (name, one), (_, other) in zip(expected.tables(), actual.tables(), strict=True):
        key = TABLES[name].key
        assert_frame_equal(one.sort(key), other.sort(key), check_exact=True)


def test_every_table_comes_back_exactly(store: Store) -> None:
    """Every table, type, null and declared attribute comes back exactly as it went in."""
    store.facts.add(known_facts(), source="test")

    assert_same(known_facts(), store.facts.read())


def test_hostile_text_comes_back_exactly(store: Store) -> None:
    """Text of any kind is data and nothing else."""
    scans = [make_scan(f"E{i}", Status.IN_TRANSIT, after(i + 1), raw_code=text[:50], raw_text=text) for i, text in enumerate(HOSTILE)]
    facts = known_facts(scans)
    names = pl.DataFrame({"facility_id": HOSTILE, "name": HOSTILE, "kind": ["hub"] * len(HOSTILE), "city": HOSTILE})
    orders = pl.DataFrame({"order_id": HOSTILE, "ordered_at": [MONDAY_NOON] * len(HOSTILE), "attr_note": HOSTILE})
    facts = replace(facts, facilities=Facts.of({"facilities": names}).facilities)
    facts = replace(
        facts,
        **{
            name: facts.lane_summaries.clear() if name == "lane_summaries" else getattr(facts, name).clear()
            for name in ("lane_summaries", "weather_observations", "weather_forecasts")
        },
    )
    facts = replace(facts, orders=pl.concat([facts.orders, Facts.of({"orders": orders}).orders], how="diagonal"))

    store.facts.add(facts, source="test")

    read = store.facts.read()
    assert read.scans.sort("scan_id")["raw_text"].to_list() == HOSTILE
    assert set(read.facilities["city"]) == set(HOSTILE)
    assert set(read.orders["attr_note"].drop_nulls()) == set(HOSTILE)


@pytest.mark.parametrize("microsecond", [0, 1, 999_999, 123_457])
def test_microseconds_survive(store: Store, microsecond: int) -> None:
    """An instant keeps its last microsecond, far from now too."""
    instants = [after(1).replace(microsecond=microsecond), after(1).replace(year=1990, microsecond=microsecond)]
    scans = [make_scan(f"E{i}", Status.IN_TRANSIT, instant) for i, instant in enumerate(instants)]

    store.facts.add(known_facts(scans), source="test")

    assert sorted(store.facts.read().scans["occurred_at"].to_list()) == sorted(instants)


def test_adding_twice_changes_nothing(store: Store) -> None:
    """The second import finds every row unchanged and no table differs."""
    store.facts.add(known_facts(), source="test")
    before, counts = store.facts.read(), store.counts()

    report = store.facts.add(known_facts(), source="test")

    assert report.total == Added(unchanged=known_facts().rows())
    assert_same(before, store.facts.read())
    assert store.counts() == counts


def test_a_known_key_with_other_content_goes_to_quarantine(store: Store) -> None:
    """What came first stands; the newcomer is kept apart, once however often it comes."""
    facts = known_facts()
    store.facts.add(facts, source="first")
    other = replace(facts, shipments=facts.shipments.with_columns(attr_pieces=pl.lit(9), distance_km=pl.lit(None, dtype=pl.Float64)))

    for _ in range(2):
        report = store.facts.add(other, source="second")

    assert report.tables["shipments"] == Added(conflicting=3)
    assert_same(facts, store.facts.read())
    kept = store.quarantine.list()
    assert {(row.refused.table, row.refused.rule, row.refused.source) for row in kept} == {("shipments", "conflict", "second")}
    assert sorted(row.refused.row["shipment_id"] for row in kept) == ["S1", "S2", "S3"]


@pytest.mark.parametrize("column", [name for name in TABLES["scans"].schema if name != "scan_id"])
def test_a_change_of_any_column_is_a_conflict(store: Store, column: str) -> None:
    """No column of a scan can change unseen, from null to a value neither."""
    scan = make_scan("E1", Status.ACCEPTED, after(2), after(3))
    store.facts.add(known_facts([scan]), source="test")
    others = {
        "shipment_id": "S2",
        "status": "delivered",
        "occurred_at": after(2) + timedelta(microseconds=1),
        "received_at": after(3) + timedelta(microseconds=1),
        "zone_basis": "place",
        "voids": True,
        "source": "other",
    }
    frame = Facts.of({"scans": scan_frame([scan])}).scans
    changed = frame.with_columns(pl.lit(others.get(column, "new")).cast(frame.schema[column]).alias(column))

    report = store.facts.add(Facts.of({"scans": changed}), source="test")

    assert report.tables["scans"] == Added(conflicting=1)


def test_a_key_twice_in_one_import(store: Store) -> None:
    """The first row of a key stands, its copy is unchanged, a third with other content is a conflict."""
    scan = make_scan("E1", Status.ACCEPTED, after(2))
    facts = known_facts([scan, scan, replace(scan, raw_text="other")])

    report = store.facts.add(facts, source="test")

    assert report.tables["scans"] == Added(new=1, unchanged=1, conflicting=1)
    assert store.scans.of("S1") == (scan,)


def test_a_row_without_its_parent_goes_to_quarantine(store: Store) -> None:
    """A scan of a shipment that nobody knows is refused and kept; the others are stored."""
    stray = make_scan("E9", Status.ACCEPTED, after(2), shipment_id="S9")

    report = store.facts.add(known_facts([*SCANS, stray]), source="test")

    assert report.tables["scans"] == Added(new=len(SCANS), refused=1)
    (kept,) = store.quarantine.list()
    assert (kept.refused.rule, kept.refused.row["scan_id"]) == ("unknown_reference", "E9")


def test_a_scan_at_a_facility_that_nobody_described_is_welcome(store: Store) -> None:
    """An optional reference may point to what is not known yet."""
    scan = make_scan("E1", Status.ACCEPTED, after(2), facility_id="NEW")

    store.facts.add(known_facts([scan]), source="test")

    assert store.scans.of("S1") == (scan,)
    assert store.shipments.summary("S1").lat is None


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("shipments", "distance_km", float("nan")),
        ("shipments", "attr_weight_kg", float("inf")),
        ("shipments", "attr_vehicle", "bi\x00ke"),
        ("scans", "raw_text", "Deliv\x00ered"),
        ("scans", "status", "somewhere"),
        ("facilities", "lat", 91.0),
        ("facilities", "lon", None),
        ("orders", "ordered_at", MONDAY_NOON.replace(year=1989)),
        ("orders", "order_id", None),
    ],
)
def test_what_cannot_be_stored_is_refused_before_anything_is(store: Store, table: str, column: str, value: object) -> None:
    """One value that would change or break in the database refuses the whole call, by name."""
    facts = known_facts()
    frame = getattr(facts, table)
    broken = frame.with_columns(pl.lit(value, dtype=frame.schema[column]).alias(column))

    with pytest.raises(InvalidTable, match=column):
        store.facts.add(replace(facts, **{table: broken}), source="test")

    assert set(store.counts().values()) == {0}


def test_a_lone_surrogate_in_the_source_is_refused(store: Store) -> None:
    """Text that is no text is an InvalidFact, not an error of the driver."""
    with pytest.raises(InvalidFact, match="surrogate"):
        store.facts.add(known_facts(), source="\ud800")


def test_attributes_are_declared_once(store: Store) -> None:
    """A later import without an attribute, or with whole numbers for a number, fits; text for a number does not."""
    store.facts.add(known_facts(), source="test")
    more = {"order_id": ["O9"], "ordered_at": [MONDAY_NOON]}
    one = {"shipment_id": ["S9"], "order_id": ["O9"], "carrier": ["x"], "service": ["y"], "created_at": [MONDAY_NOON]}
    store.facts.add(Facts.of({"orders": pl.DataFrame(more), "shipments": pl.DataFrame({**one, "attr_weight_kg": [7]})}), source="test")

    read = store.facts.read(shipment_ids=["S9"]).shipments
    with pytest.raises(InvalidTable, match="attr_weight_kg is declared as number"):
        store.facts.add(Facts.of({"shipments": pl.DataFrame({**one, "attr_weight_kg": ["heavy"]})}), source="test")

    with pytest.raises(InvalidTable, match="attr_seen"):
        store.facts.add(Facts.of({"orders": pl.DataFrame({**more, "attr_seen": [MONDAY_NOON]})}), source="test")
    with pytest.raises(InvalidTable, match="64 bits"):
        store.facts.add(Facts.of({"orders": pl.DataFrame({**more, "attr_big": pl.Series([2**63], dtype=pl.UInt64)})}), source="test")

    assert read.schema["attr_weight_kg"] == pl.Float64
    assert read.row(0, named=True)["attr_weight_kg"] == 7.0
    assert read.row(0, named=True)["attr_vehicle"] is None


def test_whole_numbers_widen(store: Store) -> None:
    """An attribute that was whole and becomes fractional is a number from then on, and its old rows are still unchanged."""
    facts = known_facts()
    store.facts.add(facts, source="test")
    wider = replace(facts, shipments=facts.shipments.with_columns(pl.col("attr_pieces").cast(pl.Float64)))

    report = store.facts.add(wider, source="test")

    assert report.tables["shipments"] == Added(unchanged=3)
    assert store.facts.read().shipments.schema["attr_pieces"] == pl.Float64


def test_progress_counts_to_the_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress names each table with rows, grows, and ends with all rows done."""
    monkeypatch.setattr(facts_module, "SLICE_ROWS", 3)
    seen: list[tuple[str, int, int]] = []

    store.facts.add(known_facts(), source="test", progress=lambda *step: seen.append(step))

    assert [step for step in seen if step[0] == "scans"] == [("scans", 3, 4), ("scans", 4, 4)]
    assert {table for table, _, _ in seen} == set(TABLES)
    assert_same(known_facts(), store.facts.read())


def test_the_ledger_remembers_imports(store: Store) -> None:
    """Each import leaves a line with its source, time and counts, newest first."""
    store.facts.add(known_facts(), source="first")
    store.facts.add(known_facts(), source="second")

    newest, oldest = store.imports.list()

    assert (newest.source, newest.at, newest.tables["scans"]) == ("second", NOW, Added(unchanged=4))
    assert (oldest.source, oldest.tables["orders"]) == ("first", Added(new=2))


@pytest.mark.parametrize("hours", [-1, 0, 1, 2.5, 3, 4, 11, 50.5, 5000])
def test_reading_as_of_a_moment_is_the_reference(store: Store, hours: float) -> None:
    """What the store says was known at a moment is what `received_by` says, to the microsecond and with the moment itself."""
    store.facts.add(known_facts(), source="test")

    assert_same(received_by(known_facts(), after(hours)), store.facts.read(received_before=after(hours)))


def test_reading_one_shipment_brings_what_it_needs(store: Store) -> None:
    """One shipment comes with its order, facilities, lanes and the weather around it, and with nothing of others."""
    store.facts.add(known_facts(), source="test")

    read = store.facts.read(shipment_ids=["S1"])

    assert read.shipments["shipment_id"].to_list() == ["S1"]
    assert read.orders["order_id"].to_list() == ["O1"]
    assert sorted(read.facilities["facility_id"]) == ["JFK", "MEM"]
    assert sorted(read.scans["scan_id"]) == ["E1", "E2", "E3"]
    assert read.weather_observations["observation_id"].to_list() == ["W1"]
    assert (read.promises.height, read.legs.height, read.parcels.height, read.weather_forecasts.height, read.lane_summaries.height) == (
        2,
        2,
        1,
        1,
        1,
    )
    assert read.shipments.columns == store.facts.read().shipments.columns


def test_reading_one_shipment_as_of_a_moment(store: Store) -> None:
    """The moment cuts the facts of one shipment as it cuts all."""
    store.facts.add(known_facts(), source="test")

    read = store.facts.read(shipment_ids=["S1"], received_before=after(11))

    assert sorted(read.scans["scan_id"]) == ["E1", "E2"]


def test_reading_an_unknown_shipment_says_so(store: Store) -> None:
    """An unknown id is named, also one that no database could hold."""
    store.facts.add(known_facts(), source="test")

    for unknown in ("nobody", "no\x00body", "\ud800"):
        with pytest.raises(NotFound):
            store.facts.read(shipment_ids=["S1", unknown])


def test_reading_nothing_gives_empty_facts(store: Store) -> None:
    """No ids give no rows, and an empty store can be read."""
    assert store.facts.read(shipment_ids=[]).rows() == 0
    assert store.facts.read().rows() == 0
