"""The calendar entry says what the page says, keeps its name, and lets no text add a line."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from icalendar import Calendar

from data.domain.statuses import Status
from maps.calendar_entry import calendar_entry, entry_uid, has_entry
from maps.language import FIRST_STRONG_ISOLATE, LANGUAGES, POP_ISOLATE, language_of
from maps.page_words import page_words
from maps.times import window_sentence
from tests.makers import after
from tests.maps.hostile import HOSTILE, SUMS, poisoned
from tests.maps.journeys import CHANGED, SCANS, stages, view_at

KEY = b"a secret of the operator"
CALLED_OFF = {"pickup", "returning", "returned", "lost", "cancelled", "expired"}


def entry(view, code="en"):
    return calendar_entry(view, page_words(view, language=language_of(code)), key=KEY)


def event(view, code="en"):
    return Calendar.from_ical(entry(view, code)).walk("VEVENT")[0]


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


@pytest.mark.parametrize("stage", ["moving", "at_hub", "silent", "out", "attempt"])
def test_the_window_is_the_said_one(stage):
    """Full hours, which make the very sentence of the page."""
    view = stages()[stage]
    read = event(view)
    start, end = read["dtstart"].dt, read["dtend"].dt

    assert (start.minute, end.minute) == (0, 0)
    assert window_sentence(start, end, view.timezone, view.seen_at) in page_words(view).answer


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_entry_speaks_the_readers_language(code):
    """Summary, description and the calendar's name are the page's words and say their language; name, number and times do not depend on it."""
    view = stages()["moving"]
    page, read, english = page_words(view, language=language_of(code)), event(view, code), event(view)
    plain = str(read["summary"]).replace(FIRST_STRONG_ISOLATE, "").replace(POP_ISOLATE, "")

    assert str(read["summary"]).endswith(page.answer)
    assert "Acme" in plain
    assert ("Parcel from" in plain) == (code == "en")
    assert str(read["description"]) == f"{page.answer}\n{page.detail}"
    assert {read[name].params["LANGUAGE"] for name in ("summary", "description")} == {code}
    assert [read[name] for name in ("uid", "sequence", "dtstart", "dtend")] == [
        english[name] for name in ("uid", "sequence", "dtstart", "dtend")
    ]


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
