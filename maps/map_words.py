"""Say what the map needs beside the page's words: its controls, its playback and the weather on it."""

from dataclasses import asdict, dataclass
from typing import Any

from maps.safe_text import clean
from maps.times import moment_words
from maps.view import JourneyView, WeatherKind, WeatherView
from maps.words import place_words

__all__ = ["MapWords", "WeatherWords", "map_words"]

WEATHER_WORDS: dict[WeatherKind, str] = {
    WeatherKind.RAIN: "Heavy rain",
    WeatherKind.SNOW: "Snow",
    WeatherKind.ICE: "Icy roads",
    WeatherKind.WIND: "Strong wind",
    WeatherKind.FOG: "Fog",
}


@dataclass(frozen=True, slots=True)
class WeatherWords:
    """Hold the weather at one place ahead: its kind (chooses the sign), a title and a line with place and hour."""

    kind: str
    title: str
    line: str


@dataclass(frozen=True, slots=True)
class MapWords:
    """Hold the words of the map's controls. ``{number}`` in ``stop`` is filled in by the script; ``zone`` is an IANA name or ``UTC``."""

    stop: str
    play: str
    pause: str
    moment: str
    now: str
    forecast: str
    probably: str
    zone: str
    weather: tuple[WeatherWords, ...]

    def for_script(self) -> dict[str, Any]:
        """Give plain data for the page's JSON block; the weather's words travel beside its places."""
        return {name: value for name, value in asdict(self).items() if name != "weather"}


def map_words(view: JourneyView) -> MapWords:
    """Give the words of a journey's map."""
    return MapWords(
        stop="Stop {number}",
        play="Play the journey",
        pause="Pause",
        moment="Moment of the journey",
        now="now",
        forecast="forecast",
        probably="Probably here",
        zone=clean(view.timezone, longest=60) or "UTC",
        weather=tuple(weather_words(weather, view) for weather in view.weather),
    )


def weather_words(weather: WeatherView, view: JourneyView) -> WeatherWords:
    stop = view.stops[weather.stop]
    place = place_words(stop.kind, clean(stop.city, longest=60), clean(stop.region, longest=40))
    return WeatherWords(
        weather.kind.value, f"{WEATHER_WORDS[weather.kind]} expected", f"{place}, {moment_words(weather.at, stop.timezone, view.seen_at)}"
    )
