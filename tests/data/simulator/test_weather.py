import numpy as np
import polars as pl
import pytest

from data.simulator.weather import Storms, severity, storms_of


def storm(**changed):
    """Make one storm that begins at minute 0 over (40, -100) and moves east by a degree an hour."""
    one = {
        "begins": 0.0,
        "lasts": 2880.0,
        "lat": 40.0,
        "lon": -100.0,
        "lat_speed": 0.0,
        "lon_speed": 1 / 60,
        "radius_km": 300.0,
        "peak": 1.0,
    }
    return Storms(**{name: np.array([value]) for name, value in {**one, **changed}.items()})


def at(lat, lon, minute, storms):
    return severity(np.array([lat]), np.array([lon]), np.array([minute]), storms)[0]


def test_a_storm_is_worst_at_its_centre_half_way():
    """Severity is the peak at the centre in the middle of its life, and nothing before and after."""
    assert at(40.0, -76.0, 1440.0, storm()) == pytest.approx(1.0)
    assert at(40.0, -80.0, 1440.0, storm()) < 0.8
    assert at(40.0, -100.0, -1.0, storm()) == at(40.0, -52.0, 2881.0, storm()) == 0


def test_a_storm_moves():
    """Six hours later it is worst six degrees farther east."""
    east = np.arange(-100.0, -60.0, 1.0)

    def centre(minute):
        return east[severity(np.full(len(east), 40.0), east, np.full(len(east), minute), storm()).argmax()]

    assert centre(1440.0) - centre(1080.0) == 6


def test_storms_pass_over_the_network(world):
    """Storms touch facilities for some of the time, and never all of it."""
    hours = np.arange(0, world.clock.until_minute, 60.0)
    share = np.mean(
        [
            (severity(np.full(len(hours), lat), np.full(len(hours), lon), hours, world.storms) > 0.2).mean()
            for lat, lon in zip(world.network.lat, world.network.lon, strict=True)
        ]
    )

    assert 0.01 < share < 0.2


def test_winter_has_more_storms(world):
    """Over many draws January brings more storms than July."""
    from datetime import UTC, datetime

    from data.simulator.clock import clock_of

    def drawn(month):
        clock = clock_of(datetime(2026, month, 1, tzinfo=UTC), 30, ["UTC"])
        return sum(len(storms_of(clock, np.random.default_rng(seed)).begins) for seed in range(20))

    assert drawn(1) > 1.2 * drawn(7)


@pytest.fixture(scope="module")
def compared(simulated):
    """Join every forecast with what was then observed."""
    facts = simulated.facts
    observed = facts.weather_observations.select("facility_id", "wind_kph", "temperature_c", valid_at="observed_at")
    return facts.weather_forecasts.join(observed, on=["facility_id", "valid_at"], suffix="_observed").with_columns(
        lead_hours=(pl.col("valid_at") - pl.col("issued_at")).dt.total_hours()
    )


@pytest.mark.parametrize("what", ["wind_kph", "temperature_c"])
def test_forecasts_get_worse_with_lead_time(compared, what):
    """The error of a forecast grows from the first day over the second to the third."""
    error = (
        compared.group_by(day=(pl.col("lead_hours") - 1) // 24)
        .agg(((pl.col(what) - pl.col(f"{what}_observed")) ** 2).mean().sqrt())
        .sort("day")[what]
        .to_list()
    )

    assert error[0] < error[1] < error[2]
    assert error[2] > 1.15 * error[0]


def test_forecasts_see_storms_coming(compared):
    """A day ahead, forecast wind says a good deal about the wind that came."""
    ahead = compared.filter(pl.col("lead_hours").is_between(3, 24))

    assert ahead.select(pl.corr("wind_kph", "wind_kph_observed")).item() > 0.6


def test_a_run_can_be_had_four_hours_after_it_starts(simulated):
    """No forecast is available before its run is done; runs start every twelve hours and look 72 hours ahead."""
    forecasts = simulated.facts.weather_forecasts

    assert ((forecasts["available_at"] - forecasts["issued_at"]).dt.total_minutes() == 240).all()
    assert set(forecasts["issued_at"].dt.hour().unique()) == {0, 12}
    assert ((forecasts["valid_at"] - forecasts["issued_at"]).dt.total_hours().unique().sort().to_list()) == list(range(3, 73, 3))


def test_observations_come_every_three_hours_everywhere(simulated):
    """Each facility is measured eight times a day, and each measurement is had a quarter of an hour later."""
    seen = simulated.facts.weather_observations

    assert seen["facility_id"].n_unique() == 40
    assert seen.group_by("facility_id").len()["len"].unique().to_list() == [240]
    assert ((seen["available_at"] - seen["observed_at"]).dt.total_minutes() == 15).all()
