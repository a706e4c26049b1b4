"""Weather is fetched as issued, once, within the budget; where it cannot be had, that is said."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from data.domain.errors import InvalidFact
from data.facts.checks import breaches
from data.sources.http.door import Patience
from data.sources.http.kept import Kept
from data.sources.weather.open_service import CallsAllowed, open_weather
from data.sources.weather.port import Site
from tests.fakes.outside_server import Reply, said

HASTE = Patience(connect_seconds=0.5, read_seconds=0.5, answer_seconds=1.0, all_seconds=2.0, tries=2, pause_seconds=0.01)
SITES = [Site("MEM", 35.1175, -89.9711), Site("NRT", 35.772, 140.393), Site("GRU", -23.435, -46.473)]


@pytest.fixture
def kept():
    with Kept() as opened:
        yield opened


@pytest.fixture
def source(outside, clock, kept):
    """At noon on Monday: the newest run that is out is that of midnight."""
    return open_weather(kept, now=clock, base_url=outside.url, patience=HASTE)


def test_the_newest_run_is_fetched_as_issued(source, outside):
    """At noon the run of 06:00 is not out yet; that of midnight is, since 07:00, and speaks of the hours from its start on."""
    found = source.newest(SITES, days=2)

    assert outside.requests[0][1]["run"] == "2026-06-01T00:00"
    assert outside.requests[0][1]["models"] == "ecmwf_ifs"
    assert found.missing == ()
    assert found.rows.height == 3 * 48
    assert breaches("weather_forecasts", found.rows).is_empty()
    assert found.rows["issued_at"].unique().to_list() == [datetime(2026, 6, 1, tzinfo=UTC)]
    assert found.rows["available_at"].unique().to_list() == [datetime(2026, 6, 1, 7, tzinfo=UTC)]
    assert found.rows.filter(pl.col("facility_id") == "GRU").row(0, named=True)["weather_forecast_id"] == "OM2-ecmwf_ifs-GRU-2026060100-0"
    assert found.rows["visibility_km"].to_list() == [24.14] * 144
    assert found.rows.select("humidity_percent", "pressure_hpa", "wind_gust_kph", "wind_direction_deg").unique().rows() == [
        (71.0, 1013.2, 37.4, 225.0)
    ]


def test_nothing_claims_to_have_been_there_too_early(source, clock):
    """Whenever it is asked, a run is out only once its delay is over: no row is available after the moment of asking, or before its delay."""
    for _ in range(30):
        clock.passes(minutes=97)
        rows = source.newest(SITES[:1], days=1).rows
        assert (rows["available_at"] <= clock()).all()
        assert ((rows["available_at"] - rows["issued_at"]) == timedelta(hours=7)).all()


def test_a_run_that_is_missing_is_replaced_by_the_newest_series(source, outside, clock):
    """The forecast API joins runs, so its rows count as issued when they were fetched, and its past hours are left out."""
    outside.runs_out_until = datetime(2026, 5, 31, tzinfo=UTC)
    found = source.newest(SITES, days=2)

    assert found.missing == ()
    assert (found.rows["issued_at"] == clock()).all()
    assert (found.rows["available_at"] == clock()).all()
    assert found.rows["valid_at"].min() == clock()
    assert breaches("weather_forecasts", found.rows).is_empty()


def test_the_archive_is_known_a_week_later_and_is_no_forecast(source):
    """What the weather was becomes known when the reanalysis is out, so no past moment can read it as the weather of now."""
    found = source.archive(SITES, date(2026, 5, 1), date(2026, 5, 3))

    assert found.rows.height == 3 * 72
    assert breaches("weather_observations", found.rows).is_empty()
    assert ((found.rows["available_at"] - found.rows["observed_at"]) == timedelta(days=7)).all()
    assert found.rows["visibility_km"].null_count() == found.rows.height
    assert found.rows["humidity_percent"].unique().to_list() == [71.0]
    assert found.rows["pressure_hpa"].unique().to_list() == [1013.2]


def test_the_same_question_is_paid_for_once(source, outside):
    """A past run is kept; asked again it gives the same rows without a call."""
    run = datetime(2026, 5, 30, 12, tzinfo=UTC)
    first, again = source.run(SITES, run, days=3), source.run(SITES, run, days=3)

    assert first.rows.equals(again.rows)
    assert len(outside.requests) == 1


def test_a_service_that_is_away_is_said_and_raises_nothing(source, outside, clock):
    """Both services fail: every site is missing, each with its reason; after a rest all is well again."""
    outside.always = lambda path, query: Reply(b"", 503)
    found = source.newest(SITES, days=2)
    assert found.rows.is_empty()
    assert found.missing == ("MEM", "NRT", "GRU")
    assert len(found.why) == 2
    assert "HTTP 503" in found.why[0]
    outside.always = lambda path, query: None
    clock.passes(minutes=2)

    assert source.newest(SITES, days=2).missing == ()


def test_nonsense_is_not_kept(source, outside):
    """An answer of another place is refused and asked for again."""
    wrong = {"latitude": 0, "longitude": 0, "hourly": {}, "hourly_units": {}}
    outside.instead = [said([wrong] * 3)]
    first = source.run(SITES, datetime(2026, 5, 30, tzinfo=UTC), days=1)
    second = source.run(SITES, datetime(2026, 5, 30, tzinfo=UTC), days=1)

    assert "speaks of 0.00, 0.00" in first.why[0]
    assert second.missing == ()


def test_the_budget_holds_before_the_limit_does(outside, clock, kept):
    """Of 120 sites, 100 fit into a minute's budget of 110 calls; the others are missing, and a later call asks only for them."""
    sites = [Site(f"F{n}", 40.0, -90.0) for n in range(120)]
    source = open_weather(kept, now=clock, base_url=outside.url, allowed=CallsAllowed(per_minute=110), patience=HASTE)
    run = datetime(2026, 5, 30, tzinfo=UTC)
    found = source.run(sites, run, days=1)
    assert found.missing == tuple(f"F{n}" for n in range(100, 120))
    assert "110 calls a minute; 100 are spent and this request counts 20" in found.why[0]
    clock.passes(seconds=61)

    assert source.run(sites, run, days=1).missing == ()
    assert [len(query["latitude"].split(",")) for _, query in outside.requests] == [100, 20]


def test_a_spent_quota_of_the_provider_is_respected(source, outside, clock):
    """After "Hourly API request limit exceeded" nothing is asked until the hour has turned."""
    outside.instead = [said({"error": True, "reason": "Hourly API request limit exceeded. Please try again in the next hour."}, 429)]
    source.run(SITES, datetime(2026, 5, 30, tzinfo=UTC), days=1)
    clock.passes(minutes=59)
    assert source.run(SITES, datetime(2026, 5, 30, tzinfo=UTC), days=1).missing
    assert len(outside.requests) == 1
    clock.passes(minutes=3)

    assert source.run(SITES, datetime(2026, 5, 30, tzinfo=UTC), days=1).missing == ()


def test_the_key_is_sent_and_never_told(outside, clock, kept):
    """It goes to the service alone: no message holds it, not even when the service repeats it."""
    source = open_weather(kept, now=clock, key="very-secret", base_url=outside.url, patience=HASTE)
    outside.always = lambda path, query: said({"error": True, "reason": f"The key {query['apikey']} is invalid"}, 400)
    found = source.newest(SITES, days=1)

    assert outside.requests[0][1]["apikey"] == "very-secret"
    assert "The key … is invalid" in found.why[0]


def test_the_services_are_those_of_the_documentation(clock, kept):
    """Free hosts without a key, customer hosts with one."""
    hosts = []
    for key in (None, "k"):
        doors = open_weather(kept, now=clock, key=key)._doors
        hosts += [door._door.base_url.removeprefix("https://") for door in (doors.forecast, doors.runs, doors.archive)]

    assert hosts == [
        "api.open-meteo.com",
        "single-runs-api.open-meteo.com",
        "archive-api.open-meteo.com",
        "customer-api.open-meteo.com",
        "customer-single-runs-api.open-meteo.com",
        "customer-archive-api.open-meteo.com",
    ]


@pytest.mark.parametrize(
    "run", [datetime(2026, 6, 1, 6, tzinfo=UTC), datetime(2026, 5, 30, 5, tzinfo=UTC), datetime(2026, 5, 30, 6, 30, tzinfo=UTC)]
)
def test_a_run_that_is_not_out_or_never_takes_place_is_refused(source, run):
    """Runs start at 0, 6, 12 and 18 UTC and are out seven hours later."""
    with pytest.raises(InvalidFact, match="there is no run"):
        source.run(SITES, run, days=1)


def test_wrong_questions_are_refused(source):
    """Days ahead from 1 to 16; the archive in order and in the past."""
    with pytest.raises(InvalidFact, match="17 days"):
        source.newest(SITES, days=17)
    with pytest.raises(InvalidFact, match="not over yet"):
        source.archive(SITES, date(2026, 5, 31), date(2026, 6, 1))
    with pytest.raises(InvalidFact, match="runs backwards"):
        source.archive(SITES, date(2026, 5, 3), date(2026, 5, 1))
