"""A journey is a fold over a set of scans, as seen at a moment."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.domain.journeys import EXPIRES_AFTER, as_seen, outcome_of
from data.domain.statuses import Status
from tests.makers import after, make_scan

JOURNEY = (
    make_scan("a", Status.PRE_TRANSIT, after(0)),
    make_scan("b", Status.ACCEPTED, after(5), after(6), facility_id="MEM"),
    make_scan("c", Status.IN_TRANSIT, after(20), after(20), facility_id="CMH"),
    make_scan("d", Status.OUT_FOR_DELIVERY, after(44), after(44)),
    make_scan("e", Status.ATTEMPT_FAILED, after(48), after(49)),
    make_scan("f", Status.OUT_FOR_DELIVERY, after(68), after(68)),
    make_scan("g", Status.DELIVERED, after(70), after(73)),
)


@st.composite
def scan_sets(draw):
    """Draw scans with late arrival, clocks that run ahead, corrections and voids."""
    scans = []
    for number in range(draw(st.integers(1, 9))):
        occurred = draw(st.integers(0, 200))
        scans.append(
            make_scan(
                f"s{number}",
                draw(st.sampled_from(list(Status))),
                after(occurred),
                after(occurred + draw(st.integers(-3, 40))),
                facility_id=draw(st.sampled_from([None, "MEM", "CMH"])),
                corrects_scan_id=draw(st.sampled_from([None, None, "s0", "s1"])),
                voids=draw(st.booleans()) and number > 1,
            )
        )
    return scans


@given(scan_sets(), st.randoms(use_true_random=False), st.integers(0, 250))
def test_order_and_repetition_of_scans_change_nothing(scans, chance, hours):
    """Any order and duplication of the same scans gives the same journey."""
    shuffled = scans + scans[: len(scans) // 2]
    chance.shuffle(shuffled)

    assert as_seen(shuffled, after(hours)) == as_seen(scans, after(hours))


@given(scan_sets(), st.integers(0, 250))
def test_what_is_heard_later_changes_nothing(scans, hours):
    """A journey as seen at a moment does not change when everything received after it is deleted."""
    known = [scan for scan in scans if scan.received_at <= after(hours)]

    assert as_seen(known, after(hours)) == as_seen(scans, after(hours))


@pytest.mark.parametrize(
    ("hours", "status"),
    [
        (-1, Status.UNKNOWN),
        (0, Status.PRE_TRANSIT),
        (5.5, Status.PRE_TRANSIT),
        (6, Status.ACCEPTED),
        (48.5, Status.OUT_FOR_DELIVERY),
        (49, Status.ATTEMPT_FAILED),
        (72, Status.OUT_FOR_DELIVERY),
        (73, Status.DELIVERED),
    ],
)
def test_the_stage_follows_what_was_heard(hours, status):
    """The stage moves when news is received, not when it happens."""

    assert as_seen(JOURNEY, after(hours)).status is status


def test_milestones_are_when_they_happened():
    """Possession and delivery carry the time of happening, and failed attempts are counted."""
    journey = as_seen(JOURNEY, after(80))

    assert journey.possession_at == after(5)
    assert journey.delivered_at == after(70)
    assert journey.failed_attempts == 1
    assert journey.last_heard_at == after(73)


def test_an_unmapped_code_never_moves_a_shipment():
    """A scan nobody could map is counted and the stage stays."""
    journey = as_seen((*JOURNEY[:2], make_scan("x", Status.UNKNOWN, after(8), raw_code="ZZ")), after(9))

    assert (journey.status, journey.unmapped) == (Status.ACCEPTED, 1)


def test_delivered_is_an_end_except_for_a_return():
    """A late hub scan does not reopen a delivered parcel; a return does."""
    late_hub = make_scan("h", Status.IN_TRANSIT, after(71))
    returning = make_scan("r", Status.RETURNING, after(90))

    assert as_seen((*JOURNEY, late_hub), after(100)).status is Status.DELIVERED
    assert as_seen((*JOURNEY, returning), after(100)).status is Status.RETURNING


def test_a_voided_delivery_is_taken_back():
    """A correction that voids a delivery reopens the shipment; the outcome goes with it."""
    void = make_scan("v", Status.DELIVERED, after(75), corrects_scan_id="g", voids=True)

    assert as_seen((*JOURNEY, void), after(76)).status is Status.OUT_FOR_DELIVERY
    assert outcome_of("S1", (*JOURNEY, void), after(76)) is None
    assert outcome_of("S1", (*JOURNEY, void), after(74)) is not None


def test_a_clock_that_runs_ahead_cannot_report_from_the_future():
    """A scan that claims to happen after it was received counts at its receipt."""
    ahead = make_scan("z", Status.DELIVERED, after(30), after(10))

    assert as_seen((ahead,), after(11)).delivered_at == after(10)


def test_silence_expires_and_news_revives():
    """After thirty silent days an open shipment is expired until somebody scans it again."""
    quiet = after(6) + EXPIRES_AFTER + timedelta(hours=1)
    found = make_scan("n", Status.IN_TRANSIT, quiet)

    assert as_seen(JOURNEY[:2], quiet).status is Status.EXPIRED
    assert as_seen((*JOURNEY[:2], found), quiet + timedelta(hours=1)).status is Status.IN_TRANSIT
