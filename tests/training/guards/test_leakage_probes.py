"""The two leaks that were found in real sets stay closed: the seller's limit on Olist, and deliveries before the moment on SCMS."""

from dataclasses import replace

import polars as pl
import pytest

from data.facts.facts import Facts
from data.facts.moments import Moments
from data.sources.datasets.dataset import Dataset
from data.sources.datasets.scms_delivery_history import TASK
from tests.training.guards.bent import own_delivery_removed
from tests.training.guards.seen import differences, look
from tests.training.guards.slices import moments_of, slice_named
from training.benchmark.examples import examples_of
from training.features.vocabulary import Vocabulary
from training.history.history import History

pytestmark = pytest.mark.real_data


def moments_named(rows: pl.DataFrame, name: str, *, most: int = 300) -> Moments:
    """Give the protocol's rows of one moment that are trained or scored, evenly thinned."""
    some = rows.filter((pl.col("moment") == name) & (pl.col("trains") | pl.col("scored"))).sort("at", "shipment_id")
    return moments_of(some.gather_every(max(some.height // most, 1)))


@pytest.fixture(scope="module")
def olist(real_data):
    return slice_named("olist", real_data)


@pytest.fixture(scope="module")
def scms(real_data):
    return slice_named("scms_delivery_history", real_data, most=4_000)


def with_limits(facts: Facts, *, known_from: str, days: int) -> Facts:
    """Plan every seller's handover some whole days after the approval, as the shipping limit does, known from the purchase or the approval on."""
    first = {
        name: facts.scans.filter(pl.col("raw_code") == name).select("shipment_id", **{name: "received_at"})
        for name in ("purchase", "approved")
    }
    both = first["purchase"].join(first["approved"], on="shipment_id").join(facts.shipments, on="shipment_id")
    legs = both.select(
        pl.format("{}/limit", "shipment_id").alias("leg_id"),
        "shipment_id",
        pl.lit(0, dtype=pl.Int64()).alias("sequence"),
        pl.col("origin_facility_id").alias("from_facility_id"),
        pl.lit("parcel").alias("mode"),
        (pl.col("approved") + pl.duration(days=days)).alias("planned_departure_at"),
        pl.col(known_from).alias("known_at"),
    )
    return replace(facts, legs=Facts.of({"legs": legs}).legs)


def test_at_the_purchase_nothing_is_known_of_the_sellers_limit(olist):
    """A limit that is told with the approval changes no bit of the purchases before it, whatever it says."""
    vocabulary, moments = Vocabulary.learn(olist.facts), unapproved(olist)
    history = History.build(olist.facts, vocabulary=vocabulary)
    whole = look(olist.facts, moments, vocabulary, history=history)

    assert len(moments) > 100
    for days in (2, 6):
        told = with_limits(olist.facts, known_from="approved", days=days)
        assert differences(whole, look(told, moments, vocabulary, history=history)) == []


def test_the_probe_catches_a_limit_that_is_known_too_early(olist):
    """Planted: told with the purchase, the limit gives the approval away, and the same comparison finds it."""
    vocabulary, moments = Vocabulary.learn(olist.facts), unapproved(olist)
    leaking = with_limits(olist.facts, known_from="purchase", days=2)

    assert differences(look(olist.facts, moments, vocabulary), look(leaking, moments, vocabulary))


def test_from_the_approval_on_a_limit_may_be_used(olist):
    """What is planned is known then, and rows do see it."""
    vocabulary, moments = Vocabulary.learn(olist.facts), moments_named(olist.rows, "approved")
    short, long = (with_limits(olist.facts, known_from="approved", days=days) for days in (2, 6))

    assert differences(look(short, moments, vocabulary), look(long, moments, vocabulary))


def unapproved(olist) -> Moments:
    """Give the purchases that were not approved in the same instant."""
    approved = olist.facts.scans.filter(pl.col("raw_code") == "approved").select("shipment_id", approved="received_at")
    rows = olist.rows.join(approved, on="shipment_id", how="left")
    return moments_named(rows.filter(pl.col("approved").is_null() | (pl.col("approved") > pl.col("at"))), "purchase")


def test_what_came_earlier_than_two_weeks_before_is_neither_trained_nor_scored(scms):
    """Deliveries before "scheduled - 14 d" exist, and no example is made of them."""
    rows = scms.rows.filter(pl.col("moment") == "two_weeks_before")
    early = rows.filter(pl.col("delivered_at") <= pl.col("at"))

    assert early.height > 50
    assert not early.select((pl.col("trains") | pl.col("scored")).any()).item()
    for flag in ("trains", "scored"):
        examples = examples_of(Dataset(TASK, scms.facts, scms.rows, ()), flag=flag)
        assert (examples.outcomes.hours[examples.outcomes.delivered] > 0).all()


def test_no_row_two_weeks_before_sees_its_own_delivery(scms):
    """Without their own deliveries, heard later or not, all rows that are used look the same."""
    vocabulary, moments = Vocabulary.learn(scms.facts), moments_named(scms.rows, "two_weeks_before", most=6)
    history = History.build(scms.facts, vocabulary=vocabulary)
    for number, own in enumerate(moments.shipment_ids):
        one, without = (
            Moments(moments.shipment_ids[number : number + 1], moments.at[number : number + 1]),
            own_delivery_removed(scms.facts, own),
        )

        assert differences(look(scms.facts, one, vocabulary, history=history), look(without, one, vocabulary)) == []


def test_an_early_delivery_would_be_seen(scms):
    """Asked about all the same, rows whose delivery is known already do show it: leaving them out is what closes the leak."""
    rows = scms.rows.filter((pl.col("moment") == "two_weeks_before") & (pl.col("label_known_at") <= pl.col("at"))).sort("at", "shipment_id")
    vocabulary, moments = Vocabulary.learn(scms.facts), moments_of(rows.head(3))
    bare = scms.facts
    for own in moments.shipment_ids:
        bare = own_delivery_removed(bare, own)

    assert "row.stage" in differences(look(scms.facts, moments, vocabulary), look(bare, moments, vocabulary))
