"""Say what the map needs beside the page's words: its controls, its playback and the weather on it."""

from dataclasses import asdict, dataclass
from typing import Any

from maps.language import ENGLISH, Language, message
from maps.safe_text import clean
from maps.times import moment_words
from maps.view import JourneyView, WeatherKind, WeatherView
from maps.words import place_words

__all__ = ["MapWords", "WeatherWords", "map_words"]

WEATHER_WORDS: dict[WeatherKind, str] = {
    WeatherKind.RAIN: message("Heavy rain expected"),
    WeatherKind.SNOW: message("Snow expected"),
    WeatherKind.ICE: message("Icy roads expected"),
    WeatherKind.WIND: message("Strong wind expected"),
    WeatherKind.FOG: message("Fog expected"),
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
    zoom_in: str
    zoom_out: str
    close: str
    zone: str
    weather: tuple[WeatherWords, ...]

    def for_script(self) -> dict[str, Any]:
        """Give plain data for the page's JSON block; the weather's words travel beside its places."""
        return {name: value for name, value in asdict(self).items() if name != "weather"}


def map_words(view: JourneyView, *, language: Language = ENGLISH) -> MapWords:
    """Give the words of a journey's map in a language."""
    return MapWords(
        stop=language.say("Stop {number}", number="{number}"),
        play=language.say("Play the journey"),
        pause=language.say("Pause"),
        moment=language.say("Moment of the journey"),
        now=language.say("now"),
        forecast=language.say("forecast"),
        probably=language.say("Probably here"),
        zoom_in=language.say("Zoom in"),
        zoom_out=language.say("Zoom out"),
        close=language.say("Close"),
        zone=clean(view.timezone, longest=60) or "UTC",
        weather=tuple(weather_words(weather, view, language) for weather in view.weather),
    )


def weather_words(weather: WeatherView, view: JourneyView, language: Language) -> WeatherWords:
    stop = view.stops[weather.stop]
    place = place_words(stop.kind, clean(stop.city, longest=60), clean(stop.region, longest=40), language=language)
    moment = moment_words(weather.at, stop.timezone, view.seen_at, language=language)
    return WeatherWords(
        weather.kind.value, language.say(WEATHER_WORDS[weather.kind]), language.say("{place}, {moment}", place=place, moment=moment)
    )
