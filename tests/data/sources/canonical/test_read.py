"""A canonical folder is read row by row: good rows become facts, each broken one is named with file, line, column, value and rule."""

import os
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from data.domain.errors import InvalidTable
from data.sources.canonical.read import read_folder

ORDERS = "order_id,ordered_at\nO1,2026-06-01T12:00:00+02:00\n"
SHIPMENTS = "shipment_id,order_id,carrier,service,created_at\nS1,O1,swift,ground,2026-06-01T10:00Z\n"
SCANS = "scan_id,shipment_id,status,occurred_at,received_at,source,zone_basis,voids\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "shipments.csv").write_text(SHIPMENTS)
    return tmp_path


def scan(
    scan_id="K1",
    *,
    shipment="S1",
    status="in_transit",
    occurred="2026-06-01T12:00:00Z",
    received="2026-06-01T12:00:00Z",
    source="me",
    voids="false",
):
    return f"{scan_id},{shipment},{status},{occurred},{received},{source},explicit,{voids}\n"


def errors(read):
    return read.errors.select("file", "line", "column", "value", "rule").rows()


def test_a_good_folder_becomes_facts(folder):
    """Files become typed facts: times in UTC, missing nullable columns null."""
    (folder / "scans.csv").write_text(SCANS + scan())
    read = read_folder(folder)

    assert errors(read) == []
    assert read.facts.orders["ordered_at"].item() == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert read.facts.scans.select("facility_id", "voids").rows() == [(None, False)]


FACILITIES = "facility_id,name,kind\nMEM,Memphis,hub\n"
OBSERVATION = "observation_id,facility_id,observed_at,available_at,wind_kph"
OBSERVED = "MEM,2026-06-01T10:00Z,2026-06-01T10:20Z,12.5"


def test_weather_written_before_there_was_humidity_is_still_read(folder):
    """Files without the later columns of weather are as good as ever: what they do not tell is unknown."""
    (folder / "facilities.csv").write_text(FACILITIES)
    (folder / "weather_observations.csv").write_text(f"{OBSERVATION}\nW1,{OBSERVED}\n")
    read = read_folder(folder)

    assert errors(read) == []
    assert read.facts.weather_observations.select("wind_kph", "humidity_percent", "pressure_hpa").rows() == [(12.5, None, None)]


@pytest.mark.parametrize(
    ("humidity", "pressure", "wrong"),
    [
        pytest.param("71", "1013.2", [], id="good"),
        pytest.param("", "", [], id="unknown"),
        pytest.param("101", "1013.2", [("humidity_percent", "101")], id="more than saturated"),
        pytest.param("0.71", "29.92", [("pressure_hpa", "29.92")], id="inches of mercury"),
        pytest.param("71", "101320", [("pressure_hpa", "101320")], id="pascal"),
    ],
)
def test_weather_in_other_units_is_refused(folder, humidity, pressure, wrong):
    """Pressure in inches or pascal lies outside the range of its column, and so does air more than saturated."""
    (folder / "facilities.csv").write_text(FACILITIES)
    (folder / "weather_observations.csv").write_text(f"{OBSERVATION},humidity_percent,pressure_hpa\nW1,{OBSERVED},{humidity},{pressure}\n")
    read = read_folder(folder)

    assert [(column, value, rule) for _, _, column, value, rule in errors(read)] == [(*each, "range") for each in wrong]


@pytest.mark.parametrize(
    ("row", "column", "value", "rule"),
    [
        pytest.param(scan(occurred="0001-01-01T00:00:00Z"), "occurred_at", "0001-01-01T00:00:00Z", "instant_range", id="year 1"),
        pytest.param(scan(occurred="2100-01-01T00:00:00Z"), "occurred_at", "2100-01-01T00:00:00Z", "instant_range", id="year 2100"),
        pytest.param(scan(occurred="2026-06-01T12:00:00"), "occurred_at", "2026-06-01T12:00:00", "instant", id="no offset"),
        pytest.param(scan(occurred="2026-13-01T12:00:00Z"), "occurred_at", "2026-13-01T12:00:00Z", "instant", id="month 13"),
        pytest.param(scan(occurred="2026-06-01T12:00:60Z"), "occurred_at", "2026-06-01T12:00:60Z", "instant", id="second 60"),
        pytest.param(scan(occurred="2026-06-01T12:00:00+99:99"), "occurred_at", "2026-06-01T12:00:00+99:99", "instant", id="offset of 99 h"),
        pytest.param(scan(occurred="1780315200"), "occurred_at", "1780315200", "instant", id="a bare number"),
        pytest.param(scan(status="flying"), "status", "flying", "choice", id="unknown word"),
        pytest.param(scan(voids="maybe"), "voids", "maybe", "flag", id="no flag"),
        pytest.param(scan(source=""), "source", None, "required", id="missing"),
        pytest.param(scan(source="a\x00b"), "source", "a\x00b", "characters", id="NUL"),
        pytest.param(scan(source="a\x1bb"), "source", "a\x1bb", "characters", id="escape"),
        pytest.param(scan(shipment="S9"), "shipment_id", "S9", "reference", id="unknown parent"),
        pytest.param("K2,S1\n", "", "K2,S1", "shape", id="too short"),
        pytest.param(scan().rstrip() + ",more\n", "", "K1,S1,in_transit,2026-06-01T12:00:00Z,2026-06-01T12:00:00Z,me,explicit,false,more", "shape", id="too long"),
        pytest.param('K2,"S1"x,\n', "", "", "quoting", id="broken quotes"),
    ],
)  # fmt: skip
def test_a_broken_row_is_named_and_its_neighbours_stand(folder, row, column, value, rule):
    """The broken row is the one error, on its line; the rows around it are facts."""
    (folder / "scans.csv").write_text(SCANS + scan("K0") + row + scan("K9"))
    read = read_folder(folder)

    assert errors(read) == [("scans.csv", 3, column, value, rule)]
    assert read.facts.scans["scan_id"].to_list() == ["K0", "K9"]
    assert (read.counts["scans"].rows, read.counts["scans"].refused) == (3, 1)


@pytest.mark.parametrize(
    ("number", "rule"),
    [("91", "range"), ("NaN", "number"), ("inf", "number"), ("1e999", "number"), ("12,5", "number"), ("0x1F", "number"), (" 35", "number"), ("٣٥", "number")],
)  # fmt: skip
def test_numbers_are_strict(folder, number, rule):
    """Only plain finite numbers inside their range are numbers."""
    header = "facility_id,name,kind,lat,lon\n"
    (folder / "facilities.csv").write_text(f'{header}F1,Hub,hub,"{number}",-89.97\n', encoding="utf-8")

    assert errors(read_folder(folder)) == [("facilities.csv", 2, "lat", number, rule)]


def test_a_surrogate_is_refused_with_its_row(folder):
    """Bytes that are no UTF-8 (half of a surrogate pair) refuse their row alone."""
    (folder / "scans.csv").write_bytes((SCANS + scan("K0")).encode() + scan("K1", source="XX").encode().replace(b"XX", b"\xed\xa0\x80"))
    read = read_folder(folder)

    assert [(line, rule) for _, line, _, _, rule in errors(read)] == [(3, "encoding")]
    assert read.broken["scans"].broken[0][2][5] == "\\udced\\udca0\\udc80"


def test_lines_are_those_of_an_editor(folder):
    """A quoted line break moves the lines below; blank lines count, too."""
    (folder / "scans.csv").write_text(
        SCANS + scan("K0", source='"a,b"') + "\n" + scan("K1", source='"two\nlines"') + scan("K2", status="x")
    )

    assert [(line, rule) for _, line, _, _, rule in errors(read_folder(folder))] == [(4, "characters"), (6, "choice")]


def test_a_bom_is_skipped_and_counted(folder):
    """A byte order mark is no part of the first column's name."""
    (folder / "orders.csv").write_text("\ufeff" + ORDERS, encoding="utf-8")
    read = read_folder(folder)

    assert errors(read) == []
    assert [(note.table, note.code) for note in read.notes] == [("orders", "bom")]


def test_zips_keep_their_zeros(folder):
    """A postal code is text, with its zeros."""
    (folder / "shipments.csv").write_text(
        SHIPMENTS.replace("created_at", "created_at,destination_postal_code").replace("10:00Z", "10:00Z,00501")
    )

    assert read_folder(folder).facts.shipments["destination_postal_code"].to_list() == ["00501"]


def test_the_same_row_twice_is_folded_and_another_content_refused(folder):
    """An id that came before counts once; with other content the later row is refused."""
    (folder / "scans.csv").write_text(SCANS + scan("K1") + scan("K1") + scan("K1", status="delivered"))
    read = read_folder(folder)

    assert errors(read) == [("scans.csv", 4, "scan_id", "K1", "duplicate")]
    assert read.facts.scans["status"].to_list() == ["in_transit"]
    assert [(note.code, note.count) for note in read.notes] == [("folded", 1)]


def test_what_hangs_on_a_refused_row_is_refused(folder):
    """A shipment whose order is refused takes its scans with it, and each is told of."""
    (folder / "orders.csv").write_text(ORDERS.replace("+02:00", ""))
    (folder / "scans.csv").write_text(SCANS + scan())
    read = read_folder(folder)

    assert [(file, rule) for file, _, _, _, rule in errors(read)] == [
        ("orders.csv", "instant"),
        ("shipments.csv", "reference"),
        ("scans.csv", "reference"),
    ]
    assert read.facts.rows() == 0
    assert read.refused_rows == 3


def test_a_parent_in_the_store_is_enough(folder):
    """A parent that is known elsewhere need not be in the folder."""
    (folder / "scans.csv").write_text(SCANS + scan(shipment="S7") + scan("K2", shipment="S8"))
    asked = []

    def known(table, ids):
        asked.append((table, sorted(ids)))
        return frozenset({"S7"})

    assert errors(read_folder(folder, known=known)) == [("scans.csv", 3, "shipment_id", "S8", "reference")]
    assert asked == [("shipments", ["S7", "S8"])]


def test_several_breaches_of_a_row_are_all_told(folder):
    """A row with three mistakes gives three errors and counts once."""
    (folder / "scans.csv").write_text(SCANS + scan(status="x", source="", occurred="today"))
    read = read_folder(folder)

    assert sorted(rule for *_, rule in errors(read)) == ["choice", "instant", "required"]
    assert read.counts["scans"].refused == 1


@pytest.mark.parametrize(
    ("values", "kept", "refused"),
    [
        pytest.param(["1", "2.5", ""], [1.0, 2.5, None], 0, id="numbers"),
        pytest.param(["1", "van", ""], ["1", "van", None], 0, id="categories"),
        pytest.param(["1", "NaN", "3"], [1.0, 3.0], 1, id="NaN among numbers"),
        pytest.param(["1", "-Infinity", "3"], [1.0, 3.0], 1, id="infinity among numbers"),
    ],
)
def test_attributes_are_numbers_or_categories(folder, values, kept, refused):
    """An attribute is numeric when every value is a number, else categorical; NaN and infinity are no numbers."""
    rows = "".join(f"O{i},2026-06-01T12:00Z,{value}\n" for i, value in enumerate(values))
    (folder / "orders.csv").write_text("order_id,ordered_at,attr_x\n" + rows)
    (folder / "shipments.csv").unlink()
    read = read_folder(folder)

    assert read.facts.orders["attr_x"].to_list() == kept
    assert [rule for *_, rule in errors(read)] == ["number"] * refused


def test_an_attribute_without_values_is_left_out(folder):
    """A column of your own without any value declares nothing, and that is noted."""
    (folder / "orders.csv").write_text("order_id,ordered_at,attr_x\nO1,2026-06-01T12:00Z,\n")
    read = read_folder(folder)

    assert "attr_x" not in read.facts.orders.columns
    assert [note.code for note in read.notes] == ["empty_attribute"]


def test_undescribed_facilities_are_noted(folder):
    """A scan at a facility that nobody described is kept and counted."""
    (folder / "scans.csv").write_text(SCANS.replace("source", "facility_id,source") + scan().replace(",me,", ",F9,me,"))
    read = read_folder(folder)

    assert errors(read) == []
    assert [(note.code, note.count) for note in read.notes] == [("facility_undescribed", 1)]


def test_progress_reaches_the_end(folder):
    """Progress is told for each file, up to its end."""
    (folder / "scans.csv").write_text(SCANS + "".join(scan(f"K{i}") for i in range(1000)))
    told = {}
    read_folder(folder, progress=lambda name, done, total: told.update({name: (done, total)}))

    assert set(told) == {"orders.csv", "shipments.csv", "scans.csv"}
    assert all(done == total for done, total in told.values())


def whole_folder_is_refused(folder, match):
    with pytest.raises(InvalidTable, match=match):
        read_folder(folder)


def test_an_empty_folder_is_refused(tmp_path):
    """A folder without canonical files says which files it needs."""
    whole_folder_is_refused(tmp_path, "holds no canonical file")


def test_a_missing_folder_is_refused(tmp_path):
    """A path that is no folder is named."""
    whole_folder_is_refused(tmp_path / "none", "is not a folder")


def test_a_misnamed_file_is_refused(folder):
    """A file that is named after no table is named, with the tables."""
    (folder / "scan.csv").write_text(SCANS)
    whole_folder_is_refused(folder, r"scan\.csv is not named after a table")


def test_two_files_of_one_table_are_refused(folder):
    """A table may be in one file only."""
    pl.DataFrame({"order_id": ["O1"]}).write_parquet(folder / "orders.parquet")
    whole_folder_is_refused(folder, "keep one of them")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        pytest.param("", "is empty", id="no header"),
        pytest.param("order_id\nO1\n", "ordered_at", id="missing column"),
        pytest.param("order_id,ordered_at,colour\n", "'colour'", id="unknown column"),
        pytest.param("order_id,ordered_at,attr_a b\n", "attr_", id="attribute with a blank"),
        pytest.param("order_id,order_id,ordered_at\n", "twice", id="repeated column"),
    ],
)
def test_a_wrong_header_is_refused(folder, text, match):
    """A header that cannot be right refuses the folder, with the names."""
    (folder / "orders.csv").write_text(text)
    whole_folder_is_refused(folder, match)


@pytest.mark.parametrize("name", ["orders.csv", "orders.parquet"])
@pytest.mark.parametrize("garbage", [b"\x00\xff" * 5_000_000, b"a" * 10_000_000, b"\n" * 100, b'"' * 1001, bytes(range(256)) * 400])
def test_garbage_is_refused(tmp_path, name, garbage):
    """Ten megabytes of anything are one clear error."""
    (tmp_path / name).write_bytes(garbage)
    whole_folder_is_refused(tmp_path, r"orders\.")


def test_garbage_below_a_good_header_loses_only_itself(folder):
    """Garbage after good rows is told of, and the rows before it stand."""
    (folder / "scans.csv").write_bytes((SCANS + scan("K0")).encode() + bytes(range(256)) * 40_000)
    read = read_folder(folder)

    assert read.facts.scans["scan_id"].to_list() == ["K0"]
    assert read.refused_rows > 0
    assert read.refused_rows == read.counts["scans"].rows - 1


@pytest.mark.parametrize("cut", [8, 200, -40, -1])
def test_a_truncated_parquet_is_refused(folder, cut):
    """A cut-off Parquet file is one clear error."""
    (folder / "orders.csv").unlink()
    pl.DataFrame({"order_id": ["O1"], "ordered_at": [datetime(2026, 6, 1, tzinfo=UTC)]}).write_parquet(folder / "orders.parquet")
    whole = (folder / "orders.parquet").read_bytes()
    (folder / "orders.parquet").write_bytes(whole[:cut])
    whole_folder_is_refused(folder, "cannot be read as Parquet")


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"order_id": [1], "ordered_at": [datetime(2026, 6, 1, tzinfo=UTC)]}, "zeros in front"),
        ({"order_id": ["O1"], "ordered_at": [datetime(2026, 6, 1)]}, "no zone"),
        ({"order_id": ["O1"], "ordered_at": [1.5]}, "times with a zone"),
        ({"order_id": ["O1"], "ordered_at": [datetime(2026, 6, 1, tzinfo=UTC)], "attr_x": [[1, 2]]}, "numbers or text"),
    ],
    ids=["numeric id", "naive time", "number as time", "list as attribute"],
)
def test_parquet_of_other_types_is_refused(tmp_path, columns, match):
    """A typed column that cannot hold its values refuses the file."""
    pl.DataFrame(columns).write_parquet(tmp_path / "orders.parquet")
    whole_folder_is_refused(tmp_path, match)


def test_parquet_rows_are_checked_like_csv(tmp_path):
    """NaN, a wrong zone and text in place of typed values are errors of their row in Parquet, too."""
    frame = pl.DataFrame(
        {
            "facility_id": ["F1", "F2", "F3"],
            "name": ["a", "b", "c"],
            "kind": ["hub"] * 3,
            "lat": [float("nan"), 35.0, 35.0],
            "lon": [1.0, 2.0, 3.0],
            "timezone": [None, "Nowhere", "Europe/Berlin"],
        }
    )
    frame.write_parquet(tmp_path / "facilities.parquet")
    read = read_folder(tmp_path)

    assert [(line, column, rule) for _, line, column, _, rule in errors(read)] == [
        (1, "lat", "number"),
        (2, "timezone", "timezone"),
    ]
    assert read.facts.facilities["facility_id"].to_list() == ["F3"]


@pytest.mark.parametrize("put", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("nowhere")])
def test_what_only_has_the_name_of_a_file_is_refused(folder, put):
    """A folder, a pipe or a link to nothing is not passed over in silence: its rows would be missing."""
    put(folder / "scans.csv")
    whole_folder_is_refused(folder, r"scans\.csv is no file")
