"""Guessing numbers teaches nothing, and the time of an answer does not either: small versions of the two benchmarks."""

import asyncio

import pytest
from scipy.stats import mannwhitneyu

from serving.finding.look_up import Match
from tests.benchmarks.enumeration import fedex, guess, s10, ups
from tests.benchmarks.lookup_house import House
from tests.benchmarks.lookup_timing import MANY, measure

LIMITS = {"lookups_per_number": MANY, "mails_per_number": MANY, "lookups_per_network": MANY, "lookups_per_minute": MANY}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    built = House(tmp_path_factory.mktemp("house"), orders=60, lookup_alarm_numbers=MANY, **LIMITS)
    yield built
    built.wiring.close()


def test_guesses_learn_nothing(house):
    """A thousand guesses, real numbers among them, behind limits that let everything through: no value, no journey, no letter."""
    learnt = asyncio.run(guess(house, 1_000))

    assert learnt.values == []
    assert set(learnt.statuses) == {200, 404}
    assert min(learnt.guesses[kind] for kind in ("series", "form", "checked", "hidden", "tokens")) > 50
    assert house.mailer.letters == 0


def test_the_guesser_would_notice(house, monkeypatch):
    """A look-up that opened whatever exists would be caught: the measure can fail."""
    monkeypatch.setattr(house.wiring.look_up, "match", lambda number, fact, now: Match(house.shipments["shipment_id"][0], "O"))

    assert asyncio.run(guess(house, 60)).values


def test_found_and_not_found_take_the_same_time(house):
    """A random found answer is the slower one about as often as not; a median in milliseconds would tell how busy the machine is."""
    found, not_found = asyncio.run(measure(house, "open", 400, seed=1))
    apart = mannwhitneyu(found, not_found).statistic / (len(found) * len(not_found))

    assert 0.38 < apart < 0.62


@pytest.mark.parametrize(
    ("made", "known"),
    [
        (ups("5R8939035756712"), "1Z5R89390357567127"),
        (fedex("98657878885"), "986578788855"),
        (s10("47312482"), "RB473124829US"),
    ],
)
def test_check_digits_are_those_of_the_houses(made, known):
    """Guesses with check digits are valid: published examples come out right (jkeen's tracking_number_data, UPU S10)."""
    assert made == known
