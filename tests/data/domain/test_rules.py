"""Values that break a rule of the domain are refused with the value, the rule and the next step."""

from datetime import UTC, datetime

import pytest

from data.domain.errors import InvalidFact
from data.domain.places import Place
from data.domain.scans import check_instant
from data.domain.statuses import Status
from data.facts.moments import micros
from tests.makers import after, make_scan


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (-90.01, 0), (0, 181), (float("nan"), 0), (None, 3), (3, None)])
def test_a_place_outside_the_earth_is_refused(lat, lon):
    """Latitude and longitude lie on the earth and come together."""
    with pytest.raises(InvalidFact, match=r"lat|lon"):
        Place(lat, lon)


@pytest.mark.parametrize("instant", [datetime(1, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC), datetime(2026, 1, 1)])
def test_an_instant_without_zone_or_sense_is_refused(instant):
    """Instants have an offset and lie in 1990..2100."""
    with pytest.raises(InvalidFact, match="occurred_at"):
        check_instant("occurred_at", instant)


def test_a_scan_checks_both_clocks():
    """A scan received in the year 1 is refused."""
    with pytest.raises(InvalidFact, match="received_at"):
        make_scan("a", Status.DELIVERED, after(0), datetime(1, 1, 1, tzinfo=UTC))


def test_micros_are_exact():
    """Microseconds survive; no float is involved."""

    assert micros(datetime(2026, 6, 1, 0, 0, 0, 1, tzinfo=UTC)) == 1_780_272_000_000_001
