"""Every adapter turns its real set into facts that pass all checks, and says honestly what was known when."""

import shutil
from functools import lru_cache
from pathlib import Path

import polars as pl
import pytest

from data.domain.errors import InvalidTable, NotFound
from data.facts.checks import check_facts
from data.sources.datasets.catalogue import DATASETS, open_dataset
from data.sources.datasets.dataset import MOMENTS, Dataset

pytestmark = pytest.mark.real_data

MAIN_FILE = {
    "olist": "orders.parquet",
    "delhivery": "legs.parquet",
    "delhivery_scan_rows": "scan_rows_sample.parquet",
    "sendy_logistics": "orders.parquet",
    "amazon_delivery": "amazon_delivery.parquet",
    "scms_delivery_history": "shipments.parquet",
    "nycflights13": "flights.parquet",
}
STATIC_FILES = {
    "olist": {"sellers.parquet", "products.parquet", "geolocation.parquet"},
    "delhivery": {
        "corridors_train_period.parquet",
        "facilities_train_period.parquet",
        "facility_coords_approx.parquet",
        "scan_rows_sample.parquet",
    },
    "delhivery_scan_rows": {"facility_coords_approx.parquet"},
    "sendy_logistics": {"riders.parquet"},
    "nycflights13": {"airports.parquet", "weather_hourly.parquet"},
}
SECONDS = {"days": 86_400, "minutes": 60, "seconds": 1}


@pytest.fixture(autouse=True, scope="module")
def untried():
    """Leave out the trial in a child process, which has tests of its own: half a second for each of the many openings here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("data.sources.datasets.catalogue.try_parquet", lambda paths: None)
        yield


def folder_of(real_data: Path, name: str) -> Path:
    return real_data / name.replace("delhivery_scan_rows", "delhivery")


@lru_cache
def opened(real_data: Path, name: str) -> Dataset:
    return open_dataset(name, folder_of(real_data, name))


@pytest.fixture(params=DATASETS)
def dataset(request, real_data):
    return opened(real_data, request.param)


def test_facts_pass_every_check(dataset):
    """No row of an adapter breaks a rule, misses its parent or repeats an id."""

    assert check_facts(dataset.facts).rows() == []


def test_moments_follow_the_contract(dataset):
    """Moments have the fixed columns and types, name known shipments, and each pair comes once."""
    moments = dataset.moments

    assert dict(moments.schema) == MOMENTS
    assert set(moments["moment"].unique()) == set(dataset.task.moments)
    assert moments.join(dataset.facts.shipments, on="shipment_id", how="anti").is_empty()
    assert moments.select(pl.struct("shipment_id", "moment").is_unique().all()).item()
    assert moments.select(pl.col("shipment_id", "moment", "at", "counts_from", "scored", "trains").null_count()).row(0) == (0,) * 6


def test_the_truth_is_the_first_delivered_scan(dataset):
    """Label, and when it was heard, are those of the first delivered scan; a shipment without one has no label."""
    heard = (
        dataset.facts.scans.filter(pl.col("status") == "delivered")
        .sort("occurred_at", "scan_id")
        .group_by("shipment_id")
        .agg(pl.col("occurred_at", "received_at").first())
    )
    joined = dataset.moments.join(heard, on="shipment_id", how="left")

    assert joined.select(
        pl.col("delivered_at").eq_missing(pl.col("occurred_at")).all(), pl.col("label_known_at").eq_missing(pl.col("received_at")).all()
    ).row(0) == (
        True,
        True,
    )


def test_y_counts_from_its_instant(dataset):
    """y is the time from ``counts_from`` to the delivery, in the unit of the task, up to one change of clocks."""
    moments = dataset.moments.drop_nulls("y")
    passed = (pl.col("delivered_at") - pl.col("counts_from")).dt.total_microseconds() / 1e6
    off = moments.select((passed - pl.col("y") * SECONDS[dataset.task.unit]).abs().alias("off"))["off"]

    assert ((off.filter(off > 1e-3) - 3600).abs() < 1e-3).all()
    assert (off <= 1e-3).mean() > 0.8


def test_scored_rows_have_a_truth(dataset):
    """Every scored row has y, and late is known where there is a promise."""
    scored = dataset.moments.filter("scored")

    assert scored.height > 0
    assert scored["y"].null_count() == 0
    assert scored.filter(pl.col("late").is_null() & pl.col("promised_at").is_not_null()).is_empty()


def test_a_shipment_exists_at_its_moment(dataset):
    """Shipments are created by their moments, so their attributes may be used there; Olist's impossible handovers are the exception."""
    early = dataset.moments.join(dataset.facts.shipments.select("shipment_id", "created_at"), on="shipment_id").filter(
        pl.col("at") < pl.col("created_at")
    )
    allowed = {defect.code: defect.count for defect in dataset.defects}.get("handover_before_purchase", 0)

    assert early.height == allowed


def test_nothing_is_heard_before_it_happened(dataset):
    """No adapter invents a scan that was heard before it happened."""

    assert dataset.facts.scans.filter(pl.col("received_at") < pl.col("occurred_at")).is_empty()


def test_promises_are_those_of_the_moments(dataset):
    """The promise beside a moment is the shop's promise of the shipment."""
    promised = dataset.moments.join(dataset.facts.promises.select("shipment_id", promise="promised_at"), on="shipment_id", how="left")

    assert promised.select(pl.col("promised_at").eq_missing(pl.col("promise")).all()).item()


def test_late_is_delivered_after_the_promise(dataset):
    """Late, as the protocol has it, is the same as delivered after the promise."""
    known = dataset.moments.drop_nulls("late")

    assert known.select((pl.col("late") == (pl.col("delivered_at") > pl.col("promised_at"))).all()).item()


def test_the_final_outcome_is_no_attribute(dataset):
    """No attribute tells how the shipment ends: none is named after a status, a delivery or a delay."""
    words = ("status", "deliver", "delay", "arriv", "late", "approved")
    names = [name for name in dataset.facts.shipments.columns if name.startswith("attr_")]

    assert [name for name in names if any(word in name for word in words)] == []


def test_every_defect_says_what_was_done(dataset):
    """Each kind of dirt has a code of its own, a count, a meaning and a treatment."""

    assert len({defect.code for defect in dataset.defects}) == len(dataset.defects)
    assert all(defect.count >= 0 and defect.meaning and defect.treatment for defect in dataset.defects)


@pytest.mark.parametrize("name", STATIC_FILES)
def test_static_tables_may_be_elsewhere(real_data, tmp_path, name):
    """Later rows without static tables give the same facts with ``static`` as the whole folder."""
    for path in folder_of(real_data, name).glob("*.parquet"):
        if path.name not in STATIC_FILES[name]:
            (tmp_path / path.name).symlink_to(path)
    later = open_dataset(name, tmp_path, static=folder_of(real_data, name))

    assert later.facts.shipments.equals(opened(real_data, name).facts.shipments)
    assert later.moments.equals(opened(real_data, name).moments)


@pytest.mark.parametrize("name", DATASETS)
def test_the_table_of_rows_alone_is_enough(real_data, tmp_path, name):
    """With nothing but its rows a set still gives valid facts and all its moments."""
    shutil.copy(folder_of(real_data, name) / MAIN_FILE[name], tmp_path)
    alone = open_dataset(name, tmp_path)

    assert check_facts(alone.facts).is_empty()
    assert alone.moments.height == opened(real_data, name).moments.height


@pytest.mark.parametrize("name", DATASETS)
def test_unknown_values_and_other_types_do_no_harm(real_data, tmp_path, name):
    """Columns of nothing, of any type, give the same number of shipments, and what cannot be known is null."""
    path = folder_of(real_data, name) / MAIN_FILE[name]
    whole = pl.read_parquet(path).head(500)
    keys = (
        "id",
        "date",
        "time",
        "uuid",
        "center",
        "Order",
        "Pickup",
        "ID",
        "year",
        "month",
        "day",
        "sched",
        "flight",
        "carrier",
        "origin",
        "dest",
    )
    emptied = {
        c: pl.Series(c, [None] * whole.height) for c in whole.columns if not any(key in c for key in (*keys, "Country", "Scheduled"))
    }
    whole.with_columns(**emptied).write_parquet(tmp_path / MAIN_FILE[name])
    sparse = open_dataset(name, tmp_path)

    assert len(emptied) >= 1
    assert check_facts(sparse.facts).is_empty()
    assert sparse.moments["shipment_id"].n_unique() > 300


@pytest.mark.parametrize("name", DATASETS)
def test_a_folder_without_the_rows_is_refused(tmp_path, name):
    """A folder without the file of rows is one clear error."""
    with pytest.raises(InvalidTable, match=MAIN_FILE[name]):
        open_dataset(name, tmp_path)


@pytest.mark.parametrize("name", DATASETS)
def test_no_rows_are_no_failure(real_data, tmp_path, name):
    """A table without rows gives facts without shipments."""
    pl.read_parquet(folder_of(real_data, name) / MAIN_FILE[name]).clear().write_parquet(tmp_path / MAIN_FILE[name])

    assert open_dataset(name, tmp_path).facts.shipments.is_empty()


def test_an_unknown_set_is_refused(tmp_path):
    """A name that is no data set lists those that are."""
    with pytest.raises(NotFound, match="olist"):
        open_dataset("lade", tmp_path)


def test_a_folder_that_is_none_is_refused(tmp_path):
    """A path that is no folder is named."""
    with pytest.raises(InvalidTable, match="is not a folder"):
        open_dataset("olist", tmp_path / "nowhere")
