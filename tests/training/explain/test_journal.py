import itertools
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from data.facts.facts import Facts, received_by
from data.facts.moments import micros
from data.simulator.simulate import simulate
from tests.makers import after
from tests.training.explain.ways import way
from training.explain.journal import KEPT, Journal
from training.features.departures import hop_name

HUB = hop_name("HUB", "END", "truck", "swift")
TOLD = (("label", "WH", 0), ("picked_up", "WH", 6), ("arrived", "HUB", 16), ("departed", "HUB", 20), ("arrived", "END", 32))


def hours(instants):
    return ((instants - micros(after(0))) / 3.6e9).round(4).tolist()


def rewritten(facts, table, **columns):
    frame = getattr(facts, table).with_columns(**columns)
    return Facts.of({**dict(facts.tables()), table: frame})


def test_a_stay_is_what_its_first_scans_said():
    """Reached at 16, left at 20, known when the last of both was heard; the origin is reached when the label is made."""
    journal = Journal.of(way(*TOLD))
    hub = journal.hops[HUB]

    assert (hours(hub.reached), hours(hub.left), hours(hub.known)) == ([16], [20], [20])
    assert hours(journal.stops["WH", "truck"].reached) == [0]
    assert set(journal.stops) == {("WH", "truck"), ("HUB", "truck")}


def test_a_stay_is_known_when_its_later_scan_was_heard():
    """The scan of the arrival came by night: until then nobody can say how long it stood."""
    facts = way(*TOLD)
    late = pl.when(pl.col("scan_id") == "C2").then(pl.lit(after(30))).otherwise("received_at").alias("received_at")

    assert hours(Journal.of(rewritten(facts, "scans", received_at=late)).hops[HUB].known) == [30]


def test_without_a_list_of_codes_the_second_scan_of_a_stop_is_its_departure():
    """A carrier nobody has a list for."""
    facts = rewritten(way(*TOLD), "scans", raw_code=pl.lit(None, dtype=pl.String))

    assert hours(Journal.of(facts).hops[HUB].left) == [20]


def test_withdrawn_and_unknown_scans_and_stays_that_end_before_they_begin_tell_nothing():
    """A clock that runs five hours ahead makes no stay of minus one hour."""
    facts = way(*TOLD)
    wrong = pl.when(pl.col("scan_id") == "C3").then(pl.lit(after(15))).otherwise("occurred_at").alias("occurred_at")
    unknown = pl.when(pl.col("scan_id") == "C3").then(pl.lit("unknown")).otherwise("status").alias("status")

    assert HUB not in Journal.of(rewritten(facts, "scans", occurred_at=wrong)).hops
    assert HUB not in Journal.of(rewritten(facts, "scans", status=unknown)).hops
    assert HUB not in Journal.of(rewritten(facts, "scans", voids=pl.col("scan_id") == "C3")).hops


def test_nobody_was_heard_of_in_empty_facts():
    """No plans, no scans, no shipments."""
    journal = Journal.of(Facts.of({}))

    assert (dict(journal.hops), dict(journal.stops)) == ({}, {})


def test_service_remembers_four_weeks():
    """What ended longer ago is forgotten, what was not received yet is not known."""
    facts, end = way(*TOLD), after(20)

    assert HUB in Journal.of(facts, until=end + KEPT).hops
    assert HUB not in Journal.of(facts, until=end + KEPT + timedelta(seconds=1)).hops
    assert HUB not in Journal.of(facts, until=end - timedelta(seconds=1)).hops


@pytest.fixture(scope="module")
def simulated():
    return simulate(seed=8, orders=1_500, start=datetime(2026, 6, 1, tzinfo=UTC), days=16).facts


def test_what_came_later_changes_nothing_that_was_known(simulated):
    """The journal of what was received by a moment holds what the whole journal knew then, to the last bit."""
    at = datetime(2026, 6, 10, 9, 17, tzinfo=UTC)
    whole, then = Journal.of(simulated), Journal.of(received_by(simulated, at))
    known = {hop: stays.left[stays.known <= micros(at)] for hop, stays in whole.hops.items()}

    assert sum(map(len, known.values())) > 500
    assert {hop for hop, left in known.items() if len(left)} == set(then.hops)
    assert all(np.array_equal(known[hop], stays.left) for hop, stays in then.hops.items())


def test_told_day_by_day_it_is_the_same_journal(simulated):
    """Service hears of shipments with news; what it knew before stays, and nothing counts twice. A bundle keeps it."""
    days = [datetime(2026, 6, day, 9, tzinfo=UTC) for day in (5, 6, 10, 15)]
    told = Journal.of(received_by(simulated, days[0]), until=days[0])
    for before, day in itertools.pairwise(days):
        news = simulated.scans.filter(pl.col("received_at").is_between(before, day, closed="right"))["shipment_id"].unique()
        some = dict(received_by(simulated, day).tables())
        some["shipments"] = some["shipments"].filter(pl.col("shipment_id").is_in(news.implode()))
        told = Journal.from_state(told.told(Facts.of(some), until=day).to_state())
    whole = Journal.of(simulated, until=days[-1])

    assert told.until == whole.until == micros(days[-1])
    assert told.to_state().keys() == whole.to_state().keys()
    assert told.stays().equals(whole.stays())
    assert {stop: stays.reached.tolist() for stop, stays in told.stops.items()} == {
        stop: stays.reached.tolist() for stop, stays in whole.stops.items()
    }


def test_a_journal_names_nobody(simulated):
    """Instants alone: nothing of it can lead from one customer's page to another's parcel."""
    journal = Journal.of(simulated)
    names = " ".join([*journal.hops, *(" ".join(stop) for stop in journal.stops)])

    assert all(stays.reached.dtype == stays.left.dtype == stays.known.dtype == np.int64 for stays in journal.hops.values())
    assert not any(shipment in names for shipment in simulated.shipments["shipment_id"].to_list())
