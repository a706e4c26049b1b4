"""Time the journey page beside the same journey made of plain folium markers and polylines, in one run: ``python -m tests.benchmarks.map_speed``.

The journey has 12 stops and three legs of 200 points (the page draws every leg between its stops; three of them carry 200 points). Both
sides start from the same view and end with the HTML of a whole page; folium's carries popups with the same words, no basemap and no list. Times are of the
processor, so that a busy machine changes them little. The journey is drawn again and again, as open pages ask for it: the paths of its picture are kept.
"""

import gzip
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import folium
from branca.element import MacroElement

from maps.geometry import great_circle
from maps.page import journey_context
from maps.page_words import page_words
from maps.templating import STATIC_FOLDER
from maps.view import JourneyView, LegState, LegView, StopState, StopView
from serving.pages.head_facts import head_facts
from serving.pages.rendering import pages_environment
from serving.pages.track import MAP_ASSETS, RENEW_SECONDS
from tests.maps.journeys import stages

ROUNDS, TURN = 300, 20
CITIES = (
    ("Los Angeles", "CA", 34.05, -118.24),
    ("Phoenix", "AZ", 33.45, -112.07),
    ("Albuquerque", "NM", 35.08, -106.65),
    ("Amarillo", "TX", 35.22, -101.83),
    ("Oklahoma City", "OK", 35.47, -97.52),
    ("Little Rock", "AR", 34.75, -92.29),
    ("Memphis", "TN", 35.15, -90.05),
    ("Nashville", "TN", 36.16, -86.78),
    ("Columbus", "OH", 39.96, -83.0),
    ("Pittsburgh", "PA", 40.44, -80.0),
    ("Newark", "NJ", 40.73, -74.17),
    ("Brooklyn", "NY", 40.65, -73.95),
)


def long_journey() -> JourneyView:
    """Give a journey of 12 stops with three winding legs of 200 points."""
    base = stages()["moving"]
    draw = random.Random(1)
    stops = []
    for number, (city, region, lat, lon) in enumerate(CITIES):
        at = base.seen_at + timedelta(hours=6 * (number - 6))
        passed = number < 7
        kind = "door" if number == len(CITIES) - 1 else "hub"
        stops.append(
            StopView(
                kind,
                city,
                region,
                lat,
                lon,
                "America/New_York",
                StopState.PASSED if passed else StopState.AHEAD,
                planned_at=at,
                estimated_at=None if passed else at + timedelta(hours=1),
                arrived_at=at if passed else None,
                departed_at=at + timedelta(hours=1) if passed else None,
            )
        )
    legs = []
    for number in range(len(stops) - 1):
        start, end = CITIES[number][2:], CITIES[number + 1][2:]
        line = great_circle(start, end)
        if number in {2, 5, 8}:
            line = tuple(
                (
                    start[0] + (end[0] - start[0]) * step / 199 + draw.uniform(-0.03, 0.03),
                    start[1] + (end[1] - start[1]) * step / 199 + draw.uniform(-0.03, 0.03),
                )
                for step in range(200)
            )
            line = tuple((round(lat, 4), round(lon, 4)) for lat, lon in line)
        legs.append(LegView(number, number + 1, LegState.HAPPENED if number < 6 else LegState.FORECAST, "road", line))
    return replace(base, stops=tuple(stops), legs=tuple(legs), position=None)


def ours(view: JourneyView) -> str:
    """Give the whole page as the server does."""
    addresses = dict.fromkeys(MAP_ASSETS, "/static/x")
    address = "http://127.0.0.1:8000/track/token"
    made = journey_context(view)
    live = {"renew_seconds": RENEW_SECONDS, "asks_every": "2 min", "seen": 1}
    context = {**made.as_dict(), **head_facts(view, made.page, address), "map_assets": addresses, **live, "back": None}
    return pages_environment(None).get_template("track.html.jinja").render(**context, nonce="n")


def plain_folium(view: JourneyView) -> str:
    """Give the same journey as anybody would draw it with folium."""
    words = page_words(view)
    drawn = folium.Map(location=(38, -95), zoom_start=4, tiles=None)
    for leg in view.legs:
        dashes = {} if leg.state is LegState.HAPPENED else {"dash_array": "9 8"}
        folium.PolyLine(leg.line, weight=4, **dashes).add_to(drawn)
    for stop, said in zip(view.stops, words.stops, strict=True):
        popup = folium.Popup("<br>".join([said.title, *said.lines, said.zone]), max_width=260)
        folium.Marker((stop.lat, stop.lon), popup=popup, tooltip=said.title).add_to(drawn)
    return drawn.get_root().render()


def timed(make: Callable[[JourneyView], str], view: JourneyView) -> float:
    began = time.process_time()
    make(view)
    return (time.process_time() - began) * 1000


def first_view_bytes(html: str) -> int:
    """Give what a first view carries, compressed: the page, its styles and its script (the map comes when it is opened)."""
    files = [STATIC_FOLDER / name for name in ("page.css", "journey.css", "journey-page.js")]
    return sum(len(gzip.compress(text, 6)) for text in (html.encode(), *(Path(file).read_bytes() for file in files)))


def main() -> None:
    """Print p50 and p99 of both sides, their ratio, and the size of the page."""
    view = long_journey()
    as_it_comes = MacroElement.render
    plain_folium(view)
    html = ours(view)
    protected = MacroElement.render
    ours_ms, theirs_ms = [], []
    for _ in range(
        ROUNDS // TURN
    ):  # by turns, so that a busy machine slows both alike; folium is timed without what our pages replace in branca
        MacroElement.render = as_it_comes
        theirs_ms += [timed(plain_folium, view) for _ in range(TURN)]
        MacroElement.render = protected
        ours_ms += [timed(ours, view) for _ in range(TURN)]
    print(f"{'':24}{'p50 ms':>10}{'p99 ms':>10}")
    for name, taken in (("journey page", ours_ms), ("plain folium", theirs_ms)):
        print(f"{name:24}{statistics.median(taken):10.2f}{statistics.quantiles(taken, n=100)[98]:10.2f}")
    ratio50 = statistics.median(theirs_ms) / statistics.median(ours_ms)
    ratio99 = statistics.quantiles(theirs_ms, n=100)[98] / statistics.quantiles(ours_ms, n=100)[98]
    print(f"folium takes {ratio50:.1f} times as long at p50, {ratio99:.1f} at p99 (must: 10)")
    print(f"page {len(html.encode()) / 1000:.1f} kB, {len(gzip.compress(html.encode(), 6)) / 1000:.1f} kB compressed (must: 40)")
    print(f"first view {first_view_bytes(html) / 1000:.1f} kB compressed, without the basemap (must: 100)")


if __name__ == "__main__":
    main()
