"""Choose the weather that matters: what is forecast for the places ahead at the hour of passing, where it is bad enough to slow a vehicle.

Thresholds: rain of 7.6 mm/h is heavy and snow that takes sight below 1 km is moderate or worse (AMS Glossary of Meteorology, *rain*, *snow*; 0.5 cm/h is
the usual equivalent); wind of 50 km/h or gusts of 74 km/h call for a wind advisory (US National Weather Service: 31 and 46 mph); fog is sight
below 1 km (WMO); any wet hour at or below freezing makes roads icy.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from data.domain.weather import WeatherForecast
from maps.stops import Passage
from maps.view import StopState, StopView, WeatherKind, WeatherView

__all__ = ["weather_kind", "weather_views"]

HEAVY_RAIN_MM, SNOW_CM, WIND_KPH, GUST_KPH, FOG_KM, WET_MM = 7.6, 0.5, 50.0, 74.0, 1.0, 0.2
NEAR = timedelta(minutes=90)
"""A forecast hour further from the passing than this says nothing about it."""


def weather_kind(forecast: WeatherForecast) -> WeatherKind | None:
    """Give what is worst about an hour's weather, or ``None`` when nothing in it slows a vehicle. Unknown values count as harmless."""
    rain, snow = forecast.precipitation_mm or 0.0, forecast.snowfall_cm or 0.0
    if snow >= SNOW_CM:
        return WeatherKind.SNOW
    if rain >= WET_MM and forecast.temperature_c is not None and forecast.temperature_c <= 0:
        return WeatherKind.ICE
    if rain >= HEAVY_RAIN_MM:
        return WeatherKind.RAIN
    if (forecast.wind_kph or 0.0) >= WIND_KPH or (forecast.wind_gust_kph or 0.0) >= GUST_KPH:
        return WeatherKind.WIND
    if forecast.visibility_km is not None and forecast.visibility_km < FOG_KM:
        return WeatherKind.FOG
    return None


def weather_views(
    path: Iterable[Passage], stops: tuple[StopView, ...], forecasts: Iterable[WeatherForecast], now: datetime
) -> tuple[WeatherView, ...]:
    """Give the weather that matters at the places ahead, in journey order: of what was issued by ``now``, the newest word on the hour of passing."""
    known = [forecast for forecast in forecasts if forecast.available_at <= now]
    found = []
    for number, (passage, stop) in enumerate(zip(path, stops, strict=True)):
        at = (passage.estimated_at or passage.planned_at) if passage.state is StopState.AHEAD else None
        if at is None or at < now or stop.lat is None or stop.lon is None:
            continue
        here = [one for one in known if one.facility_id == passage.facility_id and abs(one.valid_at - at) <= NEAR]
        if not here:
            continue
        hour = min(here, key=lambda one: (abs(one.valid_at - at), -one.issued_at.timestamp()))
        kind = weather_kind(hour)
        if kind is not None:
            found.append(WeatherView(kind, number, stop.lat, stop.lon, hour.valid_at))
    return tuple(found)
