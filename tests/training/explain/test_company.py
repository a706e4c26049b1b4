import numpy as np
import pytest

from training.explain.company import Company, Missed, company_of
from training.explain.journal import Journal, Stays
from training.explain.stood import HOUR, Lost

HOP, STOP = "hop", ("HUB", "truck")
LATE = (*range(20, 60, 6),)
"""Hours at which vehicles leave by the timetable."""


def following(since):
    return next((hour * HOUR for hour in LATE if hour * HOUR >= since), None)


def journal(*stays, until=None):
    """Give a journal of one hop; stays are (reached, left) or (reached, left, known) in hours."""
    rows = np.array([(reached, left, *(known or (left,))) for reached, left, *known in stays]) * HOUR
    rows = rows.reshape(-1, 3).astype(np.int64)
    by_left, by_reached = rows[np.argsort(rows[:, 1], kind="stable")], rows[np.argsort(rows[:, 0], kind="stable")]
    return Journal({HOP: Stays(*by_left.T)}, {STOP: Stays(*by_reached.T)}, until)


def seen(book, *, reached=16, due=20, left=26, at=30):
    moment = None if left is None else int(left * HOUR)
    return company_of(book, HOP, STOP, reached=int(reached * HOUR), due=int(due * HOUR), left=moment, at=int(at * HOUR))


def lost(company, *, due=20, left=26, may_be_full=True):
    return company.lost(due * HOUR, int(left * HOUR), following, may_be_full=may_be_full)


MINE = (16, 26)
EARLIER = [(2, 8)] * 10 + [(-day, 1 - day) for day in range(1, 10)]
"""One vehicle with ten parcels, and nine with one."""


def test_a_vehicle_that_others_took_in_time_was_missed():
    """Four left at twenty; it left at 26 with one more: it stood in line, for the vehicle was half empty."""
    company = seen(journal(*EARLIER, *[(10, 20)] * 4, MINE, (17, 26)))

    assert [(one.at, one.load) for one in company.missed] == [(20 * HOUR, 0.4)]
    assert company.together == 1
    assert company.tells(26 * HOUR, 26 * HOUR, origin=False)
    assert lost(company) == Lost(6.0, 0.0, 0.0)


def test_a_vehicle_as_full_as_any_had_no_room():
    """Ten left at twenty, and never more."""

    assert lost(seen(journal(*EARLIER, *[(10, 20)] * 10, MINE))) == Lost(0.0, 6.0, 0.0)


def test_whom_later_ones_overtook_had_no_room():
    """Two who came two hours after it were gone by the time it should have left: the line had passed it."""

    assert lost(seen(journal(*EARLIER, (18, 20), (18.5, 20), MINE))) == Lost(0.0, 6.0, 0.0)


def test_one_who_overtook_may_be_a_wrong_scan():
    """Two must say so."""

    assert lost(seen(journal(*EARLIER, (10, 20), (18.5, 20), MINE))) == Lost(6.0, 0.0, 0.0)


def test_at_the_origin_nobody_overtakes():
    """Orders made later may be packed earlier, and what a backlog left behind fills the vehicle."""

    assert lost(seen(journal(*EARLIER, *[(18, 20)] * 10, MINE)), may_be_full=False) == Lost(6.0, 0.0, 0.0)


def test_nobody_left_until_all_left_is_a_late_vehicle():
    """Half an hour's worth of others left with it at 24, none before."""
    company = seen(journal(*EARLIER, (14, 24), (15, 24.2), (16, 24)), left=24)

    assert company.missed == ()
    assert company.together == 2
    assert company.tells(24 * HOUR, 26 * HOUR, origin=False)
    assert lost(company, left=24) == Lost(0.0, 0.0, 4.0)


def test_all_who_left_by_the_next_time_of_the_timetable_may_have_missed_an_empty_vehicle():
    """At a stop with few parcels nobody seen is no proof; at the origin, which has many, it is."""
    company = seen(journal(*EARLIER, (14, 26), MINE))

    assert not company.tells(26 * HOUR, 26 * HOUR, origin=False)
    assert company.tells(26 * HOUR, 26 * HOUR, origin=True)


def test_a_scanner_an_hour_slow_makes_no_late_vehicle():
    """All that this hop says is 50 minutes early: the vehicle that was due at twenty is the one seen before."""
    company = seen(journal(*EARLIER, *[(10, 19.2)] * 4, (16, 25.2), (17, 25.2)), left=25.2)

    assert len(company.missed) == 1
    assert lost(company, left=25.2).late_vehicle == 0.0
    assert not seen(journal(*EARLIER, (16, 25.2), (17, 25.2)), left=25.2).tells(int(25.2 * HOUR), 26 * HOUR, origin=False)


def test_a_late_vehicle_after_a_missed_one_is_told_apart_from_it():
    """It missed that of twenty in the line and took that of 26, which left at 30."""
    company = seen(journal(*EARLIER, *[(10, 20)] * 4, (16, 30), (17, 30)), left=30, at=40)

    assert lost(company, left=30) == Lost(6.0, 0.0, 4.0)


def test_each_vehicle_that_was_missed_is_judged_by_itself():
    """Half empty at twenty, full at 26, gone at 32."""
    company = seen(journal(*EARLIER, *[(10, 20)] * 4, *[(11, 26)] * 10, (16, 32)), left=32, at=40)

    assert lost(company, left=32) == Lost(6.0, 6.0, 0.0)


def test_only_what_was_known_counts():
    """Those who left in time were heard of after the moment, or after the journal was told."""
    stays = (*EARLIER, *[(10, 20, 31)] * 4, MINE, (17, 26))

    assert seen(journal(*stays)).missed == ()
    assert len(seen(journal(*stays), at=32).missed) == 1
    assert seen(journal(*stays, until=27 * HOUR), at=32).missed == ()


def test_who_still_stands_has_no_company_but_those_who_left():
    """Nobody knows with whom it will leave."""
    company = seen(journal(*EARLIER, *[(10, 20)] * 4), left=None, at=25)

    assert (len(company.missed), company.together) == (1, 0)
    assert not seen(journal(*EARLIER), left=None, at=25).tells(25 * HOUR, None, origin=True)


def test_who_has_heard_of_nobody_says_nothing():
    """No hop, nothing known yet, nothing since it was due."""

    assert seen(Journal.nothing()) is None
    assert seen(journal((2, 8, 31))) is None
    assert seen(journal(*EARLIER, until=19 * HOUR)) is None


def test_what_a_vehicle_holds_is_unknown_where_few_ever_went():
    """Three parcels at most, or three vehicles, are no measure of a truck."""
    few_parcels, few_vehicles = journal(*EARLIER[9:], *[(10, 20)] * 3, MINE), journal(*EARLIER[:10], *[(10, 20)] * 10, MINE)

    assert all(np.isnan(seen(book).missed[0].load) for book in (few_parcels, few_vehicles))
    assert lost(seen(few_vehicles)) == Lost(6.0, 0.0, 0.0)


def test_what_is_longer_ago_than_four_weeks_does_not_count():
    """A summer's loads say nothing of today's vehicles."""
    long_ago = [(-30 * 24 - 2, -30 * 24)] * 40

    assert seen(journal(*long_ago, *EARLIER, *[(10, 20)] * 10, MINE)).missed[0].load == 1.0


def test_the_hours_are_all_of_them():
    """However many vehicles were missed."""
    company = Company((Missed(20 * HOUR, 1.0, -2.0), Missed(25 * HOUR, np.nan, np.nan), Missed(27 * HOUR, 0.2, 1.0)), 0)
    found = lost(company, left=47)

    assert found.in_line + found.no_room + found.late_vehicle == pytest.approx(27)
    assert found == Lost(2.0, 22.0, 3.0)


def test_a_parcel_that_stood_for_weeks_is_answered_at_once():
    """A timetable of every five minutes is asked for the last two days only, and what is later than that is no late vehicle."""
    asked = []

    def often(since):
        asked.append(since)
        return since + 5 * 60_000_000

    found = Company((Missed(20 * HOUR, 0.1, -1.0),), 0).lost(20 * HOUR, 2_000 * HOUR, often, may_be_full=True)

    assert found == Lost(1_980.0, 0.0, 0.0)
    assert len(asked) < 600


def test_evidence_counts_and_names_nobody():
    """Other customers' scans stay their own."""
    company = Company((Missed(20 * HOUR, 1.0, 0.0),), 3)

    assert company.evidence == ("others:1 vehicle seen leaving without it", "others:3 parcels seen leaving with it")
    assert Company((), 0).evidence == ()
