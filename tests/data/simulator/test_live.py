from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from data.domain.errors import InvalidFact
from data.facts.schema import TABLES
from data.simulator.live import live, schedule, split_at

MOMENT = datetime(2026, 10, 10, tzinfo=UTC)


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self):
        self.now = 50.0
        self.naps = []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.naps.append(seconds)
        self.now += seconds


def test_splitting_loses_and_doubles_nothing(simulated):
    """Every row is known by the moment or comes later, never both."""
    known, later = split_at(simulated.facts, MOMENT)
    before, after = dict(known.tables()), dict(later.tables())
    for name, frame in simulated.facts.tables():
        keys = [*before[name][TABLES[name].key], *after[name][TABLES[name].key]]

        assert sorted(keys) == sorted(frame[TABLES[name].key])


def test_what_is_known_holds_no_later_news(simulated):
    """By the moment nothing is known that is heard, told or created later, and later shipments have not even a promise."""
    known, later = split_at(simulated.facts, MOMENT)

    assert known.scans["received_at"].max() <= MOMENT < later.scans["received_at"].min()
    assert known.shipments["created_at"].max() <= MOMENT < later.shipments["created_at"].min()
    assert known.promises.join(known.shipments, on="shipment_id", how="anti").height == 0
    assert later.shipments.height > 100


def test_scans_come_in_the_order_in_which_they_were_heard(simulated):
    """The replay gives every later scan once, by time of hearing, at the speed asked for."""
    naps = FakeTime()
    scans = list(live(simulated.facts, starting_at=MOMENT, speed=600, clock=naps.clock, sleep=naps.sleep))
    expected = simulated.facts.scans.filter(pl.col("received_at") > MOMENT)

    assert len(scans) == expected.height > 1000
    assert [s.received_at for s in scans] == sorted(expected["received_at"])
    assert sum(naps.naps) == pytest.approx((scans[-1].received_at - MOMENT).total_seconds() / 600)
    assert {s.scan_id for s in scans} == set(expected["scan_id"])


def test_a_slow_listener_misses_nothing(simulated):
    """Somebody who takes longer than the scans need gets them without waiting."""
    late = FakeTime()
    replay = live(simulated.facts, starting_at=MOMENT, speed=600, clock=late.clock, sleep=late.sleep)
    next(replay)
    late.now += 10_000_000
    rest = list(replay)

    assert len(rest) == simulated.facts.scans.filter(pl.col("received_at") > MOMENT).height - 1
    assert len(late.naps) == 1


def test_the_schedule_starts_after_the_moment(simulated):
    """Offsets are seconds of the replay, positive and ascending."""
    offsets = [offset for offset, _ in schedule(simulated.facts.scans, starting_at=MOMENT, speed=3600)]

    assert offsets[0] > 0
    assert offsets == sorted(offsets)
    assert offsets[-1] <= timedelta(days=4).total_seconds() / 3600


@pytest.mark.parametrize("speed", [0, -1, float("inf"), float("nan")])
def test_time_needs_a_positive_speed(simulated, speed):
    """A replay that stands still, runs backwards or never waits is refused."""
    with pytest.raises(InvalidFact, match="must be a positive number"):
        next(schedule(simulated.facts.scans, starting_at=MOMENT, speed=speed))
