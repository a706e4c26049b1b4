"""The map shows weather where it slows a vehicle, at the hour of passing, as it was forecast by then."""

import pytest

from data.domain.weather import WeatherForecast
from maps.map_words import map_words
from maps.view import WeatherKind
from maps.weather_shown import weather_kind
from tests.makers import after
from tests.maps.journeys import CHANGED, SCANS, view_at


def word(facility: str, valid: float, *, issued: float = 20, available: float = 24, **values: float) -> WeatherForecast:
    return WeatherForecast(facility, after(issued), after(available), after(valid), **values)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, None),
        ({"precipitation_mm": 7.5, "temperature_c": 9.0}, None),
        ({"precipitation_mm": 7.6}, WeatherKind.RAIN),
        ({"precipitation_mm": 0.4, "temperature_c": -0.1}, WeatherKind.ICE),
        ({"precipitation_mm": 3.0, "snowfall_cm": 0.5, "temperature_c": -4.0}, WeatherKind.SNOW),
        ({"wind_kph": 49.9, "wind_gust_kph": 74.0}, WeatherKind.WIND),
        ({"visibility_km": 0.4}, WeatherKind.FOG),
        ({"visibility_km": 1.0}, None),
    ],
    ids=str,
)
def test_thresholds_are_those_of_the_weather_services(values, kind):
    """Below every threshold there is nothing to show; the worst is shown alone."""
    assert weather_kind(word("SC-EWR", 37, **values)) is kind


def test_only_places_ahead_at_the_hour_of_passing_count():
    """Newark is expected after hour 40: snow there then is shown; snow behind, at another hour or not yet published is not."""
    expected = view_at(31, SCANS[:5], CHANGED).stops[2].estimated_at
    hour = (expected - after(0)).total_seconds() / 3600
    snow = {"snowfall_cm": 2.0}
    weather = (
        word("SC-EWR", hour - 0.5, **snow),
        word("HUB-CMH", 26, **snow),
        word("DS-BRK", hour - 20, **snow),
        word("DS-BRK", hour + 12, available=32, **snow),
    )

    view = view_at(31, SCANS[:5], CHANGED, weather=weather)

    assert [(one.kind, one.stop) for one in view.weather] == [(WeatherKind.SNOW, 2)]
    assert map_words(view).weather[0].title == "Snow expected"
    assert "Newark" in map_words(view).weather[0].line


def test_a_newer_run_takes_a_warning_back():
    """Of two runs for one hour the newer one speaks."""
    expected = view_at(31, SCANS[:5], CHANGED).stops[2].estimated_at
    hour = round((expected - after(0)).total_seconds() / 3600)
    weather = (word("SC-EWR", hour, issued=18, snowfall_cm=2.0), word("SC-EWR", hour, issued=24, available=30, snowfall_cm=0.0))

    assert view_at(31, SCANS[:5], CHANGED, weather=weather).weather == ()
