"""The SCMS table is read through its text: days, weights, moments."""

from datetime import UTC, datetime

import polars as pl
import pytest

from data.sources.datasets.scms_delivery_history import read


def written(folder, **changed):
    row = {
        "ID": 7, "Project Code": "100-CI-T01", "PO / SO #": "SCMS-4", "Country": "Ghana", "Shipment Mode": "Air", "Vendor": "Acme",
        "PQ First Sent to Client Date": "11/13/08", "PO Sent to Vendor Date": "3/2/09", "Scheduled Delivery Date": "1-Jun-09",
        "Delivered to Client Date": "10-Jun-09", "Delivery Recorded Date": "12-Jun-09", "Weight (Kilograms)": "1,358",
    } | changed  # fmt: skip
    pl.DataFrame([row]).write_parquet(folder / "shipments.parquet")
    return read(folder)


def at(dataset, moment):
    return dataset.moments.filter(moment=moment).row(0, named=True)


@pytest.mark.parametrize(
    ("changed", "ordered"),
    [
        pytest.param({}, datetime(2009, 3, 2), id="order sent"),
        pytest.param({"PO Sent to Vendor Date": "N/A - From RDC"}, datetime(2008, 11, 13), id="quote sent"),
        pytest.param(
            {"PO Sent to Vendor Date": "Date Not Captured", "PQ First Sent to Client Date": "Pre-PQ Process"},
            datetime(2009, 2, 1),
            id="120 days",
        ),
        pytest.param({"PO Sent to Vendor Date": "5/30/09"}, datetime(2009, 5, 18), id="at latest two weeks before"),
    ],
)
def test_the_moment_of_ordering(tmp_path, changed, ordered):
    """Ordered is the order's day, else the quote's, else 120 days before, and at latest two weeks before the schedule."""

    assert at(written(tmp_path, **changed), "ordered")["at"] == ordered.replace(tzinfo=UTC)


def test_days_and_lateness(tmp_path):
    """y counts days to the delivery; late is after the scheduled day; the label is heard when the recording day ends."""
    moment = at(written(tmp_path), "two_weeks_before")

    assert (moment["y"], moment["late"]) == (23.0, True)
    assert moment["label_known_at"] == datetime(2009, 6, 12, 23, 59, 59, 999_999, tzinfo=UTC)
    assert moment["label_usable_at"] == datetime(2009, 6, 10, tzinfo=UTC)


def test_delivered_on_the_scheduled_day_is_on_time(tmp_path):
    """The scheduled day counts as on time to its end."""

    assert at(written(tmp_path, **{"Delivered to Client Date": "1-Jun-09"}), "ordered")["late"] is False


def test_what_was_delivered_before_its_moment_is_not_used(tmp_path):
    """A line delivered two weeks before its schedule is neither scored nor trained on at that moment."""
    dataset = written(tmp_path, **{"Delivered to Client Date": "1-May-09"})

    assert [at(dataset, moment)["scored"] for moment in ("ordered", "two_weeks_before")] == [True, False]
    assert at(dataset, "two_weeks_before")["trains"] is False


@pytest.mark.parametrize(
    ("text", "weight"),
    [("13", 13.0), ("1,358", 1358.0), ("See ASN-93 (ID#:1281)", None), ("Weight Captured Separately", None), ("NaN", None)],
)
def test_weights_are_numbers_or_unknown(tmp_path, text, weight):
    """Text in the weight column is no weight, and is counted."""
    dataset = written(tmp_path, **{"Weight (Kilograms)": text})

    assert dataset.facts.shipments["attr_weight_kg"].item() == weight
    assert next(d.count for d in dataset.defects if d.code == "weight_is_text") == (weight is None)


def test_garbled_countries_are_decoded(tmp_path):
    """A name whose UTF-8 was read as Latin-1 is decoded again, and counted."""
    dataset = written(tmp_path, Country="Côte d'Ivoire".encode().decode("latin-1"))

    assert dataset.facts.shipments.select("destination_region", "destination_country").row(0) == ("Côte d'Ivoire", "CI")
    assert next(d.count for d in dataset.defects if d.code == "country_garbled") == 1


def test_freight_cost_is_not_read(tmp_path):
    """The freight cost is known only later, so it changes nothing."""
    dataset = written(tmp_path)

    assert written(tmp_path, **{"Freight Cost (USD)": "780.34"}).facts.shipments.equals(dataset.facts.shipments)
