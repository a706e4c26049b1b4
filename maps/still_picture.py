"""Draw a journey as a still picture for mails and link previews: PNG and SVG, by geopandas and matplotlib.

Only matplotlib's objects are used, never ``pyplot``: no window, no figure that somebody must close, nothing shared between threads. A point is 1/72
inch, so a picture of 72 dots an inch has one dot for each point. Text is drawn as shapes with ``parse_math`` off: nothing in it is obeyed.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from data.domain.errors import InvalidFact
from maps.alt_text import alt_text
from maps.brand import NO_BRAND, Brand
from maps.journey_page import JourneyPage
from maps.palette import DARK, LIGHT
from maps.still_card import Card, card
from maps.still_frame import Box, Points, StillFrame, fit, ground
from maps.still_labels import stop_labels, town_labels
from maps.still_svg import harmless_svg
from maps.still_text import font
from maps.times import moment_words
from maps.view import JourneyView, LegState, StopState
from maps.words import DOOR

__all__ = ["SIZES", "THEMES", "StillSize", "check_choice", "draw", "drawn_at", "png", "svg"]

THEMES: dict[str, Mapping[str, str]] = {"light": LIGHT, "dark": DARK}

MOOD_COLOURS = {"moving": "accent", "good": "good", "wait": "soft", "trouble": "bad"}

HOUSE = ((-9.0, 0.0), (0.0, 8.5), (9.0, 0.0), (6.2, 0.0), (6.2, -7.8), (-6.2, -7.8), (-6.2, 0.0))
MARK = ((0.0, -9.0), (0.0, 4.0), (2.0, 8.0), (6.0, 9.5), (9.0, 9.5), (13.0, 8.0), (15.0, 4.0), (15.0, -9.0))
"""The door of the brand, as the page has it."""

STEP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class StillSize:
    """Describe a size: points, dots for each point, the card's place and the part that is left for the journey."""

    width: int
    height: int
    dots_per_point: float
    card: Box
    free: Box
    text_scale: float = 1.0


WIDE = StillSize(1200, 630, 1.0, (32, 32, 492, 598), (520, 28, 1176, 602))

SIZES: dict[str, StillSize] = {
    "link": WIDE,
    "mail": StillSize(640, 800, 1.0, (20, 20, 620, 440), (16, 460, 624, 788), 1.1),
    "large": StillSize(WIDE.width, WIDE.height, 2.0, WIDE.card, WIDE.free),
}
"""``link`` is the size that link previews ask for (1.91:1), ``mail`` stands in one column of a phone, ``large`` is for paper."""


def drawn_at(seen_at: datetime) -> datetime:
    """Give the moment that a picture names: the quarter of an hour before, so that pictures can be kept for as long."""
    return seen_at - (seen_at - datetime.min.replace(tzinfo=seen_at.tzinfo)) % STEP


def png(view: JourneyView, page: JourneyPage, *, size: str = "link", theme: str = "light", brand: Brand = NO_BRAND) -> bytes:
    """Give the picture as PNG, in the colours of ``brand``. Raises `InvalidFact` for a size or theme that does not exist."""
    canvas = FigureCanvasAgg(draw(view, page, size=size, theme=theme, brand=brand))
    canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib is typed in part
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")  # type: ignore[no-untyped-call]
    # The palette and its soft edges need few colours: 128 make the file a third as large and are written in half the time.
    few = drawn.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    about, written = PngInfo(), io.BytesIO()
    about.add_itxt("Description", alt_text(page))
    few.save(written, "png", pnginfo=about)
    return written.getvalue()


def svg(view: JourneyView, page: JourneyPage, *, size: str = "link", theme: str = "light", brand: Brand = NO_BRAND) -> bytes:
    """Give the picture as SVG with its description; raises as `png` does."""
    made, written = draw(view, page, size=size, theme=theme, brand=brand), io.BytesIO()
    made.dpi = 72
    FigureCanvasSVG(made).print_svg(written)  # type: ignore[no-untyped-call]
    return harmless_svg(written.getvalue(), title=page.title, description=alt_text(page), language=page.language.code)


def check_choice(size: str, theme: str) -> None:
    """Refuse a size or theme that does not exist (`InvalidFact`)."""
    if size not in SIZES or theme not in THEMES:
        raise InvalidFact(
            f"no picture has size {size[:40]!r} and theme {theme[:40]!r}; sizes are {', '.join(SIZES)}, themes light and dark."
        )


def draw(view: JourneyView, page: JourneyPage, *, size: str, theme: str, brand: Brand = NO_BRAND) -> Figure:
    """Give the figure of a journey. ``page`` brings the words and their language, ``brand`` the accent."""
    check_choice(size, theme)
    asked, colours = SIZES[size], coloured(theme, brand)
    made = Figure(figsize=(asked.width / 72, asked.height / 72), dpi=72 * asked.dots_per_point, facecolor=colours["sea"])
    frame = fit(view, asked.width, asked.height, asked.free)
    seen_at = moment_words(drawn_at(view.seen_at), view.timezone, view.seen_at, language=page.language)
    words = card(view, page, asked.card, seen_at=seen_at, scale=asked.text_scale)
    board = Board(made, colours, colours[MOOD_COLOURS.get(page.mood, "accent")])
    draw_ground(board, frame)
    draw_way(board, view, frame)
    draw_names(board, view, frame, asked)
    draw_card(board, asked.card, words)
    return made


def coloured(theme: str, brand: Brand) -> Mapping[str, str]:
    """Give the palette of a theme with the shop's accent, where it has one for that theme."""
    accent = brand.accent_dark if theme == "dark" else brand.accent_light
    return {**THEMES[theme], "accent": accent} if accent else THEMES[theme]


class Board:
    """Put shapes into a figure, in points from its lower left corner; what comes later lies above."""

    def __init__(self, figure: Figure, colours: Mapping[str, str], mood: str) -> None:
        self.figure = figure
        self.colours = {**colours, "mood": mood}
        self.points: Transform = Affine2D().scale(1 / 72) + figure.dpi_scale_trans
        self.height = 0

    def add(self, artist: Artist, *, own_place: bool = False) -> None:
        """Add a shape whose places are points; ``own_place`` for one that knows them already (collections with offsets)."""
        if not own_place:
            artist.set_transform(self.points)
        self.height += 1
        artist.set_zorder(self.height)
        self.figure.add_artist(artist)

    def lines(self, parts: list[Points], colour: str, width: float, **style: object) -> None:
        """Add lines of one colour of the palette."""
        if parts:
            self.add(LineCollection(parts, colors=self.colours[colour], linewidths=width, **style))  # type: ignore[arg-type]

    def text(self, text: str, x: float, y: float, size: float, colour: str, *, bold: bool = False, **place: object) -> None:
        """Add one line of text; it is never read as a formula."""
        self.add(
            Text(x, y, text, color=self.colours[colour], fontproperties=font(size, bold=bold), parse_math=False, usetex=False, **place)  # type: ignore[arg-type]
        )


def draw_ground(board: Board, frame: StillFrame) -> None:
    layers = ground(frame)
    for layer, fill in (("land", "land"), ("lakes", "sea")):
        if layers[layer]:
            colours = board.colours
            board.add(PolyCollection(layers[layer], facecolors=colours[fill], edgecolors=colours["border"], linewidths=0.7))
    board.lines(layers["states"], "state", 0.9)
    board.lines(layers["countries"], "border", 1.4)


def draw_way(board: Board, view: JourneyView, frame: StillFrame) -> None:
    if view.door:
        x, y = frame.at(view.door.lat, view.door.lon)
        radius = max(15.0, frame.radius(view.door.radius_km, view.door.lat))
        forecast = board.colours["forecast"]
        board.add(Circle((x, y), radius, facecolor=forecast, alpha=0.16, linewidth=0))
        board.add(Circle((x, y), radius, fill=False, edgecolor=forecast, linewidth=1.6, linestyle=(0, (2, 2.4))))
    for number, band in enumerate(view.position.bands if view.position else ()):
        board.lines(frame.lines([band.line]), "forecast", 20, alpha=0.45 if number else 0.3, capstyle="round", joinstyle="round")
    for state in (LegState.FORECAST, LegState.HAPPENED):
        parts = frame.lines(leg.line for leg in view.legs if leg.state is state and len(leg.line) > 1)
        board.lines(parts, "card", 8, alpha=0.85, capstyle="round", joinstyle="round")
        if state is LegState.FORECAST:
            board.lines(parts, "forecast", 4.2, linestyles=[(0, (2.3, 1.7))], joinstyle="round")
        else:
            board.lines(parts, "accent", 4.6, capstyle="round", joinstyle="round")
    for stop in view.stops:
        if stop.lat is not None and stop.lon is not None:
            draw_stop(board, frame.at(stop.lat, stop.lon), stop.state, door=stop.kind == DOOR)


def draw_stop(board: Board, at: tuple[float, float], state: StopState, *, door: bool) -> None:
    colours = board.colours
    if door:
        fill = colours["good"] if state is not StopState.AHEAD else colours["forecast"]
        shape = [(at[0] + x, at[1] + y) for x, y in HOUSE]
        board.add(PolyCollection([shape], facecolors=fill, edgecolors=colours["card"], linewidths=1.8, joinstyle="round"))
        return
    fill, edge, radius, width = {
        StopState.PASSED: (colours["accent"], colours["card"], 6.0, 2.0),
        StopState.HERE: (colours["card"], colours["accent"], 8.5, 5.0),
        StopState.AHEAD: (colours["card"], colours["forecast"], 6.0, 2.8),
    }[state]
    board.add(Circle(at, radius, facecolor=fill, edgecolor=edge, linewidth=width))


def draw_names(board: Board, view: JourneyView, frame: StillFrame, asked: StillSize) -> None:
    halo = [withStroke(linewidth=3.5, foreground=board.colours["land"])]
    left, bottom, right, top = asked.free
    edges = (left - 12, bottom - 12, right + 12, top + 12)
    labels, room = stop_labels(view, frame, edges, 17 * asked.text_scale)
    for label, (x, y) in town_labels(frame, room, 13 * asked.text_scale, [label.text for label in labels]):
        board.add(Circle((x, y), 1.8, facecolor=board.colours["town"], linewidth=0))
        board.text(label.text, label.x, label.y, 13 * asked.text_scale, "town", va="center_baseline", path_effects=halo)
    for label in labels:
        board.text(label.text, label.x, label.y, 17 * asked.text_scale, "ink", bold=True, va="center_baseline", path_effects=halo)


def draw_card(board: Board, box: Box, words: Card) -> None:
    left, bottom, right, top = box
    colours = board.colours
    shape = {"width": right - left, "height": top - bottom, "boxstyle": "round,pad=0,rounding_size=18"}
    board.add(FancyBboxPatch((left, bottom), facecolor=colours["card"], edgecolor=colours["line"], linewidth=1.5, **shape))  # type: ignore[arg-type]
    for kind, x, y in words.key:
        if kind == "brand":
            start = x - 19 if words.lines[0].from_right else x
            outline = Line2D(*zip(*((start + 2 + dx, y + dy) for dx, dy in (*MARK, MARK[0])), strict=True), color=colours["accent"])
            outline.set(linewidth=3, solid_joinstyle="round")
            board.add(outline)
            board.add(Circle((start + 12, y - 1.5), 2.4, facecolor=colours["forecast"], linewidth=0))
        elif kind == "door":
            board.add(Circle((x + 15, y), 9, facecolor="none", edgecolor=colours["forecast"], linewidth=1.8, linestyle=(0, (1.6, 1.8))))
        else:
            sample = Line2D((x, x + 30), (y, y), color=colours["accent" if kind == "happened" else "forecast"], linewidth=4.5)
            sample.set(linestyle=(0, (2, 1.4)) if kind == "forecast" else "solid", solid_capstyle="butt")
            board.add(sample)
    for line in words.lines:
        place = {"ha": "right"} if line.from_right else {}
        board.text(line.text, line.x, line.y, line.size, line.colour, bold=line.bold, **place)
