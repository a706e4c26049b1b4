"""The timetable is what several shipments' plans share, known from the day on which enough of them were known."""

import json

import numpy as np
import polars as pl
import pytest

from data.facts.facts import Facts, received_by
from data.facts.moments import micros
from tests.makers import after
from tests.training.explain.ways import way
from training.features.departures import Departures, hop_name, resting_days, weekly_departures
from training.features.vocabulary import Vocabulary


def planned(known_hours) -> Facts:
    """Give one shipment for each hour at which its plan became known; all plans are the same."""
    ways = [(way(shipment_id=f"S{k}"), hours) for k, hours in enumerate(known_hours)]
    legs = pl.concat([one.legs.with_columns(known_at=pl.lit(after(hours))) for one, hours in ways])
    shipments = pl.concat([one.shipments for one, _ in ways])
    return Facts.of({"facilities": ways[0][0].facilities, "orders": ways[0][0].orders, "shipments": shipments, "legs": legs})


HUB = hop_name("HUB", "END", "truck", "swift")


def test_three_shipments_make_a_departure():
    """Two plans are no timetable; with a third there is one, from the instant at which the third was known."""
    assert weekly_departures(planned([0, 5])) == Departures.nothing()
    found = weekly_departures(planned([9, 0, 5, 30])).to_dict()

    minutes, since = found[HUB]
    assert minutes == [(12 + 20) * 60]
    assert since == [micros(after(9))]
    assert len(found) == 3


def test_one_shipment_planned_again_counts_once():
    """A plan that was told three times is still the plan of one shipment."""
    facts = planned([0, 5])
    again = Facts.of(dict(facts.tables()) | {"legs": pl.concat([facts.legs, facts.legs.with_columns(known_at=pl.lit(after(7)))])})

    assert weekly_departures(again) == Departures.nothing()


def test_services_are_told_apart_at_the_door_only():
    """An express parcel takes the same truck, but has delivery days of its own."""
    facts = planned([0, 0, 0])
    mixed = facts.shipments.with_columns(service=pl.Series(["ground", "ground", "express"]))
    hops = weekly_departures(Facts.of(dict(facts.tables()) | {"shipments": mixed})).hops

    assert HUB in hops
    assert not [hop for hop in hops if hop.startswith("END")]


def test_later_plans_do_not_change_what_was_known():
    """Departures known by an instant are the same whether or not anything was planned after it."""
    facts = planned([0, 1, 2, 3, 40, 50, 60])
    known = received_by(facts, after(30))

    assert weekly_departures(known) == weekly_departures(facts) == Vocabulary.learn(facts, until=after(30)).departures


def test_departures_are_plain_json():
    """State and back, also without any plan."""
    found = weekly_departures(planned([0, 1, 2]))

    assert Departures.from_dict(json.loads(json.dumps(found.to_dict()))) == found != Departures.nothing()
    assert hash(Departures.from_dict(found.to_dict())) == hash(found)
    assert Departures.from_dict({}) == Departures.nothing()


@pytest.mark.parametrize(("day", "rests"), [("2026-07-04", True), ("2026-07-03", False), ("2027-12-25", True)])
def test_carriers_rest_on_their_holidays(day, rests):
    """The days of rest reach over the year after the last instant."""
    at = int(np.datetime64("2026-06-01", "us").astype(int))

    assert (np.datetime64(day, "D").astype(int) in resting_days(at, at)) is rests
