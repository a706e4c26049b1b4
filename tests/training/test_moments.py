"""Moments are those at which somebody could have asked about an open shipment."""

from datetime import timedelta

import numpy as np
import polars as pl

from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from tests.training.little_network import START, little_facts
from training.moments import DAY, choose_moments, moments_between, newest_instant

UNTIL = START + timedelta(days=40)


def pairs(moments):
    return list(zip(moments.shipment_ids.tolist(), moments.at.tolist(), strict=True))


def test_every_moment_lies_in_the_open_life_of_its_shipment():
    """Not before the label, not once the end was heard, and before the cut."""
    facts = little_facts(200)
    moments = choose_moments(facts, until=UNTIL)
    ends = dict(facts.scans.filter(pl.col("status") == "delivered").select("shipment_id", pl.col("received_at").dt.epoch("us")).iter_rows())
    born = dict(facts.shipments.select("shipment_id", pl.col("created_at").dt.epoch("us")).iter_rows())

    assert len(moments) > 1_000
    for shipment_id, at in pairs(moments):
        assert born[shipment_id] <= at < min(ends.get(shipment_id, micros(UNTIL)), micros(UNTIL))


def test_what_is_heard_later_does_not_change_earlier_moments():
    """Moments before a cut are drawn without looking behind it: points in a silence never depend on when the silence ends."""
    facts = little_facts(200)
    middle = START + timedelta(days=20)
    early = Facts(**{name: frame.filter(pl.col("received_at") < middle) if name == "scans" else frame for name, frame in facts.tables()})
    scanned = {(s, micros(at)) for s, at in early.scans.select("shipment_id", "received_at").iter_rows()}
    born = {(s, micros(at)) for s, at in facts.shipments.select("shipment_id", "created_at").iter_rows()}
    drawn = set(pairs(choose_moments(early, until=middle)))

    assert {pair for pair in drawn if pair in scanned | born} <= set(pairs(choose_moments(facts, until=UNTIL)))


def test_points_in_a_silence_are_a_day_apart_and_independent_of_its_length():
    """A silence of n days gives about n points, so time and not the number of gaps decides how often it is seen."""
    facts = little_facts(400)
    moments = choose_moments(facts, until=UNTIL)
    lost = facts.shipments.filter(pl.col("created_at") < START + timedelta(days=5)).join(
        facts.scans.filter(pl.col("status") == "delivered"), on="shipment_id", how="anti"
    )["shipment_id"]
    at = np.sort(moments.at[moments.shipment_ids == lost[0]])[-5:]

    np.testing.assert_array_equal(np.diff(at), np.full(4, DAY))


def test_the_order_of_facts_does_not_matter():
    """The same facts in another order give the same moments."""
    facts = little_facts(100)
    shuffled = Facts(
        **{name: frame.sample(fraction=1.0, shuffle=True, seed=3) if frame.height else frame for name, frame in facts.tables()}
    )

    assert pairs(choose_moments(facts, until=UNTIL)) == pairs(choose_moments(shuffled, until=UNTIL))


def test_drawing_keeps_the_order_and_the_bounds():
    """A draw from a span holds at most so many moments, in order, inside it."""
    moments = Moments(np.array([f"S{n}" for n in range(100)], dtype=object), micros(START) + np.arange(100) * DAY)
    some = moments_between(moments, START + timedelta(days=10), START + timedelta(days=60), most=20)

    assert len(some) == 20
    assert (np.diff(some.at) > 0).all()
    assert some.at[0] >= micros(START + timedelta(days=10))
    assert some.at[-1] < micros(START + timedelta(days=60))


def test_no_scans_have_no_newest_instant():
    """Nothing was heard, so nothing is newest."""
    assert newest_instant(Facts.of({})) is None
