"""Delhivery's legs become shipments, heard of with the protocol's caution."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from data.sources.datasets import delhivery, delhivery_scan_rows

START = datetime(2018, 10, 1, 6, 30)
START_UTC = datetime(2018, 10, 1, 1, tzinfo=UTC)


def written(folder, **changed):
    row = {
        "trip_uuid": "trip-1",
        "source_center": "IND411033AAA",
        "destination_center": "IND400001AAB",
        "route_type": "FTL",
        "od_start_time": START,
        "osrm_time": 100.0,
        "actual_time": 210.0,
    } | changed
    pl.DataFrame([row]).write_parquet(folder / "legs.parquet")


@pytest.fixture
def static(tmp_path):
    """Give a folder with one corridor and one facility."""
    at = tmp_path / "static"
    at.mkdir()
    lane = {"source_center": "IND411033AAA", "destination_center": "IND400001AAB", "n_legs": 14, "median_actual_min": 200.0}
    pl.DataFrame([lane | {"median_osrm_min": 99.0, "median_osrm_km": 150.0}]).write_parquet(at / "corridors_train_period.parquet")
    pl.DataFrame({"center": ["IND411033AAA"], "name": ["Pune_Tathawde_H"], "lat": [18.6], "lon": [73.8]}).write_parquet(
        at / "facility_coords_approx.parquet"
    )
    names = {
        "source_center": ["IND411033AAA"],
        "source_name": ["Pune_Tathawde_H (Maharashtra)"],
        "destination_center": [None],
        "destination_name": [None],
    }
    pl.DataFrame(names, schema_overrides=dict.fromkeys(names, pl.String())).write_parquet(at / "scan_rows_sample.parquet")
    return at


def test_an_arrival_is_heard_late(tmp_path, static):
    """A leg is delivered after its actual time, and surely heard only after twice that and an hour."""
    written(tmp_path)
    moment = delhivery.read(tmp_path, static=static).moments.row(0, named=True)

    assert moment["at"] == START_UTC
    assert moment["delivered_at"] == START_UTC + timedelta(minutes=210)
    assert moment["label_known_at"] == START_UTC + timedelta(minutes=480)
    assert moment["y"] == 210.0


def test_the_lane_was_summed_up_before(tmp_path, static):
    """The corridor table is known at the end of 26 September, in India, and gives the kilometres that the legs lack."""
    written(tmp_path)
    dataset = delhivery.read(tmp_path, static=static)

    assert dataset.facts.lane_summaries["known_at"].item() == datetime(2018, 9, 26, 18, 29, 59, 999_999, tzinfo=UTC)
    assert dataset.facts.shipments.select("distance_km", "planned_minutes", "service").rows() == [(150.0, 100.0, "FTL")]
    assert dataset.moments["group"].item() == "seen"


def test_a_new_corridor_is_cold(tmp_path, static):
    """A corridor that the table does not know is cold, and its new facility stands without a name and a point."""
    written(tmp_path, destination_center="IND000000ZZZ")
    dataset = delhivery.read(tmp_path, static=static)
    new = dataset.facts.facilities.filter(facility_id="IND000000ZZZ").row(0, named=True)

    assert dataset.moments["group"].item() == "cold"
    assert (new["name"], new["lat"], new["region"], new["postal_code"]) == ("IND000000ZZZ", None, None, None)


def test_states_come_from_names_and_pin_codes(tmp_path, static):
    """The state stands after a name; a centre of the same postal circle takes it over, and that is counted."""
    written(tmp_path, destination_center="IND412201AAA")
    dataset = delhivery.read(tmp_path, static=static)

    assert set(dataset.facts.facilities.filter(pl.col("facility_id").str.starts_with("IND41"))["region"]) == {"Maharashtra"}
    assert next(d.count for d in dataset.defects if d.code == "facility_state_from_pin") == 1


@pytest.mark.parametrize("minutes", [0.0, -5.0, None])
def test_an_impossible_duration_is_no_label(tmp_path, static, minutes):
    """A leg without a possible duration stays open and is not scored."""
    written(tmp_path, actual_time=minutes)
    dataset = delhivery.read(tmp_path, static=static)

    assert dataset.moments.select("scored", "y").rows() == [(False, None)]
    assert dataset.facts.scans["status"].to_list() == ["in_transit"]


def test_scan_rows_tell_of_the_way(tmp_path):
    """Rows of one leg are scans on the way; the end scan delivers, with the dwell at the destination."""
    leg = {"trip_uuid": "t", "source_center": "IND411033AAA", "destination_center": "IND400001AAB", "od_start_time": START}
    rows = [
        leg | {"od_end_time": START + timedelta(minutes=300), "actual_time": minutes, "segment_actual_time": 0.0}
        for minutes in (20.0, 95.0, 20.0)
    ]
    pl.DataFrame(rows).write_parquet(tmp_path / "scan_rows_sample.parquet")
    dataset = delhivery_scan_rows.read(tmp_path)
    passed = (dataset.facts.scans["occurred_at"].sort() - START_UTC).dt.total_minutes()

    assert passed.to_list() == [0, 20, 95, 300]
    assert dataset.moments["y"].item() == 300.0
    assert {d.code: d.count for d in dataset.defects}["row_repeated"] == 1
