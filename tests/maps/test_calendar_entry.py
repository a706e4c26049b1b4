"""The calendar entry says what the page says, keeps its name, and lets no text add a line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from icalendar import Calendar

from data.domain.statuses import Status
from maps.calendar_entry import calendar_entry, entry_uid, has_entry
from maps.page_words import page_words
from tests.makers import after
from tests.maps.hostile import HOSTILE, SUMS, poisoned
from tests.maps.journeys import CHANGED, SCANS, stages, view_at

KEY = b"a secret of the operator"
CALLED_OFF = {"pickup", "returning", "lost"}


def entry(view):
    return calendar_entry(view, page_words(view), key=KEY)


def event(view):
    return Calendar.from_ical(entry(view)).walk("VEVENT")[0]


@pytest.mark.parametrize("stage", [stage for stage in stages() if stage != "no_forecast"])
def test_every_stage_reads_back(stage):
    """Another reader finds the answer's sentence, a time in UTC, and the state that the stage means."""
    view = stages()[stage]
    read = event(view)
    states = {"delivered": "CONFIRMED", **dict.fromkeys(CALLED_OFF, "CANCELLED")}

    assert str(read["summary"]) == f"Parcel from Acme: {page_words(view).answer}"
    assert read["dtstart"].to_ical().endswith(b"Z")
    assert read["status"] == states.get(stage, "TENTATIVE")
    assert read["transp"] == "TRANSPARENT"
    assert read["dtstamp"].dt <= view.seen_at
    assert read.get("dtend") is None or read["dtend"].dt > read["dtstart"].dt


def test_the_window_is_the_said_one():
    """Full hours, as the sentence has them: Wednesday 1 p.m. to Thursday 4 a.m. in New York."""
    read = event(stages()["moving"])

    assert (read["dtstart"].dt, read["dtend"].dt) == (datetime(2026, 6, 3, 17, tzinfo=UTC), datetime(2026, 6, 4, 8, tzinfo=UTC))


def test_before_a_forecast_there_is_none():
    """Nothing is made up: without a forecast there is no entry."""
    assert entry(stages()["no_forecast"]) is None
    assert not has_entry(stages()["no_forecast"])


def test_a_window_that_moves_has_a_larger_number():
    """The same name through every change, a number that never falls, and equal bytes when asked twice at once."""
    views = [view_at(hours, SCANS[:5], CHANGED) for hours in (20, 21.9, 22, 22.1, 30, 40, 60)]
    read = [event(view) for view in views]
    numbers = [one["sequence"] for one in read]

    assert len({str(one["uid"]) for one in read}) == 1
    assert numbers == sorted(numbers)
    for before, after_it in pairwise(read):
        assert before["dtstart"].dt == after_it["dtstart"].dt or before["sequence"] < after_it["sequence"]
    assert entry(views[2]) == entry(view_at(22, SCANS[:5], CHANGED))


def test_the_name_tells_nothing():
    """It depends on the operator's secret, and holds no part of the id."""
    assert entry_uid("S1", key=KEY) != entry_uid("S2", key=KEY)
    assert entry_uid("S1", key=KEY) != entry_uid("S1", key=b"another")
    assert "ORDER-77" not in entry_uid("ORDER-77", key=KEY)


def test_no_number_stands_in_an_entry():
    """Order, tracking number and carrier's words are left out whatever the link's scope: calendars are shared."""
    view = replace(stages()["moving"], order_id="ORDER-77", tracking_number="7841 2209 5513", shipment_id="SHIP-5")
    written = entry(view).decode().replace("\r\n ", "")

    assert not [told for told in ("ORDER-77", "7841", "SHIP-5", "Left location", "http") if told in written]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_hostile_text_adds_no_line(text):
    """The entry of a poisoned journey has the lines of a harmless one, each of at most 75 octets (RFC 5545, 3.1)."""
    harmless, written = (entry(poisoned(stages()["moving"], said)) for said in ("x", text))

    def names(lines):
        unfolded = lines.replace(b"\r\n ", b"").split(b"\r\n")
        return [line.partition(b":")[0].partition(b";")[0] for line in unfolded]

    assert set(names(written)) <= set(names(harmless))
    assert len(names(written)) <= len(names(harmless))
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert b"\r" not in written.replace(b"\r\n", b"")
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert len(Calendar.from_ical(written).walk("VEVENT")) == 1
    assert not [result for result in SUMS if result in written.decode()]


@pytest.mark.parametrize("status", Status)
def test_every_status_has_an_entry_or_none(status):
    """No stage raises; an ended one is never still awaited."""
    view = replace(
        stages()["moving"], status=status, arrival=None if status in {Status.DELIVERED, Status.RETURNED} else stages()["moving"].arrival
    )
    read = event(view)

    assert (read["status"] == "TENTATIVE") == (
        status
        not in {
            Status.DELIVERED,
            Status.RETURNED,
            Status.RETURNING,
            Status.LOST_OR_DESTROYED,
            Status.CANCELLED,
            Status.EXPIRED,
            Status.AVAILABLE_FOR_PICKUP,
        }
    )


def test_a_window_that_lies_behind_is_still_an_hour_long():
    """Overdue: the entry stays where it stood and says that it is later."""
    late = replace(stages()["moving"], seen_at=after(500))
    read = event(late)

    assert read["dtend"].dt - read["dtstart"].dt >= timedelta(hours=1)
    assert "Later than expected" in str(read["summary"])
