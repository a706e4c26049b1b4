"""Local times become instants, and doubtful ones are counted."""

from datetime import UTC, datetime

import polars as pl
import pytest

from data.sources.datasets.local_time import clock_defects, end_of_day, to_utc

ZONE = "America/Sao_Paulo"


def local(*times: datetime | None) -> pl.DataFrame:
    return pl.DataFrame({"at": times}, schema={"at": pl.Datetime("us")})


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        pytest.param(datetime(2018, 7, 1, 12), datetime(2018, 7, 1, 15, tzinfo=UTC), id="winter"),
        pytest.param(datetime(2018, 1, 1, 12), datetime(2018, 1, 1, 14, tzinfo=UTC), id="summer"),
        pytest.param(datetime(2018, 2, 17, 23, 30), datetime(2018, 2, 18, 1, 30, tzinfo=UTC), id="twice: the first"),
        pytest.param(datetime(2017, 10, 15, 0, 30), datetime(2017, 10, 15, 3, 30, tzinfo=UTC), id="never: as if not yet changed"),
        pytest.param(None, None, id="unknown"),
    ],
)
def test_a_local_time_becomes_an_instant(wall, instant):
    """Summer time is followed, and its changes are no failure."""

    assert local(wall).select(to_utc("at", ZONE)).item() == instant


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (datetime(2018, 7, 1), datetime(2018, 7, 2, 2, 59, 59, 999_999, tzinfo=UTC)),
        (datetime(2018, 2, 17), datetime(2018, 2, 18, 2, 59, 59, 999_999, tzinfo=UTC)),
        (datetime(2017, 10, 15, 8), datetime(2017, 10, 16, 1, 59, 59, 999_999, tzinfo=UTC)),
    ],
    ids=["plain", "day of 25 hours", "day of 23 hours"],
)
def test_a_day_ends_at_its_last_microsecond(day, instant):
    """The end of a day is local, also on the days of 23 and 25 hours."""

    assert local(day).select(end_of_day("at", ZONE)).item() == instant


def test_doubtful_times_are_counted():
    """Times that came twice and times that never were are counted, each kind for itself."""
    frame = local(datetime(2018, 2, 17, 23, 30), datetime(2017, 10, 15, 0, 30), datetime(2018, 7, 1), None)
    counts = {defect.code: defect.count for defect in clock_defects(frame, ["at"], zone=ZONE, table="scans")}

    assert counts == {"ambiguous_local_time": 1, "nonexistent_local_time": 1}
