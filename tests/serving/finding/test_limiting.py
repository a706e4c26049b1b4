"""Tries are counted for what exists and what does not, and nobody is locked out for ever."""

from datetime import UTC, datetime

import pytest
import time_machine

from serving.finding.limiting import Alarm, Errand, MovingWindows, Verdict
from serving.settings import Settings

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def windows(tmp_path, **settings):
    return MovingWindows(Settings(state_folder=tmp_path, **settings))


def test_a_number_has_so_many_tries_an_hour(tmp_path):
    """Also from many networks; the refused try says how long to wait, and the mailed link has tries of its own."""
    limiter = windows(tmp_path, lookups_per_number=3, mails_per_number=1)
    with time_machine.travel(NOON, tick=False):
        tries = [limiter.count(Errand.OPEN, network=f"192.0.{number}.0/24", number_digest="n") for number in range(4)]
        mailed = limiter.count(Errand.MAIL, network="192.0.9.0/24", number_digest="n")
        other = limiter.count(Errand.OPEN, network="192.0.9.0/24", number_digest="m")

    assert tries == [Verdict(), Verdict(), Verdict(), Verdict(3600)]
    assert (mailed, other) == (Verdict(), Verdict())


def test_knocking_does_not_prolong_the_lock(tmp_path):
    """Refused tries are not counted: when the window has passed the first try goes through, however hard somebody knocked."""
    limiter = windows(tmp_path, lookups_per_number=2, lookups_per_network=10_000, lookups_per_minute=100_000)
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(200):
            limiter.count(Errand.OPEN, network="a", number_digest="n")
            clock.shift(17)
        clock.move_to(datetime(2026, 6, 1, 13, 0, 18, tzinfo=UTC))
        later = limiter.count(Errand.OPEN, network="victim", number_digest="n")

    assert later == Verdict()


def test_a_network_has_so_many_tries(tmp_path):
    """In ten minutes, for whatever number; the neighbour is not asked to pay for it."""
    limiter = windows(tmp_path, lookups_per_network=5)
    with time_machine.travel(NOON, tick=False) as clock:
        tries = [limiter.count(Errand.OPEN, network="a", number_digest=str(number)).retry_after_seconds for number in range(7)]
        neighbour = limiter.count(Errand.OPEN, network="b", number_digest="0")
        clock.shift(601)
        again = limiter.count(Errand.EXCHANGE, network="a", number_digest="")

    assert tries == [None] * 5 + [600] * 2
    assert (neighbour, again) == (Verdict(), Verdict())


def test_all_networks_together_have_so_many_tries(tmp_path):
    """A swarm meets the limit of all, with one alarm; a network that is refused for itself takes nothing from it."""
    limiter = windows(tmp_path, lookups_per_minute=10, lookups_per_network=2)
    with time_machine.travel(NOON, tick=False):
        for _ in range(50):
            limiter.count(Errand.OPEN, network="loud", number_digest="n")
        verdicts = [limiter.count(Errand.OPEN, network=f"net {number}", number_digest=str(number)) for number in range(10)]

    assert [verdict.retry_after_seconds for verdict in verdicts] == [None] * 8 + [60] * 2
    assert [verdict.alarm for verdict in verdicts] == [None] * 8 + [Alarm.EVERYWHERE, None]


@pytest.mark.parametrize(("different", "alarms"), [(20, 0), (21, 1), (60, 1)])
def test_many_different_numbers_of_one_network_are_an_alarm(tmp_path, different, alarms):
    """Once in ten minutes; the same number again and again is none."""
    limiter = windows(tmp_path)
    with time_machine.travel(NOON, tick=False):
        verdicts = [limiter.count(Errand.OPEN, network="a", number_digest=str(number)) for number in range(different)]
        verdicts += [limiter.count(Errand.OPEN, network="b", number_digest="same") for _ in range(60)]

    assert [verdict.alarm for verdict in verdicts].count(Alarm.NETWORK) == alarms
