"""The courier sets (Sendy, Amazon) are read by the rules of the protocol."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from data.sources.datasets import amazon_delivery, sendy_logistics


def ride(**changed):
    stages = {}
    for stage, time in (
        ("Placement", "11:50:00 PM"),
        ("Confirmation", "12:01:00 AM"),
        ("Arrival at Pickup", "12:05:00 AM"),
        ("Pickup", "12:10:30 AM"),
    ):
        stages |= {f"{stage} - Day of Month": 13, f"{stage} - Weekday (Mo = 1)": 1, f"{stage} - Time": time}
    stages |= {"Placement - Day of Month": 12, "Placement - Weekday (Mo = 1)": 7}
    points = {"Pickup Lat": -1.3, "Pickup Long": 36.8, "Destination Lat": -1.2, "Destination Long": 36.9}
    return {"Order No": "A", "Rider Id": "R", "Distance (KM)": 9, "Time from Pickup to Arrival": 30, **points, **stages} | changed


def test_the_conventional_date_keeps_day_and_weekday():
    """Every day of the month and weekday has a date, the earliest from 2019 on."""
    dates = sendy_logistics.conventional_dates()

    assert dates.height == 31 * 7
    assert dates.filter((pl.col("date").dt.day() != pl.col("day")) | (pl.col("date").dt.weekday() != pl.col("weekday"))).is_empty()
    assert dates.filter(day=13, weekday=1)["date"].item() == date(2019, 5, 13)


def test_a_ride_is_predicted_at_pickup(tmp_path):
    """The moment is the pickup, the label seconds from there, and a placement of the day before stays before."""
    pl.DataFrame([ride()]).write_parquet(tmp_path / "orders.parquet")
    dataset = sendy_logistics.read(tmp_path)
    moment = dataset.moments.row(0, named=True)

    assert moment["at"] == datetime(2019, 5, 12, 21, 10, 30, tzinfo=UTC)
    assert moment["y"] == 30.0
    assert dataset.facts.orders["ordered_at"].item() == datetime(2019, 5, 12, 20, 50, tzinfo=UTC)
    assert dataset.facts.shipments.select("attr_confirming_seconds", "attr_waiting_seconds").row(0) == (660.0, 330.0)
    assert {d.code: d.count for d in dataset.defects}["implausibly_fast"] == 1


def test_the_arrival_columns_are_not_read(tmp_path):
    """The columns of the arrival are the label in disguise; they change nothing."""
    pl.DataFrame([ride()]).write_parquet(tmp_path / "orders.parquet")
    without = sendy_logistics.read(tmp_path)
    pl.DataFrame([ride() | {"Arrival at Destination - Time": "9:00:00 AM"}]).write_parquet(tmp_path / "orders.parquet")

    assert sendy_logistics.read(tmp_path).facts.shipments.equals(without.facts.shipments)


def delivery(**changed):
    return {
        "Order_ID": "A", "Order_Date": "2022-03-19", "Order_Time": "23:50:00", "Pickup_Time": "00:05:00", "Weather": "Sunny", "Traffic": "Jam ",
        "Vehicle": "motorcycle ", "Area": "Urban ", "Category": "Toys", "Agent_Age": 30, "Agent_Rating": 4.5, "Delivery_Time": 120,
        "Store_Latitude": 22.7, "Store_Longitude": 75.8, "Drop_Latitude": 22.8, "Drop_Longitude": 75.9,
    } | changed  # fmt: skip


def amazon(folder, **changed):
    pl.DataFrame([delivery(**changed)]).write_parquet(folder / "amazon_delivery.parquet")
    dataset = amazon_delivery.read(folder)
    return dataset, dataset.facts.shipments.row(0, named=True), {d.code: d.count for d in dataset.defects}


def test_a_pickup_after_midnight_is_on_the_next_day(tmp_path):
    """A pickup on the clock before its order belongs to the next day."""
    dataset, shipment, _ = amazon(tmp_path)

    assert dataset.moments["at"].item() == datetime(2022, 3, 19, 18, 35, tzinfo=UTC)
    assert shipment["attr_preparing_minutes"] == 15.0


def test_text_is_stripped_and_nan_is_unknown(tmp_path):
    """Trailing blanks go, and the text NaN is nothing; both are counted."""
    dataset, shipment, defects = amazon(tmp_path, Weather="NaN", Order_Time="NaN ")

    assert (shipment["attr_weather"], shipment["attr_traffic"], shipment["attr_preparing_minutes"]) == (None, "Jam", None)
    assert (defects["literal_nan"], defects["trailing_blanks"]) == (2, 4)
    assert dataset.facts.orders["ordered_at"].item() == dataset.moments["at"].item()


@pytest.mark.parametrize(
    ("points", "place", "code"),
    [
        ({"Store_Latitude": -22.7, "Store_Longitude": -75.8}, (22.7, 75.8), "coordinates_flipped"),
        ({"Store_Latitude": 0.0, "Store_Longitude": 0.0, "Drop_Latitude": 0.1, "Drop_Longitude": 0.1}, (None, None), "coordinates_nowhere"),
    ],
)
def test_broken_places_are_counted_and_keep_their_distance(tmp_path, points, place, code):
    """A flipped sign is undone, (0, 0) is unknown; the distance stays that of the offset between the points."""
    _, shipment, defects = amazon(tmp_path, **points)

    assert (shipment["origin_lat"], shipment["origin_lon"]) == place
    assert 15.0 < shipment["distance_km"] < 15.8
    assert defects[code] == 1
