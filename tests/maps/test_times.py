"""Times are said as people say them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.times import ago_words, clock, duration_words, hour_after, local, moment_words, window_words, zone_words

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NEW_YORK = "America/New_York"


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ((4, 18, 10), (4, 21, 40), ("Thursday 4 June", "between 2 and 6 p.m.")),
        ((4, 14, 0), (4, 18, 0), ("Thursday 4 June", "between 10 a.m. and 2 p.m.")),
        ((4, 15, 30), (4, 16, 0), ("Thursday 4 June", "between 11 a.m. and noon")),
        ((1, 18, 0), (1, 22, 0), ("today, Monday 1 June", "between 2 and 6 p.m.")),
        ((2, 18, 0), (2, 22, 0), ("tomorrow, Tuesday 2 June", "between 2 and 6 p.m.")),
        ((4, 22, 0), (5, 14, 0), ("Thursday 4 June, 6 p.m.", "to Friday 5 June, 10 a.m.")),
        ((4, 12, 0), (6, 22, 0), ("Thursday 4 to Saturday 6 June", "")),
    ],
    ids=str,
)
def test_windows_are_said_in_full_hours(start, end, said):
    """A window is widened to full hours and named by day and clock in the zone of the door."""
    first, last = (datetime(2026, 6, day, hour, minute, tzinfo=UTC) for day, hour, minute in (start, end))

    assert tuple(map(plain, window_words(first, last, NEW_YORK, NOW))) == said


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), st.floats(0.1, 200))
def test_what_is_said_never_narrows_what_was_computed(start, hours):
    """The end that is said lies at or after the end that was computed, also across a change of clocks."""
    end = local(start + timedelta(hours=hours), NEW_YORK)

    assert timedelta(0) <= hour_after(end).astimezone(UTC) - end.astimezone(UTC) < timedelta(hours=1)


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "../../etc/passwd", "America", "a\x00b", "\ud800", "x" * 5000, "{{7*7}}"])
def test_a_zone_nobody_knows_is_shown_as_utc(name):
    """An unknown or malformed zone name is never guessed and never an error."""
    assert zone_words(name) == "UTC"
    assert plain(moment_words(NOW, name, NOW)) == "Monday 1 June, noon, UTC"


def test_zones_have_words():
    """Zones are named as people name them."""
    assert [zone_words(name) for name in (NEW_YORK, "America/Sao_Paulo", "Asia/Kolkata")] == [
        "Eastern time",
        "Sao Paulo time",
        "Kolkata time",
    ]


def test_another_year_is_named():
    """A date of another year says so."""
    assert plain(moment_words(datetime(2025, 12, 31, 20, 5, tzinfo=UTC), "UTC", NOW)) == "Wednesday 31 December 2025, 8:05 p.m., UTC"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0.01, "1 min"),
        (0.2, "12 min"),
        (1.0, "1 hour"),
        (1.5, "1½ hours"),
        (3.4, "3½ hours"),
        (31, "31 hours"),
        (96, "4 days"),
        (-2, "2 hours"),
    ],
)
def test_durations_are_rounded_like_people_round(hours, said):
    """Minutes under an hour, halves under ten hours, hours under three days, then days."""
    assert duration_words(hours) == said


def test_noon_and_midnight_have_names():
    """Nobody has to think about 12 a.m."""
    assert [clock(NOW), clock(NOW.replace(hour=0))] == ["noon", "midnight"]


def test_now_is_just_now():
    """What happened this minute is just now."""
    assert [ago_words(NOW, NOW), ago_words(NOW - timedelta(minutes=12), NOW)] == ["just now", "12 min ago"]
